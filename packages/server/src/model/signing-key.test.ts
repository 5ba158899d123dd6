import { numericDate, seconds } from '@tessera/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type KeyPolicy, type KeyStep, nextKeySteps, type SigningKey } from './signing-key.ts';

const policy: KeyPolicy = {
  rotationPeriod: seconds(90 * 86_400),
  publishAhead: seconds(3_600),
  keepRetired: seconds(30 * 86_400),
};
const NOW = numericDate(1_800_000_000);

const key = (kid: string, given: Partial<SigningKey>): SigningKey => ({
  realm: 'alpha',
  kid,
  algorithm: 'ES256',
  publicJwk: { kty: 'EC', kid, use: 'sig', alg: 'ES256' },
  sealedPrivateKey: '',
  state: 'signing',
  createdAt: NOW,
  signsFrom: NOW,
  publishedUntil: undefined,
  revision: 1,
  ...given,
});

it('a realm without a key gets one that signs at once', () => {
  expect(nextKeySteps([], policy, NOW)).toEqual([{ step: 'create', signsFrom: NOW }]);
});

it('a young key is left alone', () => {
  expect(nextKeySteps([key('a', {})], policy, NOW)).toEqual([]);
});

it('a successor is published ahead of the day on which it signs', () => {
  const old = key('a', { signsFrom: numericDate(NOW - policy.rotationPeriod + 3_600) });
  expect(nextKeySteps([old], policy, NOW)).toEqual([
    { step: 'create', signsFrom: numericDate(NOW + 3_600) },
  ]);
});

it('a key that is long overdue still has its successor published ahead', () => {
  const old = key('a', { signsFrom: numericDate(NOW - 10 * policy.rotationPeriod) });
  expect(nextKeySteps([old], policy, NOW)).toEqual([
    { step: 'create', signsFrom: numericDate(NOW + policy.publishAhead) },
  ]);
});

it('a published key that is due signs, and the one before it is retired', () => {
  const old = key('a', { signsFrom: numericDate(NOW - 1_000) });
  const next = key('b', { state: 'published', signsFrom: NOW });
  expect(nextKeySteps([old, next], policy, NOW)).toEqual([
    { step: 'sign', kid: 'b' },
    { step: 'retire', kid: 'a', publishedUntil: numericDate(NOW + policy.keepRetired) },
  ]);
});

it('a retired key leaves when the last token that it signed has expired', () => {
  const current = key('b', {});
  const retired = key('a', { state: 'retired', publishedUntil: NOW });
  expect(nextKeySteps([current, retired], policy, NOW)).toEqual([{ step: 'remove', kid: 'a' }]);
  const waiting = key('a', { state: 'retired', publishedUntil: numericDate(NOW + 1) });
  expect(nextKeySteps([current, waiting], policy, NOW)).toEqual([]);
});

it('taking the steps leaves none to take, and one key that signs, at every instant', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200 * 86_400 }), { maxLength: 30 }), (waits) => {
      let now: number = NOW;
      let keys: SigningKey[] = [];
      let made = 0;
      for (const wait of waits) {
        now += wait;
        for (const step of nextKeySteps(keys, policy, numericDate(now)))
          keys = take(keys, step, now, () => `key-${made++}`);
        expect(nextKeySteps(keys, policy, numericDate(now))).toEqual([]);
        expect(keys.filter(({ state }) => state === 'signing')).toHaveLength(1);
        expect(keys.filter(({ state }) => state === 'published').length).toBeLessThanOrEqual(1);
      }
    }),
  );
});

function take(keys: SigningKey[], step: KeyStep, now: number, name: () => string): SigningKey[] {
  switch (step.step) {
    case 'create':
      return [
        ...keys,
        key(name(), {
          signsFrom: step.signsFrom,
          state: step.signsFrom <= now ? 'signing' : 'published',
        }),
      ];
    case 'sign':
      return keys.map((one) => (one.kid === step.kid ? { ...one, state: 'signing' } : one));
    case 'retire':
      return keys.map((one) =>
        one.kid === step.kid
          ? { ...one, state: 'retired', publishedUntil: step.publishedUntil }
          : one,
      );
    case 'remove':
      return keys.filter(({ kid }) => kid !== step.kid);
  }
}
