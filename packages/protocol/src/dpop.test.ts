import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkDpopProof,
  DPOP_PROOF_LENGTH_MAX,
  DPOP_WINDOW,
  type DpopExpectation,
  readDpopProof,
} from './dpop.ts';
import { ASSERTION_ALGORITHMS, FAPI_ALGORITHMS } from './jws-algorithm.ts';
import { numericDate } from './time.ts';

/* Shows RFC 9449 §4.2, §4.3, §7 and §11.1. */

const NOW = numericDate(1_700_000_000);
const TOKEN_URL = 'https://as.example/am/oauth2/realms/root/realms/alpha/access_token';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const JWK = pair.publicKey.export({ format: 'jwk' });
const PRIVATE_JWK = pair.privateKey.export({ format: 'jwk' });
const ED25519 = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

const HEADER = { typ: 'dpop+jwt', alg: 'ES256', jwk: JWK };
const CLAIMS = { jti: 'j1', htm: 'POST', htu: TOKEN_URL, iat: NOW };

const EXPECTED: DpopExpectation = {
  algorithms: ASSERTION_ALGORITHMS,
  method: 'POST',
  urls: [TOKEN_URL],
  window: DPOP_WINDOW,
};

const part = (value: string | object): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const proofOf = (header: object | string, claims: object | string): string =>
  `${part(header)}.${part(claims)}.c2ln`;

const problemOf = (header: object, claims: object = {}) => {
  const proof = readDpopProof(proofOf({ ...HEADER, ...header }, { ...CLAIMS, ...claims }));
  return proof.ok ? undefined : proof.refusal;
};

function check(claims: object, expectation: Partial<DpopExpectation> = {}, header: object = {}) {
  const proof = readDpopProof(proofOf({ ...HEADER, ...header }, { ...CLAIMS, ...claims }));
  if (!proof.ok) throw new Error(`the proof is refused: ${proof.refusal.reason}`);
  return checkDpopProof(proof.value, { ...EXPECTED, ...expectation }, NOW);
}

const reasonOf = (claims: object, expectation?: Partial<DpopExpectation>) => {
  const checked = check(claims, expectation);
  return checked.ok ? undefined : checked.refusal.reason;
};

describe('§4.2 reading', () => {
  test('§4.2 everything that a proof says is read', () => {
    const text = proofOf(HEADER, { ...CLAIMS, iat: NOW + 0.5, ath: 'h', nonce: 'n' });
    expect(readDpopProof(text)).toEqual({
      ok: true,
      value: {
        algorithm: 'ES256',
        key: JWK,
        identifier: 'j1',
        method: 'POST',
        target: TOKEN_URL,
        issuedAt: NOW + 0.5,
        accessTokenHash: 'h',
        nonce: 'n',
        signingInput: text.slice(0, text.lastIndexOf('.')),
        signature: new Uint8Array(Buffer.from('sig')),
      },
    });
  });

  test.each([
    '',
    'abc',
    'a.b.c',
    'e30.e30.',
    `${proofOf(HEADER, CLAIMS)}, ${proofOf(HEADER, CLAIMS)}`,
  ])('§4.3 %j is no proof', (text) => {
    expect(readDpopProof(text)).toEqual({
      ok: false,
      refusal: { reason: 'proof_malformed', part: 'jwt' },
    });
  });

  test.each([
    undefined,
    null,
    1,
    '',
    'JWT',
    'dpop',
    'at+jwt',
    'dpop+jwt2',
    'client-authentication+jwt',
  ])('§4.3 the type %j is that of no proof', (typ) => {
    expect(problemOf({ typ })).toEqual({ reason: 'proof_type_wrong' });
  });

  test.each(['dpop+jwt', 'DPOP+JWT', 'application/dpop+jwt'])('§4.3 the type %s is', (typ) => {
    expect(problemOf({ typ })).toBeUndefined();
  });

  test.each(['none', 'nOnE', 'HS256', 'HS512', 'ES256K', 'RSA-OAEP', ''])(
    '§4.3 the algorithm %j is not that of a key with two halves',
    (alg) => {
      expect(problemOf({ alg })).toEqual({ reason: 'proof_algorithm_unsupported' });
    },
  );

  test.each([
    ['a private half', PRIVATE_JWK, 'proof_key_private'],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }, 'proof_key_private'],
    ['private members of RSA', { kty: 'RSA', n: 'AQAB', e: 'AQAB', dp: 'AQ' }, 'proof_key_private'],
    ['no key', {}, 'proof_key_unusable'],
    ['null', null, 'proof_key_unusable'],
    ['a string', 'key', 'proof_key_unusable'],
    ['a key for another algorithm', ED25519, 'proof_key_unusable'],
    [
      'a key that is set aside for another algorithm',
      { ...JWK, alg: 'ES384' },
      'proof_key_unusable',
    ],
    ['a key for encryption', { ...JWK, use: 'enc' }, 'proof_key_unusable'],
    ['half a point', { ...JWK, y: undefined }, 'proof_key_unusable'],
    ['a weak key', { kty: 'RSA', n: 'AQAB', e: 'AQAB' }, 'proof_key_unusable'],
  ])('§4.3 the jwk is %s', (_, jwk, reason) => {
    expect(problemOf({ jwk })).toEqual({ reason });
  });

  test('§4.3 a proof without jwk is refused, whatever else names a key', () => {
    expect(problemOf({ jwk: undefined, jku: 'https://x', kid: 'k', x5c: ['MIIB'] })).toEqual({
      reason: 'proof_malformed',
      part: 'jwk',
    });
  });

  test.each([
    ['jti', [undefined, null, 1, '', 'j'.repeat(257), ['j']]],
    ['htm', [undefined, null, 1, ['POST']]],
    ['htu', [undefined, null, 1, {}, [TOKEN_URL]]],
    ['iat', [undefined, null, `${NOW}`, -1, [], true]],
    ['ath', [null, 1, '', 'h'.repeat(257)]],
    ['nonce', [null, 1, '', 'n'.repeat(257)]],
  ])(
    '§4.2 a proof with a wrong %s, or without one that is required, is refused',
    (name, values) => {
      for (const value of values)
        expect(problemOf({}, { [name]: value })).toEqual({ reason: 'proof_malformed', part: name });
    },
  );

  test('§4.2 claims and members of the header that nobody knows are left alone', () => {
    const more = { nbf: NOW, exp: NOW + 300, sub: 1 };
    expect(problemOf({ kid: 7, x5t: 'x', foo: {} }, more)).toBeUndefined();
    expect(check(more).ok).toBe(true);
  });

  test('§4.2 a proof is not longer than a header line should be', () => {
    expect(problemOf({}, { padding: 'p'.repeat(DPOP_PROOF_LENGTH_MAX) })).toEqual({
      reason: 'proof_malformed',
      part: 'jwt',
    });
  });

  test('§4.3 no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (text, one, other) => {
        for (const tried of [
          text,
          proofOf(JSON.stringify(one), JSON.stringify(other)),
          proofOf({ ...HEADER, jwk: one }, CLAIMS),
          proofOf(HEADER, { ...CLAIMS, htu: text, htm: text, jti: text, nonce: other }),
        ]) {
          const proof = readDpopProof(tried);
          if (proof.ok) expect(checkDpopProof(proof.value, EXPECTED, NOW).ok).toBe(false);
        }
      }),
    );
  });
});

