import { describe, expect, it } from 'vitest';
import { describeResource } from './resource-metadata.ts';

const FACTS = {
  issuer: 'https://id.example/realms/a',
  audience: ['urn:x', 'https://api.example/orders'],
  dpopAlgorithms: ['ES256'],
  boundTo: undefined,
};

describe('RFC 9728 §2', () => {
  it('an API says what it is and what it enforces', () => {
    expect(
      describeResource({ name: 'Orders', documentation: 'https://d', scopes: ['read'] }, FACTS)
        .document,
    ).toEqual({
      resource: 'https://api.example/orders',
      authorization_servers: ['https://id.example/realms/a'],
      bearer_methods_supported: ['header'],
      scopes_supported: ['read'],
      resource_name: 'Orders',
      resource_documentation: 'https://d',
      dpop_signing_alg_values_supported: ['ES256'],
      dpop_bound_access_tokens_required: false,
    });
  });

  it.each([
    ['dpop', { dpop_bound_access_tokens_required: true }],
    ['certificate', { tls_client_certificate_bound_access_tokens: true }],
  ] as const)('that tokens have to be bound by %s is said', (boundTo, said) => {
    expect(describeResource({}, { ...FACTS, boundTo }).document).toMatchObject(said);
  });

  it('without proofs there are no algorithms of proofs', () => {
    const { document } = describeResource({}, { ...FACTS, dpopAlgorithms: undefined });
    expect(document).not.toHaveProperty('dpop_signing_alg_values_supported');
  });
});

describe('RFC 9728 §3.1', () => {
  it.each([
    ['https://a.example', 'https://a.example/.well-known/oauth-protected-resource'],
    ['https://a.example/', 'https://a.example/.well-known/oauth-protected-resource'],
    ['https://a.example/b/c', 'https://a.example/.well-known/oauth-protected-resource/b/c'],
    ['http://localhost:1/b/', 'http://localhost:1/.well-known/oauth-protected-resource/b/'],
  ])('the metadata of %s is at %s', (identifier, url) => {
    const metadata = describeResource({ identifier }, FACTS);
    expect(metadata.url).toBe(url);
    expect(metadata.path).toBe(new URL(url).pathname);
    expect(metadata.document['resource']).toBe(identifier);
  });

  it.each(['urn:api', 'api.example', 'https://a.example?x', 'https://u@a.example'])(
    '%s is no address',
    (identifier) => {
      expect(() => describeResource({ identifier }, FACTS)).toThrow(TypeError);
    },
  );
});
