import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatThumbprintInput, readVerificationKey, rsaKeyBits } from './verification-key.ts';

/* Shows RFC 7517 §4, §4.5, §4.7, RFC 7518 §2, §3.3, §6, §6.2.1.2, §6.2.2, §6.3.2, §6.4.1. */

const publicJwk = (pair: { publicKey: { export(options: { format: 'jwk' }): JsonWebKey } }) =>
  pair.publicKey.export({ format: 'jwk' });

const rsa = (modulusLength: number) => publicJwk(generateKeyPairSync('rsa', { modulusLength }));

const EC = publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const P384 = publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }));
const P521 = publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-521' }));
const ED25519 = publicJwk(generateKeyPairSync('ed25519'));
const RSA = rsa(2048);

const KEYS = [EC, P384, P521, ED25519, RSA];

const integer = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');

/** An odd number of so many bits. */
const modulus = (bits: number) => {
  const bytes = Buffer.alloc(Math.ceil(bits / 8), 0xff);
  bytes[0] = 0xff >> ((8 - (bits % 8)) % 8);
  return bytes.toString('base64url');
};

const problemOf = (value: unknown) => {
  const key = readVerificationKey(value);
  return key.ok ? undefined : key.refusal;
};

test.each(KEYS)('§6 a public key is read as it is: $kty $crv', (jwk) => {
  expect(readVerificationKey(jwk)).toEqual({ ok: true, value: jwk });
});

test.each([2048, 2049, 3071, 3072, 4096, 8192])('§3.3 a modulus of %i bits is as long', (bits) => {
  expect(rsaKeyBits({ kty: 'RSA', n: modulus(bits), e: 'AQAB' })).toBe(bits);
});

test('§3.3 keys of other kinds have no modulus', () => {
  const key = readVerificationKey(EC);
  expect(key.ok && rsaKeyBits(key.value)).toBeUndefined();
});

test('§4 what is known of a key is kept, what is not is dropped', () => {
  const jwk = { ...EC, kid: 'k', alg: 'ES256', use: 'sig', x5c: ['MIIB', 'AA=='] };
  const more = { ...jwk, key_ops: ['verify'], x5u: 'https://x', x5t: 'AA', ext: true, oops: 1 };
  expect(readVerificationKey(more)).toEqual({ ok: true, value: jwk });
});

describe('§6 private and symmetric members', () => {
  test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])('§6.3.2 %s is refused', (member) => {
    for (const jwk of KEYS)
      expect(problemOf({ ...jwk, [member]: null })).toEqual({ reason: 'key_private', member });
  });

  test('§6.2.2 the whole private key is refused', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(problemOf(privateKey.export({ format: 'jwk' }))).toMatchObject({
      reason: 'key_private',
    });
  });

  test('§6.4.1 a symmetric key is refused', () => {
    expect(problemOf({ kty: 'oct', k: 'AAAA' })).toMatchObject({ reason: 'key_private' });
    expect(problemOf({ kty: 'oct' })).toEqual({ reason: 'key_type_unsupported' });
  });
});

describe('§6 what is no key', () => {
  const x31 = integer('01'.repeat(31));
  test.each([
    ['null', null, 'kty'],
    ['a string', 'key', 'kty'],
    ['an array', [EC], 'kty'],
    ['a coordinate that is too short', { ...EC, x: x31 }, 'x'],
    ['a coordinate that is too long', { ...EC, y: integer('01'.repeat(33)) }, 'y'],
    ['a coordinate of another curve', { ...P384, y: EC.y }, 'y'],
    ['no coordinate', { kty: 'EC', crv: 'P-256', x: EC.x }, 'y'],
    ['a coordinate that is a number', { ...EC, x: 1 }, 'x'],
    ['a padded coordinate', { ...EC, x: `${EC.x}=` }, 'x'],
    ['an Ed25519 key that is too short', { ...ED25519, x: x31 }, 'x'],
    ['no modulus', { kty: 'RSA', e: 'AQAB' }, 'n'],
    ['an empty modulus', { ...RSA, n: '' }, 'n'],
    ['an even modulus', { ...RSA, n: integer('fe'.repeat(256)) }, 'n'],
    ['a modulus with a leading zero', { ...RSA, n: integer(`00${'ff'.repeat(256)}`) }, 'n'],
    ['a modulus of 8200 bits', { ...RSA, n: modulus(8200) }, 'n'],
    ['no exponent', { kty: 'RSA', n: RSA.n }, 'e'],
    ['an exponent with a leading zero', { ...RSA, e: integer('00010001') }, 'e'],
    ['an exponent of nine bytes', { ...RSA, e: integer('01'.repeat(9)) }, 'e'],
    ['a kid that is a number', { ...EC, kid: 1 }, 'kid'],
    ['an empty kid', { ...EC, kid: '' }, 'kid'],
    ['a kid of 257 characters', { ...EC, kid: 'k'.repeat(257) }, 'kid'],
    ['x5c that is a string', { ...EC, x5c: 'MIIB' }, 'x5c'],
    ['no certificate in x5c', { ...EC, x5c: [] }, 'x5c'],
    ['six certificates', { ...EC, x5c: Array.from({ length: 6 }, () => 'MIIB') }, 'x5c'],
    ['a certificate in base64url', { ...EC, x5c: ['MI-_'] }, 'x5c'],
    ['a certificate that is too long', { ...EC, x5c: ['A'.repeat(8196)] }, 'x5c'],
  ])('§6 %s is refused', (_, value, member) => {
    expect(problemOf(value)).toEqual({ reason: 'key_malformed', member });
  });

  test.each([
    ['secp256k1', { ...EC, crv: 'secp256k1' }],
    ['X25519', { ...ED25519, crv: 'X25519' }],
    ['Ed448', { ...ED25519, crv: 'Ed448' }],
    ['no curve', { ...EC, crv: undefined }],
    ['no type', { ...EC, kty: undefined }],
    ['the name of a method', { ...EC, crv: 'toString' }],
  ])('§6 %s is not supported', (_, value) => {
    expect(problemOf(value)).toEqual({ reason: 'key_type_unsupported' });
  });
});

