import { numericDate, seconds, type VerificationKey } from '@tessera/protocol';
import { describe, expect, test } from 'vitest';
import type { Credential, CredentialOf } from './credential.ts';
import {
  type CredentialPolicy,
  isLongEnough,
  latestEnd,
  underPolicy,
} from './credential-policy.ts';

const policy = (given: Partial<CredentialPolicy>): CredentialPolicy => ({
  secretLifetimeMax: undefined,
  secretRotationForced: false,
  rsaKeyBitsMin: 2048,
  ...given,
});

const secret = (expiresAt?: number): CredentialOf<'secret'> => ({
  realm: 'alpha',
  clientId: 'c',
  id: 's',
  label: '',
  material: { kind: 'secret', origin: 'generated', digest: 'd', lastFour: 'abcd' },
  createdAt: numericDate(1_000),
  expiresAt: expiresAt === undefined ? undefined : numericDate(expiresAt),
  lastUsedAt: undefined,
  lastUsedAddress: undefined,
  revision: 1,
});

describe('the end of a secret', () => {
  const forced = policy({ secretLifetimeMax: seconds(100), secretRotationForced: true });

  test.each([
    ['without an end of its own', undefined, 1_100],
    ['with a later one', 5_000, 1_100],
    ['with an earlier one', 1_050, 1_050],
  ])('%s is brought forward when rotation is forced', (_, own, end) => {
    expect(underPolicy(forced, secret(own)).expiresAt).toBe(end);
  });

  test('stays as it was made when nothing is forced, or nothing is bounded', () => {
    for (const one of [
      policy({ secretLifetimeMax: seconds(100) }),
      policy({ secretRotationForced: true }),
    ])
      expect(underPolicy(one, secret())).toEqual(secret());
  });

  test('of a key is none of this policy', () => {
    const key: Credential = {
      ...secret(),
      material: { kind: 'jwks_uri', uri: 'https://keys.example' },
    };
    expect(underPolicy(forced, key)).toBe(key);
  });

  test('at the latest is its beginning and the longest life', () => {
    expect(latestEnd(forced, numericDate(7))).toBe(107);
    expect(latestEnd(policy({}), numericDate(7))).toBeUndefined();
  });
});

describe('RFC 7518 §3.3 the length of a key', () => {
  const n = (bits: number) => Buffer.alloc(bits / 8, 0xff).toString('base64url');
  const rsa = (bits: number): VerificationKey => ({ kty: 'RSA', n: n(bits), e: 'AQAB' });
  const ec: VerificationKey = { kty: 'OKP', crv: 'Ed25519', x: 'AA' };

  test.each([
    [2048, 2048, true],
    [3072, 2048, false],
    [3072, 3072, true],
    [4096, 3072, false],
    [4096, 8192, true],
  ])('at least %i: one of %i is taken: %s', (rsaKeyBitsMin, bits, taken) => {
    expect(isLongEnough(policy({ rsaKeyBitsMin }), rsa(bits))).toBe(taken);
  });

  test('of other kinds than RSA is not asked for', () => {
    expect(isLongEnough(policy({ rsaKeyBitsMin: 4096 }), ec)).toBe(true);
  });
});
