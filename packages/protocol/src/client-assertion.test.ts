import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ASSERTION_AGE_MAX,
  ASSERTION_LIFETIME_MAX,
  ASSERTION_SKEW,
  type AssertionExpectation,
  checkClientAssertion,
  readClientAssertion,
} from './client-assertion.ts';
import { FAPI_ALGORITHMS, SYMMETRIC_ALGORITHMS } from './jws-algorithm.ts';
import { numericDate } from './time.ts';

/* Shows RFC 7523 §3, RFC 8725 §3.10, §3.11 and §3.12, RFC 10070 §4. */

const ISSUER = 'https://as.example/am/oauth2/realms/root/realms/alpha';
const NOW = numericDate(1_700_000_000);

const CLAIMS = { iss: 'c1', sub: 'c1', aud: ISSUER, exp: NOW + 60, jti: 'j1' };

const part = (value: string | object): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const assertion = (claims: object | string, header: object = { alg: 'ES256' }): string =>
  `${part(header)}.${part(claims)}.c2ln`;

const EXPECTED: AssertionExpectation = {
  clientId: 'c1',
  algorithms: ['ES256', 'PS256'],
  audiences: [ISSUER],
  audienceForm: 'string_or_single',
  lifetimeMax: ASSERTION_LIFETIME_MAX,
  ageMax: ASSERTION_AGE_MAX,
  skew: ASSERTION_SKEW,
  identifier: 'required',
};

const problemOf = (text: string) => {
  const read = readClientAssertion(text);
  return read.ok ? undefined : read.refusal;
};

function check(claims: object, expectation: Partial<AssertionExpectation> = {}, header?: object) {
  const read = readClientAssertion(assertion({ ...CLAIMS, ...claims }, header));
  if (!read.ok) throw new Error(`the assertion is refused: ${read.refusal.reason}`);
  return checkClientAssertion(read.value, { ...EXPECTED, ...expectation }, NOW);
}

const reasonOf = (claims: object, expectation?: Partial<AssertionExpectation>) => {
  const checked = check(claims, expectation);
  return checked.ok ? undefined : checked.refusal.reason;
};

describe('§3 reading', () => {
  test('§3 everything that an assertion says is read', () => {
    const text = assertion({ ...CLAIMS, nbf: 1, iat: 2.5 }, { alg: 'ES256', kid: 'k', typ: 'JWT' });
    expect(readClientAssertion(text)).toEqual({
      ok: true,
      value: {
        algorithm: 'ES256',
        keyId: 'k',
        issuer: 'c1',
        subject: 'c1',
        audience: ISSUER,
        expiresAt: NOW + 60,
        notBefore: 1,
        issuedAt: 2.5,
        identifier: 'j1',
        signingInput: text.slice(0, text.lastIndexOf('.')),
        signature: new Uint8Array(Buffer.from('sig')),
      },
    });
  });

  test.each([
    ['iss', [undefined, null, 1, '', 'a\0', ['c1'], 'c'.repeat(256)]],
    ['sub', [undefined, null, 1, '', 'a\nb', {}]],
    ['aud', [undefined, null, 1, {}, [], [ISSUER, 1], [null]]],
    ['exp', [undefined, null, `${NOW}`, -1, [], '1e3', true]],
    ['nbf', [null, `${NOW}`, -0.5, {}]],
    ['iat', [null, `${NOW}`, -1, []]],
    ['jti', [null, 1, '', 'j'.repeat(257), ['j1']]],
  ])('§3 a claim %s of the wrong type is refused', (name, values) => {
    for (const value of values)
      expect(problemOf(assertion({ ...CLAIMS, [name]: value }))).toEqual({
        reason: 'assertion_malformed',
        part: name,
      });
  });

  test.each(['exp', 'nbf', 'iat'])('§3 %s is no number that is too large to be one', (name) => {
    const claims = JSON.stringify({ ...CLAIMS, [name]: 0 }).replace(
      `"${name}":0`,
      `"${name}":1e999`,
    );
    expect(problemOf(assertion(claims))).toEqual({ reason: 'assertion_malformed', part: name });
  });

  test('§3 a jti of 256 characters is read', () => {
    expect(problemOf(assertion({ ...CLAIMS, jti: 'j'.repeat(256) }))).toBeUndefined();
  });

  test.each(['', 'abc', 'a.b', 'a.b.c', 'a.b.c.d.e', `${part({ alg: 'ES256' })}.${part({})}.`])(
    '§3 %j is no signed JWT',
    (text) => {
      expect(problemOf(text)).toEqual({ reason: 'assertion_malformed', part: 'jwt' });
    },
  );

  test('§3 more than 16 KiB is refused before it is parsed', () => {
    const long = assertion({ ...CLAIMS, padding: 'p'.repeat(16 * 1024) });
    expect(problemOf(long)).toEqual({ reason: 'assertion_malformed', part: 'jwt' });
  });

  test.each(['none', 'None', 'NONE', 'nOnE', 'ES256K', 'dir', ''])(
    '§3 the algorithm %j is refused',
    (alg) => {
      expect(problemOf(assertion(CLAIMS, { alg }))).toEqual({
        reason: 'assertion_algorithm_unsupported',
      });
    },
  );

  test.each([1, null, '', 'k'.repeat(257), ['k']])('§3 the kid %j is refused', (kid) => {
    expect(problemOf(assertion(CLAIMS, { alg: 'ES256', kid }))).toEqual({
      reason: 'assertion_malformed',
      part: 'kid',
    });
  });

  test('§3.10 keys and addresses in the header are not looked at', () => {
    const header = { alg: 'ES256', jwk: { kty: 'oct' }, jku: 'file:///', x5u: 1, x5c: [] };
    const read = readClientAssertion(assertion(CLAIMS, header));
    expect(read.ok && Object.keys(read.value)).toEqual(
      expect.not.arrayContaining(['jwk', 'jku', 'x5u', 'x5c', 'header']),
    );
    expect(read.ok).toBe(true);
  });

  test('§3 no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (text, header, claims) => {
        for (const tried of [text, `${part({ alg: 'ES256' })}.${part(JSON.stringify(claims))}.AA`])
          expect(readClientAssertion(tried).ok).toBeTypeOf('boolean');
        expect(
          readClientAssertion(assertion(JSON.stringify(claims), Object(header))).ok,
        ).toBeTypeOf('boolean');
      }),
    );
  });
});

