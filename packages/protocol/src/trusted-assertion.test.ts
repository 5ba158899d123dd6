import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ASSERTION_SKEW } from './client-assertion.ts';
import { numericDate, seconds } from './time.ts';
import {
  type AssertionPurpose,
  checkTrustedAssertion,
  readTrustedAssertion,
  type TrustedAssertionExpectation,
} from './trusted-assertion.ts';

/* Shows RFC 7521 §3 and §5.2, RFC 8725 §3.10, §3.11 and §3.12, RFC 10070 §4. */

const ISSUER = 'https://as.example/am/oauth2/realms/root/realms/alpha';
const NOW = numericDate(1_700_000_000);

const CLAIMS = {
  iss: 'https://forge.example',
  sub: 'repo:acme/app:ref:refs/heads/main',
  aud: ISSUER,
  exp: NOW + 300,
  iat: NOW,
  jti: 'j1',
};

const SVID = { sub: 'spiffe://example.org/billing', aud: [ISSUER], exp: NOW + 300 };

const part = (value: string | object): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const assertion = (claims: object | string, header: object = { alg: 'RS256' }): string =>
  `${part(header)}.${part(claims)}.c2ln`;

const EXPECTED: TrustedAssertionExpectation = {
  algorithms: ['RS256'],
  audiences: [ISSUER],
  lifetimeMax: seconds(600),
  identifier: 'required',
};

const problemOf = (text: string, purpose: AssertionPurpose = 'client') => {
  const read = readTrustedAssertion(text, purpose);
  return read.ok ? undefined : read.refusal;
};

function check(claims: object, expectation: Partial<TrustedAssertionExpectation> = {}) {
  const read = readTrustedAssertion(assertion({ ...CLAIMS, ...claims }), 'client');
  if (!read.ok) throw new Error(`the assertion is refused: ${read.refusal.reason}`);
  return checkTrustedAssertion(read.value, { ...EXPECTED, ...expectation }, NOW);
}

const reasonOf = (claims: object, expectation?: Partial<TrustedAssertionExpectation>) => {
  const checked = check(claims, expectation);
  return checked.ok ? undefined : checked.refusal.reason;
};

describe('§3 reading what another issuer says', () => {
  test('§3 everything that it says is read, and all its claims are kept', () => {
    const claims = { ...CLAIMS, nbf: NOW - 1, repository: 'acme/app' };
    const text = assertion(claims, { alg: 'RS256', kid: 'k', typ: 'JWT' });
    expect(readTrustedAssertion(text, 'client')).toEqual({
      ok: true,
      value: {
        algorithm: 'RS256',
        keyId: 'k',
        issuer: CLAIMS.iss,
        trustDomain: undefined,
        subject: CLAIMS.sub,
        audience: ISSUER,
        expiresAt: NOW + 300,
        notBefore: NOW - 1,
        issuedAt: NOW,
        identifier: 'j1',
        claims,
        signingInput: text.slice(0, text.lastIndexOf('.')),
        signature: new Uint8Array(Buffer.from('sig')),
      },
    });
  });

  test('§3 a JWT-SVID needs no iss, and belongs to its trust domain with one', () => {
    for (const iss of [undefined, 'https://spire.example'])
      expect(readTrustedAssertion(assertion({ ...SVID, iss }), 'client')).toMatchObject({
        ok: true,
        value: { issuer: iss, trustDomain: 'spiffe://example.org', subject: SVID.sub },
      });
  });

  test.each([
    ['iss', [undefined, null, 1, '', 'i'.repeat(2049)]],
    ['sub', [undefined, null, 1, '', 's'.repeat(2049), ['s']]],
    ['aud', [undefined, null, 1, {}, [], [ISSUER, 1]]],
    ['exp', [undefined, null, `${NOW}`, -1]],
    ['nbf', [null, `${NOW}`, -0.5]],
    ['iat', [null, `${NOW}`, -1]],
    ['jti', [null, 1, '', 'j'.repeat(257)]],
  ])('§3 a claim %s of the wrong type is refused', (name, values) => {
    for (const value of values)
      expect(problemOf(assertion({ ...CLAIMS, [name]: value }))).toEqual({
        reason: 'assertion_malformed',
        part: name,
      });
  });

  test.each([
    'spiffe://example.org',
    'spiffe://Example.org/billing',
    'spiffe://example.org/../x',
    'https://example.org/billing',
  ])('§3 without iss, a subject that is no SPIFFE ID is nobody: %s', (sub) => {
    expect(problemOf(assertion({ ...SVID, sub }))).toEqual({
      reason: 'assertion_malformed',
      part: 'iss',
    });
  });

  test.each(['none', 'None', 'HS256', 'HS512', ''])('§3 the algorithm %j is refused', (alg) => {
    expect(problemOf(assertion(CLAIMS, { alg }))).toEqual({
      reason: 'assertion_algorithm_unsupported',
    });
  });

  test.each([1, null, '', 'k'.repeat(257)])('§3 the kid %j is refused', (kid) => {
    expect(problemOf(assertion(CLAIMS, { alg: 'RS256', kid }))).toEqual({
      reason: 'assertion_malformed',
      part: 'kid',
    });
  });

  test('§3.10 keys and addresses in the header are not looked at', () => {
    const header = { alg: 'RS256', jwk: { kty: 'oct' }, jku: 'https://evil.example', x5c: [] };
    const read = readTrustedAssertion(assertion(CLAIMS, header), 'client');
    expect(JSON.stringify(read)).not.toContain('evil');
  });

  test('§3 more than 16 KiB is refused before it is parsed', () => {
    const long = assertion({ ...CLAIMS, padding: 'p'.repeat(16 * 1024) });
    expect(problemOf(long)).toEqual({ reason: 'assertion_malformed', part: 'jwt' });
  });

  test('§3 no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (text, header, claims) => {
        const made = assertion(JSON.stringify(claims), Object(header));
        for (const tried of [text, made, assertion(JSON.stringify(claims))])
          expect(readTrustedAssertion(tried, 'grant').ok).toBeTypeOf('boolean');
      }),
    );
  });
});