describe('§3.3 RSA keys', () => {
  test.each([1024, 2040, 2047])('§3.3 %i bits are too few', (bits) => {
    expect(problemOf({ ...RSA, n: modulus(bits) })).toEqual({
      reason: 'key_length_unsupported',
      bits,
    });
  });

  test.each([2048, 2049, 3072, 4096, 8192])('§3.3 %i bits are enough', (bits) => {
    expect(problemOf({ ...RSA, n: modulus(bits) })).toBeUndefined();
  });

  test('§3.3 a key of 1024 bits from the platform is refused', () => {
    expect(problemOf(rsa(1024))).toEqual({ reason: 'key_length_unsupported', bits: 1024 });
  });

  test.each([
    ['1', '01'],
    ['2', '02'],
    ['65536', '010000'],
  ])('§3.3 the exponent %s is refused', (_, hex) => {
    expect(problemOf({ ...RSA, e: integer(hex) })).toEqual({ reason: 'key_weak' });
  });

  test.each(['03', '11', '010001', '0100000001'])('§3.3 the exponent 0x%s is read', (hex) => {
    expect(problemOf({ ...RSA, e: integer(hex) })).toBeUndefined();
  });
});

describe('§4 what a key is for', () => {
  test.each([
    ['use enc', 'use', { use: 'enc' }],
    ['use null', 'use', { use: null }],
    ['key_ops without verify', 'key_ops', { key_ops: ['sign', 'encrypt'] }],
    ['key_ops that is a string', 'key_ops', { key_ops: 'verify' }],
    ['alg of an encryption', 'alg', { alg: 'ECDH-ES' }],
    ['alg none', 'alg', { alg: 'none' }],
    ['alg HS256', 'alg', { alg: 'HS256' }],
    ['alg of another curve', 'alg', { alg: 'ES384' }],
    ['alg of another type', 'alg', { alg: 'RS256' }],
  ])('§4 %s is refused', (_, member, attribute) => {
    expect(problemOf({ ...EC, ...attribute })).toEqual({ reason: 'key_use_unsupported', member });
  });
});

test('§4 any value at all is a key or a problem, and a key reads as itself', () => {
  const member = fc.oneof(
    fc.constantFrom<unknown>('EC', 'RSA', 'OKP', 'P-256', 'Ed25519', 'sig', 'AQAB', EC.x, RSA.n),
    fc.jsonValue(),
  );
  const names = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use', 'key_ops', 'x5c', 'd'];
  const record = fc.record(Object.fromEntries(names.map((name) => [name, member])), {
    requiredKeys: [],
  });
  const near = fc
    .tuple(fc.constantFrom(...KEYS), record)
    .map(([jwk, more]) => ({ ...jwk, ...more }));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), record, near), (value) => {
      const key = readVerificationKey(value);
      if (!key.ok) return;
      expect(readVerificationKey(key.value)).toEqual(key);
      expect(JSON.parse(formatThumbprintInput(key.value))).toMatchObject({ kty: key.value.kty });
    }),
    { numRuns: 1000 },
  );
});
