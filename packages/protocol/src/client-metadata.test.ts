import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOKEN_ENDPOINT_AUTH_METHODS } from './client.ts';
import { type RegistrationRules, readClientMetadata } from './client-metadata.ts';
import { ASSERTION_ALGORITHMS, SYMMETRIC_ALGORITHMS } from './jws-algorithm.ts';

/* Shows RFC 7591 §2, §2.2, RFC 7592 §2.2, RFC 8705 §2.1.2, §3.4, RFC 9449 §5.2. */

const RULES: RegistrationRules = {
  grantTypes: ['client_credentials'],
  methods: TOKEN_ENDPOINT_AUTH_METHODS,
  algorithms: [...ASSERTION_ALGORITHMS, ...SYMMETRIC_ALGORITHMS],
  scopes: ['read', 'write'],
};

/** RFC 7517 App. A.1 */
const EC = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
};
const jwks = { keys: [{ ...EC, kid: 'one' }] };
const byKey = { token_endpoint_auth_method: 'private_key_jwt', jwks };
const byName = { token_endpoint_auth_method: 'tls_client_auth' };

const read = (document: unknown, rules: Partial<RegistrationRules> = {}) =>
  readClientMetadata(document, { ...RULES, ...rules });

const memberAtFault = (document: unknown, rules: Partial<RegistrationRules> = {}) => {
  const outcome = read(document, rules);
  if (outcome.ok) return undefined;
  return outcome.refusal.reason === 'client_metadata_invalid'
    ? outcome.refusal.member
    : outcome.refusal.reason;
};