describe('§4.3 what a proof says', () => {
  test('§11.1 it is accepted, and its jti is to be remembered as long as it counts', () => {
    expect(check({})).toEqual({
      ok: true,
      value: { identifier: 'j1', expiresAt: NOW + DPOP_WINDOW + 1 },
    });
    expect(check({ iat: NOW - 0.5 })).toMatchObject({ value: { expiresAt: NOW + DPOP_WINDOW } });
  });

  test('§4.3 the algorithm is one of those allowed', () => {
    const es384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
    const header = { alg: 'ES384', jwk: es384.export({ format: 'jwk' }) };
    expect(check({}, {}, header).ok).toBe(true);
    expect(check({}, { algorithms: FAPI_ALGORITHMS }, header)).toEqual({
      ok: false,
      refusal: { reason: 'proof_algorithm_unsupported' },
    });
  });

  test.each(['GET', 'post', 'POST ', ''])('§4.3 the method %j is another', (htm) => {
    expect(reasonOf({ htm })).toBe('proof_method_wrong');
  });

  test('§4.3 the target is one of the addresses of the endpoint', () => {
    const alias = 'https://mtls.as.example/access_token';
    expect(reasonOf({ htu: `${TOKEN_URL}?a=b#c` })).toBeUndefined();
    expect(reasonOf({ htu: alias })).toBe('proof_target_wrong');
    expect(reasonOf({ htu: alias }, { urls: [TOKEN_URL, alias] })).toBeUndefined();
    expect(reasonOf({ htu: TOKEN_URL }, { urls: [] })).toBe('proof_target_wrong');
    for (const htu of ['', 'not a url', TOKEN_URL.replace('alpha', 'bravo')])
      expect(reasonOf({ htu })).toBe('proof_target_wrong');
  });

  test.each([
    ['from now', 0, undefined],
    ['ten seconds old', -10, undefined],
    ['a minute old', -60, undefined],
    ['older', -61, 'proof_not_fresh'],
    ['an hour old', -3600, 'proof_not_fresh'],
    ['ten seconds early', 10, undefined],
    ['a minute early', 61, 'proof_not_fresh'],
    ['an hour early', 3600, 'proof_not_fresh'],
    ['without end', 1e300, 'proof_not_fresh'],
  ])('§4.3 a proof %s', (_, offset, reason) => {
    expect(reasonOf({ iat: NOW + offset })).toBe(reason);
  });

  test('§11.1 as long as it is accepted, its jti is remembered', () => {
    fc.assert(
      fc.property(fc.double({ min: NOW - 100, max: NOW + 100, noNaN: true }), (iat) => {
        const checked = check({ iat });
        expect(checked.ok).toBe(iat >= NOW - DPOP_WINDOW && iat <= NOW + 30);
        expect(!checked.ok || checked.value.expiresAt > NOW).toBe(true);
      }),
    );
  });

  test('§7 with a token, the proof has its hash', () => {
    expect(reasonOf({ ath: 'h' }, { accessTokenHash: 'h' })).toBeUndefined();
    expect(reasonOf({ ath: 'x' }, { accessTokenHash: 'h' })).toBe('proof_hash_wrong');
    expect(reasonOf({}, { accessTokenHash: 'h' })).toBe('proof_hash_wrong');
    expect(reasonOf({ ath: 'h' })).toBeUndefined();
  });
});