describe('§3.11 the type says what it is for', () => {
  const typed = (typ: unknown, claims: object = CLAIMS) => assertion(claims, { alg: 'RS256', typ });

  test.each([undefined, 'JWT', 'jwt', 'application/JWT'])('§3.11 %s is for anything', (typ) => {
    for (const purpose of ['client', 'grant', 'software'] as const)
      expect(problemOf(typed(typ), purpose)).toBeUndefined();
  });

  test('§3.11 an explicit type is for one purpose alone', () => {
    const wrong = { reason: 'assertion_type_wrong' };
    for (const [typ, own] of [
      ['client-authentication+jwt', 'client'],
      ['authorization-grant+jwt', 'grant'],
    ] as const)
      for (const purpose of ['client', 'grant', 'software'] as const)
        expect(problemOf(typed(typ), purpose)).toEqual(purpose === own ? undefined : wrong);
  });

  test('§3.11 JOSE is a type of JWT-SVIDs and of nothing else', () => {
    expect(problemOf(typed('JOSE', SVID))).toBeUndefined();
    expect(problemOf(typed('JOSE'))).toEqual({ reason: 'assertion_type_wrong' });
  });

  test.each(['at+jwt', 'dpop+jwt', 'wit+jwt', 'logout+jwt', 'id_token+jwt', '', null, 1])(
    '§3.12 %j was made for another purpose',
    (typ) => {
      for (const purpose of ['client', 'grant', 'software'] as const)
        expect(problemOf(typed(typ), purpose)).toEqual({ reason: 'assertion_type_wrong' });
    },
  );
});

describe('§5.2 what the assertion of another issuer says', () => {
  test('§5.2 it is accepted, and its jti is to be remembered as long as it counts', () => {
    const value = { identifier: 'j1', expiresAt: NOW + 300 + ASSERTION_SKEW };
    expect(check({})).toEqual({ ok: true, value });
    expect(check({ exp: NOW + 299.2 })).toMatchObject({ ok: true, value });
  });

  test('§5.2 the algorithm is one of those of the issuer', () => {
    expect(reasonOf({}, { algorithms: ['ES256'] })).toBe('assertion_algorithm_not_allowed');
  });

  test.each([
    ['too late', { exp: NOW - ASSERTION_SKEW }, 'assertion_expired'],
    ['late, within the tolerance', { exp: NOW - ASSERTION_SKEW + 1 }, undefined],
    ['with the longest life', { exp: NOW + 600 }, undefined],
    ['with a longer one', { exp: NOW + 601 }, 'assertion_too_long_lived'],
    ['of a longer one, near its end', { exp: NOW + 1, iat: NOW - 600 }, 'assertion_too_long_lived'],
    ['without iat, near its end', { exp: NOW + 1, iat: undefined }, undefined],
    [
      'without iat, with a longer life',
      { exp: NOW + 601, iat: undefined },
      'assertion_too_long_lived',
    ],
    ['without end', { exp: 1e308 }, 'assertion_too_long_lived'],
    ['issued ahead to look shorter', { iat: NOW + 20, exp: NOW + 601 }, 'assertion_too_long_lived'],
    ['half a minute early', { iat: NOW + 30, nbf: NOW + 30 }, undefined],
    ['early by nbf', { nbf: NOW + 31 }, 'assertion_not_yet_valid'],
    ['early by iat', { iat: NOW + 31 }, 'assertion_not_yet_valid'],
    ['valid since long ago', { nbf: 0 }, undefined],
  ])('§5.2 an assertion %s', (_, claims, reason) => {
    expect(reasonOf(claims)).toBe(reason);
  });

  test('§5.2 a jti is required where an assertion is good for one time', () => {
    expect(reasonOf({ jti: undefined })).toBe('assertion_identifier_missing');
    expect(check({ jti: undefined }, { identifier: 'optional' })).toEqual({
      ok: true,
      value: undefined,
    });
  });
});

describe('RFC 10070 §4 the audience', () => {
  test.each([
    ['the issuer of the realm', ISSUER, undefined],
    ['it alone in an array', [ISSUER], undefined],
    ['the token endpoint', `${ISSUER}/access_token`, 'assertion_audience_wrong'],
    ['a slash at the end', `${ISSUER}/`, 'assertion_audience_wrong'],
    ['another realm', ISSUER.replace('alpha', 'bravo'), 'assertion_audience_wrong'],
    ['the cluster', ['https://kubernetes.default.svc'], 'assertion_audience_wrong'],
    ['the issuer and another', [ISSUER, 'https://x.example'], 'assertion_audience_wrong'],
    ['the issuer twice', [ISSUER, ISSUER], 'assertion_audience_wrong'],
  ])('RFC 10070 §4 %s', (_, aud, reason) => {
    expect(reasonOf({ aud })).toBe(reason);
  });
});