describe('RFC 7591 §2 client metadata', () => {
  it('§2 nothing but an object is a client with a secret, this grant and all scopes', () => {
    expect(read({})).toEqual({
      ok: true,
      value: {
        name: undefined,
        about: {},
        grantTypes: ['client_credentials'],
        method: 'client_secret_basic',
        assertionAlgorithm: undefined,
        scope: ['read', 'write'],
        keys: [],
        jwksUri: undefined,
        certificateSubject: undefined,
        tokenBinding: 'optional',
        redirectUris: [],
      },
    });
  });

  it('§2 unknown members are ignored, and the name of a prototype is none of a member', () => {
    const text =
      '{"__proto__":{"client_name":"x"},"constructor":1,"client_id":"c","enabled":false}';
    const outcome = read(JSON.parse(text));
    expect(outcome).toEqual(read({}));
    expect(({} as Record<string, unknown>)['client_name']).toBeUndefined();
  });

  it.each([
    ['body', null],
    ['body', []],
    ['body', 'text'],
    ['grant_types', { grant_types: [] }],
    ['grant_types', { grant_types: 'client_credentials' }],
    ['grant_types', { grant_types: ['authorization_code'] }],
    ['grant_types', { grant_types: ['client_credentials', 'implicit'] }],
    ['response_types', { response_types: ['code'] }],
    ['token_endpoint_auth_method', { token_endpoint_auth_method: 'none' }],
    ['token_endpoint_auth_method', { token_endpoint_auth_method: 'constructor' }],
    ['token_endpoint_auth_method', { token_endpoint_auth_method: 1 }],
    ['token_endpoint_auth_signing_alg', { ...byKey, token_endpoint_auth_signing_alg: 'none' }],
    ['token_endpoint_auth_signing_alg', { ...byKey, token_endpoint_auth_signing_alg: 'HS256' }],
    [
      'token_endpoint_auth_signing_alg',
      { token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: 'ES256' },
    ],
    ['jwks', { ...byKey, token_endpoint_auth_signing_alg: 'PS256' }],
    ['scope', { scope: 'read admin' }],
    ['scope', { scope: '' }],
    ['scope', { scope: ['read'] }],
    ['scope', { scope: 'read  write' }],
    ['jwks', { ...byKey, jwks_uri: 'https://a.example/jwks' }],
    ['jwks', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['jwks', { ...byKey, jwks: { keys: [] } }],
    ['jwks', { ...byKey, jwks: { keys: [{ ...EC, d: 'AQ' }] } }],
    ['jwks', { ...byKey, jwks: { keys: [{ kty: 'oct', k: 'AQ' }] } }],
    [
      'jwks',
      {
        ...byKey,
        jwks: {
          keys: [
            { ...EC, kid: 'a' },
            { ...EC, kid: 'a' },
          ],
        },
      },
    ],
    [
      'jwks',
      { ...byKey, jwks: { keys: Array.from({ length: 21 }, (_, i) => ({ ...EC, kid: `${i}` })) } },
    ],
    ['jwks', { jwks: { keys: [{ ...EC, d: 'AQ' }] } }],
    ['jwks_uri', { ...byKey, jwks: undefined, jwks_uri: 7 }],
    ['jwks', { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks }],
    ['jwks', { token_endpoint_auth_method: 'self_signed_tls_client_auth' }],
    ['tls_client_auth_subject_dn', byName],
    ['tls_client_auth_san_dns', { ...byName, tls_client_auth_san_dns: '*.example.com' }],
    [
      'tls_client_auth_san_uri',
      { ...byName, tls_client_auth_san_dns: 'a.example', tls_client_auth_san_uri: 'https://a' },
    ],
    ['tls_client_auth_subject_dn', { ...byName, tls_client_auth_subject_dn: '/C=GB/CN=old' }],
    ['dpop_bound_access_tokens', { dpop_bound_access_tokens: 'true' }],
    [
      'dpop_bound_access_tokens',
      { dpop_bound_access_tokens: true, tls_client_certificate_bound_access_tokens: true },
    ],
    ['redirect_uri_invalid', { redirect_uris: ['/relative'] }],
    ['redirect_uri_invalid', { redirect_uris: ['https://a.example/#fragment'] }],
    ['redirect_uri_invalid', { redirect_uris: ['javascript:alert(1)'] }],
    ['redirect_uri_invalid', { redirect_uris: 'https://a.example/' }],
    ['client_name', { client_name: '' }],
    ['client_name', { client_name: 'a\r\nb' }],
    ['client_name', { client_name: 'abc\u202egpj.exe' }],
    ['client_name', { client_name: 'x'.repeat(101) }],
    ['client_name', { 'client_name#ja': 'a\u0000' }],
    ['client_uri', { client_uri: 'javascript:alert(1)' }],
    ['logo_uri', { logo_uri: 'data:image/png;base64,AA' }],
    ['tos_uri', { tos_uri: 'https://user@a.example/' }],
    ['policy_uri', { policy_uri: `https://a.example/${'x'.repeat(2000)}` }],
    ['contacts', { contacts: 'ada@example.com' }],
    ['contacts', { contacts: Array.from({ length: 11 }, () => 'a') }],
    ['software_id', { software_id: {} }],
  ])('§2 %s is wrong in %j', (member, document) => {
    expect(memberAtFault(document)).toBe(member);
  });

  it('§2 the profile of the realm decides on methods, algorithms and grant types', () => {
    const fapi = { methods: ['private_key_jwt'], algorithms: ['PS256'] } as const;
    expect(memberAtFault({}, fapi)).toBe('token_endpoint_auth_method');
    expect(memberAtFault(byKey, fapi)).toBe('jwks');
    expect(memberAtFault({}, { grantTypes: [] })).toBe('grant_types');
  });

  it('§2 keys are kept by value, without members that are not known', () => {
    const outcome = read({ ...byKey, jwks: { keys: [{ ...EC, kid: 'one', odd: 1 }] } });
    expect(outcome).toMatchObject({ ok: true, value: { keys: [{ ...EC, kid: 'one' }] } });
    expect(JSON.stringify(outcome)).not.toContain('odd');
  });

  it('§2 keys that the method does not go by are not kept', () => {
    expect(read({ jwks })).toEqual(read({}));
    expect(read({ jwks_uri: 'https://a.example/jwks' })).toEqual(read({}));
  });

  it('RFC 8705 §2.1.2 one of five names is the subject', () => {
    const outcome = read({ ...byName, tls_client_auth_subject_dn: 'CN=a,  O=b' });
    expect(outcome).toMatchObject({
      ok: true,
      value: { certificateSubject: { kind: 'subject_dn', value: 'CN=a,O=b' } },
    });
  });

  it.each([
    ['dpop', { dpop_bound_access_tokens: true }],
    ['certificate', { tls_client_certificate_bound_access_tokens: true }],
    ['optional', { dpop_bound_access_tokens: false }],
  ])('RFC 9449 §5.2, RFC 8705 §3.4 tokens are bound: %s', (tokenBinding, document) => {
    expect(read(document)).toMatchObject({ ok: true, value: { tokenBinding } });
  });

  it('§2.2 texts in other languages are kept as they are, HTML among them', () => {
    const about = {
      'client_name#ja-Hani-JP': 'クライアント',
      'client_uri#de': 'https://a.example/de',
    };
    const outcome = read({
      client_name: '<b>Ada</b>',
      ...about,
      'scope#de': 'lesen',
      contacts: ['a'],
    });
    expect(outcome).toMatchObject({ ok: true, value: { name: '<b>Ada</b>' } });
    expect(outcome.ok && outcome.value.about).toEqual({ ...about, contacts: ['a'] });
  });

  it('§2.2 no more than twenty of them', () => {
    const many = Object.fromEntries(
      Array.from({ length: 21 }, (_, i) => [`client_name#x-${i}`, 'a']),
    );
    expect(memberAtFault(many)).toBe('client_name');
  });

  it('RFC 7592 §2.2 a member that is null is left out', () => {
    const nothing = {
      grant_types: null,
      scope: null,
      jwks: null,
      client_name: null,
      contacts: null,
    };
    expect(read(nothing)).toEqual(read({}));
  });

  it('whatever is sent, it is read or refused, and what was read is the same again', () => {
    const member = fc.constantFrom(
      'grant_types',
      'token_endpoint_auth_method',
      'scope',
      'jwks',
      'jwks_uri',
      'contacts',
      'client_name',
      'client_name#ja',
      'redirect_uris',
      'dpop_bound_access_tokens',
      '__proto__',
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('private_key_jwt', 'read', 'read write', jwks, ['client_credentials'], true),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(member, fc.string()), value), (document) => {
        const outcome = read(document);
        expect(read(JSON.parse(JSON.stringify(document)))).toEqual(outcome);
        if (!outcome.ok) return;
        expect(outcome.value.scope.every((one) => RULES.scopes.includes(one))).toBe(true);
        expect(outcome.value.method).not.toBe('none');
      }),
    );
  });
});