describe('§3.11 the type of an assertion', () => {
  test.each([
    undefined,
    'JWT',
    'jwt',
    'client-authentication+jwt',
    'application/client-authentication+jwt',
    'Client-Authentication+JWT',
  ])('§3.11 %s is accepted', (typ) => {
    expect(problemOf(assertion(CLAIMS, { alg: 'ES256', typ }))).toBeUndefined();
  });

  test.each([
    'at+jwt',
    'application/at+jwt',
    'dpop+jwt',
    'token-introspection+jwt',
    'logout+jwt',
    'oauth-authz-req+jwt',
    'oauth-client-attestation+jwt',
    '',
    null,
    1,
  ])('§3.12 %j was made for another purpose', (typ) => {
    expect(problemOf(assertion(CLAIMS, { alg: 'ES256', typ }))).toEqual({
      reason: 'assertion_type_wrong',
    });
  });
});

describe('§3 what an assertion says', () => {
  test('§3 it is accepted, and its jti is to be remembered as long as it counts', () => {
    expect(check({})).toEqual({
      ok: true,
      value: { identifier: 'j1', expiresAt: NOW + 60 + ASSERTION_SKEW },
    });
    expect(check({ exp: NOW + 59.2 })).toMatchObject({
      value: { expiresAt: NOW + 60 + ASSERTION_SKEW },
    });
  });

  test('§3 the algorithm is one of those allowed', () => {
    for (const alg of ['ES384', 'RS256', ...SYMMETRIC_ALGORITHMS])
      expect(check({}, {}, { alg })).toEqual({
        ok: false,
        refusal: { reason: 'assertion_algorithm_not_allowed', clientId: 'c1' },
      });
    const fapi = { algorithms: FAPI_ALGORITHMS };
    expect(check({}, fapi, { alg: 'RS256' }).ok).toBe(false);
    expect(check({}, fapi, { alg: 'PS256' }).ok).toBe(true);
    expect(check({}, { algorithms: SYMMETRIC_ALGORITHMS }, { alg: 'HS256' }).ok).toBe(true);
  });

  test('§3 issuer and subject are the client', () => {
    expect(reasonOf({ iss: 'c2' })).toBe('assertion_issuer_wrong');
    expect(reasonOf({ sub: 'c2' })).toBe('assertion_subject_wrong');
    expect(reasonOf({ iss: 'C1' })).toBe('assertion_issuer_wrong');
    expect(reasonOf({ iss: 'c2', sub: 'c2' })).toBe('assertion_issuer_wrong');
  });

  test.each([
    ['too late', { exp: NOW - ASSERTION_SKEW }, 'assertion_expired'],
    ['five minutes too late', { exp: NOW - 300 }, 'assertion_expired'],
    ['at the beginning of time', { exp: 0 }, 'assertion_expired'],
    ['late, within the tolerance', { exp: NOW - ASSERTION_SKEW + 1 }, undefined],
    ['late by a fraction', { exp: NOW - ASSERTION_SKEW + 0.5 }, undefined],
    ['with the longest life', { exp: NOW + 600 }, undefined],
    ['with a longer one', { exp: NOW + 601 }, 'assertion_too_long_lived'],
    ['without end', { exp: 1e308 }, 'assertion_too_long_lived'],
    ['ten seconds early by nbf', { nbf: NOW + 10 }, undefined],
    ['ten seconds early by iat', { iat: NOW + 10 }, undefined],
    ['a minute early by nbf', { nbf: NOW + 61 }, 'assertion_not_yet_valid'],
    ['a minute early by iat', { iat: NOW + 61 }, 'assertion_not_yet_valid'],
    ['from the far future', { iat: 1e308 }, 'assertion_not_yet_valid'],
    ['issued ten minutes ago', { iat: NOW - 600 }, undefined],
    ['issued longer ago', { iat: NOW - 601 }, 'assertion_too_old'],
    ['valid since long ago', { nbf: 0, iat: NOW }, undefined],
    ['with fractions', { exp: NOW + 59.5, iat: NOW - 0.5, nbf: NOW - 0.5 }, undefined],
  ])('§3 an assertion %s', (_, claims, reason) => {
    expect(reasonOf(claims)).toBe(reason);
  });

  test('§3 a jti is required, unless the client may do without', () => {
    expect(reasonOf({ jti: undefined })).toBe('assertion_identifier_missing');
    expect(check({ jti: undefined }, { identifier: 'optional' })).toEqual({
      ok: true,
      value: undefined,
    });
    expect(check({}, { identifier: 'optional' })).toMatchObject({ value: { identifier: 'j1' } });
  });

  test('§3 what is accepted once is not accepted for ever', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2 * NOW, noNaN: true }), (exp) => {
        const { ok } = check({ exp });
        expect(ok).toBe(exp > NOW - ASSERTION_SKEW && exp <= NOW + ASSERTION_LIFETIME_MAX);
      }),
    );
  });
});

