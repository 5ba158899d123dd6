import { expect, it } from 'vitest';
import type { Plan } from './plan.ts';

const ALLOWED = ['PS256', 'ES256', 'EdDSA', 'Ed25519'];

export function discoveryEndPointVerification(plan: Plan): void {
  it('the metadata are where the issuer says, and the issuer is theirs', async () => {
    const metadata = await plan.metadata();
    expect(metadata['issuer']).toBe(plan.realm.issuer);
    expect(plan.realm.issuer).toMatch(/^https:\/\/[^?#]+$/);
    expect(metadata['token_endpoint']).toMatch(/^https:/);
  });

  it('clients authenticate by what the profile allows, and by nothing else', async () => {
    const metadata = await plan.metadata();
    expect(metadata['token_endpoint_auth_methods_supported']).toEqual([
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
    ]);
    const algorithms = metadata['token_endpoint_auth_signing_alg_values_supported'] as string[];
    expect(algorithms.filter((one) => !ALLOWED.includes(one))).toEqual([]);
    expect(algorithms.length).toBeGreaterThan(0);
  });

  it('tokens can be bound', async () => {
    const metadata = await plan.metadata();
    const algorithms = metadata['dpop_signing_alg_values_supported'] as string[];
    expect(algorithms).toEqual(ALLOWED);
    expect(metadata['tls_client_certificate_bound_access_tokens']).toBe(true);
    expect(metadata['mtls_endpoint_aliases']).toMatchObject({
      token_endpoint: expect.stringMatching(/^https:.*\/access_token$/),
    });
  });

  it('the grant is advertised, and scopes obey their grammar', async () => {
    const metadata = await plan.metadata();
    expect(metadata['grant_types_supported']).toContain('client_credentials');
    for (const scope of (metadata['scopes_supported'] ?? []) as string[])
      expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
  });
}
