import { expect, test } from 'vitest';
import {
  ASSERTION_ALGORITHMS,
  FAPI_ALGORITHMS,
  isAssertionAlgorithm,
  isSymmetricAlgorithm,
  keyFits,
  SYMMETRIC_ALGORITHMS,
} from './jws-algorithm.ts';

/* Shows RFC 7518 §3.1 and §3.2, RFC 8037 §3.1, RFC 8725 §3.1, RFC 9864 §2.2. */

const KEYS = [
  { kty: 'EC', crv: 'P-256' },
  { kty: 'EC', crv: 'P-384' },
  { kty: 'EC', crv: 'P-521' },
  { kty: 'RSA' },
  { kty: 'OKP', crv: 'Ed25519' },
  { kty: 'OKP', crv: 'X25519' },
  { kty: 'oct' },
];

const FITTING: Readonly<Record<string, string>> = {
  'EC P-256': 'ES256',
  'EC P-384': 'ES384',
  'EC P-521': 'ES512',
  RSA: 'PS256 PS384 PS512 RS256 RS384 RS512',
  'OKP Ed25519': 'EdDSA Ed25519',
};

const KNOWN = [...ASSERTION_ALGORITHMS, ...SYMMETRIC_ALGORITHMS, 'none', 'ES256K', 'Ed448', ''];

test.each(KEYS)('§3.1 a key fits the algorithms of its type and curve: $kty $crv', (key) => {
  const name = key.crv === undefined ? key.kty : `${key.kty} ${key.crv}`;
  expect(KNOWN.filter((algorithm) => keyFits(algorithm, key)).join(' ')).toBe(FITTING[name] ?? '');
});

test('§3.1 a key that is set aside for one algorithm fits no other', () => {
  const key = { kty: 'RSA', alg: 'PS256' };
  expect(KNOWN.filter((algorithm) => keyFits(algorithm, key))).toEqual(['PS256']);
  expect(keyFits('ES256', { kty: 'EC', crv: 'P-384', alg: 'ES256' })).toBe(false);
});

test.each(['EdDSA', 'Ed25519'])('§2.2 an Ed25519 key for %s fits both names', (alg) => {
  const key = { kty: 'OKP', crv: 'Ed25519', alg };
  expect(KNOWN.filter((algorithm) => keyFits(algorithm, key))).toEqual(['EdDSA', 'Ed25519']);
});

test.each([
  'none',
  'None',
  'NONE',
  'nOnE',
  'es256',
  'ES256 ',
  'HS256',
  'toString',
  '__proto__',
  null,
])('§3.1 %j is no algorithm of an asymmetric signature', (value) => {
  expect(isAssertionAlgorithm(value)).toBe(false);
  expect(keyFits(String(value), { kty: 'EC', crv: 'P-256' })).toBe(false);
});

test('§3.2 keyed hashes are a list of their own', () => {
  expect(SYMMETRIC_ALGORITHMS.every(isSymmetricAlgorithm)).toBe(true);
  expect(ASSERTION_ALGORITHMS.some(isSymmetricAlgorithm)).toBe(false);
});

test('§3.1 what FAPI 2.0 allows is allowed here, and neither RS256 nor keyed hashes are of it', () => {
  expect(FAPI_ALGORITHMS.every(isAssertionAlgorithm)).toBe(true);
  expect([...FAPI_ALGORITHMS].sort()).toEqual(['ES256', 'Ed25519', 'EdDSA', 'PS256']);
});
