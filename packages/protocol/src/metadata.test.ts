import { describe, expect, test } from 'vitest';
import { ASSERTION_ALGORITHMS, SYMMETRIC_ALGORITHMS } from './jws-algorithm.ts';
import { describeMetadata } from './metadata.ts';

const REALM = {
  issuer: 'https://as.example/am/oauth2/realms/root/realms/alpha',
  grantTypes: ['client_credentials', 'authorization_code'],
  scopes: ['read', 'write'],
  detailTypes: ['payment'],
  introspectionAlgorithms: ['ES256' as const],
  securityProfile: 'standard' as const,
};

const METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
];

const ALGORITHMS = [...ASSERTION_ALGORITHMS, ...SYMMETRIC_ALGORITHMS];

describe('§2 metadata', () => {
  test('§2 registration is advertised by realms that have it, and documents likewise', () => {
    const realm = { ...REALM, registersClients: true, believesDocuments: true };
    expect(describeMetadata(realm)).toMatchObject({
      registration_endpoint: `${REALM.issuer}/register`,
      client_id_metadata_document_supported: true,
    });
  });

  test('§2 says what is enforced, under the issuer', () => {
    expect(describeMetadata(REALM)).toEqual({
      issuer: REALM.issuer,
      authorization_endpoint: `${REALM.issuer}/authorize`,
      token_endpoint: `${REALM.issuer}/access_token`,
      introspection_endpoint: `${REALM.issuer}/introspect`,
      revocation_endpoint: `${REALM.issuer}/token/revoke`,
      jwks_uri: `${REALM.issuer}/connect/jwk_uri`,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: METHODS,
      token_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
      introspection_endpoint_auth_methods_supported: METHODS,
      introspection_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
      revocation_endpoint_auth_methods_supported: METHODS,
      revocation_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
      dpop_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
      introspection_signing_alg_values_supported: ['ES256'],
      scopes_supported: ['read', 'write'],
      authorization_details_types_supported: ['payment'],
      response_types_supported: [],
    });
  });

  test('§2 follows the security profile', () => {
    const metadata = describeMetadata({ ...REALM, securityProfile: 'fapi2' });
    expect(metadata).toMatchObject({
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['PS256', 'ES256', 'EdDSA', 'Ed25519'],
    });
  });

  test('§3.2 has one empty array, on purpose, and nothing that is null', () => {
    const members = Object.entries(describeMetadata({ ...REALM, grantTypes: [], scopes: [] }));
    const empty = members.filter(([, value]) => Array.isArray(value) && value.length === 0);
    expect(empty.map(([name]) => name)).toEqual(['response_types_supported']);
    expect(members.filter(([, value]) => value === null || value === undefined)).toEqual([]);
  });
});

describe('RFC 8705 §5 where clients with a certificate go', () => {
  const base = 'https://mtls.as.example/am/oauth2/realms/root/realms/alpha';

  test('§5 the three endpoints are told again, at the address that asks for certificates', () => {
    const accepting = { ...REALM, acceptsCertificates: true, mtlsIssuer: base };
    expect(describeMetadata(accepting)).toMatchObject({
      token_endpoint: `${REALM.issuer}/access_token`,
      mtls_endpoint_aliases: {
        token_endpoint: `${base}/access_token`,
        introspection_endpoint: `${base}/introspect`,
        revocation_endpoint: `${base}/token/revoke`,
      },
    });
  });

  test('RFC 8705 §3.3 that tokens can be bound is told where certificates arrive, and only there', () => {
    const told = 'tls_client_certificate_bound_access_tokens';
    expect(describeMetadata({ ...REALM, acceptsCertificates: true })).toHaveProperty(told, true);
    expect(describeMetadata({ ...REALM, acceptsCertificates: false })).not.toHaveProperty(told);
    expect(describeMetadata(REALM)).not.toHaveProperty('mtls_endpoint_aliases');
  });
});
