import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSmallOrder } from './small-order.ts';
import { readVerificationKey } from './verification-key.ts';

const P = 2n ** 255n - 19n;

/** An integer in 32 bytes, the lowest first. */
const encode = (integer: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, index) => Number((integer >> BigInt(8 * index)) & 0xffn));

const SIGN = 1n << 255n;

const jwkOf = (point: Uint8Array) => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: Buffer.from(point).toString('base64url'),
});

test.each([
  ['0', 0n],
  ['1', 1n],
  ['-1', P - 1n],
  ['p', P],
  ['p + 1', P + 1n],
  ['of order eight', 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n],
  [
    'of order eight, the other',
    0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  ],
])('a key whose y is %s is refused, with either sign of x', (_, y) => {
  for (const point of [encode(y), encode(y | SIGN)]) {
    expect(isSmallOrder(point)).toBe(true);
    expect(readVerificationKey(jwkOf(point))).toEqual({
      ok: false,
      refusal: { reason: 'key_weak' },
    });
  }
});

test('the platform believes one signature of such a key for any text', () => {
  const key = createPublicKey({ key: jwkOf(encode(1n)), format: 'jwk' });
  const signature = Buffer.concat([encode(1n), encode(0n)]);
  for (const text of ['one', 'another'])
    expect(verify(null, Buffer.from(text), key, signature)).toBe(true);
});

test('a key that somebody holds is none of them', () => {
  for (let i = 0; i < 20; i++) {
    const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    expect(readVerificationKey(jwk).ok).toBe(true);
  }
});