describe('RFC 10070 §4 the audience', () => {
  test.each([
    ['the token endpoint', `${ISSUER}/access_token`],
    ['another server', 'https://other.example'],
    ['another realm', ISSUER.replace('alpha', 'bravo')],
    ['a slash at the end', `${ISSUER}/`],
    ['the host in capitals', ISSUER.replace('as.example', 'AS.example')],
    ['the default port', ISSUER.replace('as.example', 'as.example:443')],
    ['nothing', ''],
    ['the issuer and another', [ISSUER, 'https://other.example']],
    ['the issuer twice', [ISSUER, ISSUER]],
    ['another in an array', ['https://other.example']],
    ['a thousand', Array.from({ length: 1000 }, () => 'a')],
  ])('RFC 10070 §4 %s is refused', (_, aud) => {
    expect(reasonOf({ aud })).toBe('assertion_audience_wrong');
  });

  test('RFC 10070 §4 the issuer alone in an array is accepted where the realm says so', () => {
    expect(reasonOf({ aud: [ISSUER] })).toBeUndefined();
    expect(reasonOf({ aud: [ISSUER] }, { audienceForm: 'string' })).toBe(
      'assertion_audience_wrong',
    );
    expect(reasonOf({ aud: ISSUER }, { audienceForm: 'string' })).toBeUndefined();
  });

  test('RFC 10070 §4 another audience counts only where it was configured', () => {
    const audiences = [ISSUER, `${ISSUER}/access_token`];
    expect(reasonOf({ aud: audiences[1] }, { audiences })).toBeUndefined();
    expect(reasonOf({ aud: audiences }, { audiences })).toBe('assertion_audience_wrong');
  });
});
