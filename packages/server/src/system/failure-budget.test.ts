import { numericDate } from '@tessera/protocol';
import { beforeEach, expect, it } from 'vitest';
import type { Clock } from '../environment.ts';
import { FAILURE_LIMITS, failureBudget } from './failure-budget.ts';

let milliseconds = 1_800_000_000_000;
const clock: Clock = {
  now: () => numericDate(Math.floor(milliseconds / 1000)),
  // The wall clock may be set back and forth: durations are not measured with it.
  milliseconds: () => 0,
  monotonic: () => milliseconds,
};
const home = { realm: 'alpha', claimant: 'myClient', address: '192.0.2.1' };
const stranger = { ...home, address: '198.51.100.9' };

beforeEach(() => {
  milliseconds = 1_800_000_000_000;
});

it('RFC 6749 §2.3.1 the failures of one pair are looked at until the bucket is empty', () => {
  const budget = failureBudget(clock);
  for (let i = 0; i < FAILURE_LIMITS.perPair.capacity; i++) {
    expect(budget.wait(home)).toBe(0);
    budget.failed(home);
  }
  expect(budget.wait(home)).toBe(FAILURE_LIMITS.perPair.refillSeconds);
});

it('time refills the bucket, one try after another', () => {
  const budget = failureBudget(clock);
  for (let i = 0; i < 100; i++) budget.failed(home);
  expect(budget.wait(home)).toBeGreaterThan(0);
  milliseconds += FAILURE_LIMITS.perPair.refillSeconds * 1000;
  expect(budget.wait(home)).toBe(0);
  budget.failed(home);
  expect(budget.wait(home)).toBeGreaterThan(0);
});

it('an address that fails under many names is stopped', () => {
  const budget = failureBudget(clock);
  for (let i = 0; i < FAILURE_LIMITS.perAddress.capacity; i++)
    budget.failed({ ...stranger, claimant: `client-${i}` });
  expect(budget.wait({ ...stranger, claimant: 'one more' })).toBeGreaterThan(0);
  expect(budget.wait({ ...home, claimant: 'one more' })).toBe(0);
});

it('strangers everywhere cannot lock a client out of an address where it was believed', () => {
  const budget = failureBudget(clock);
  budget.succeeded(home);
  for (let i = 0; i < FAILURE_LIMITS.perClaimant.capacity; i++)
    budget.failed({ ...home, address: `203.0.113.${i}` });
  expect(budget.wait({ ...home, address: '203.0.113.250' })).toBeGreaterThan(0);
  expect(budget.wait(home)).toBe(0);
});

it('a success forgives the failures of its own pair only', () => {
  const budget = failureBudget(clock);
  for (let i = 0; i < 20; i++) budget.failed(home);
  for (let i = 0; i < 20; i++) budget.failed(stranger);
  budget.succeeded(home);
  expect(budget.wait(home)).toBe(0);
  expect(budget.wait(stranger)).toBeGreaterThan(0);
});

it('a claimant of one realm says nothing of its namesake in another', () => {
  const budget = failureBudget(clock);
  for (let i = 0; i < 20; i++) budget.failed(home);
  expect(budget.wait({ ...home, realm: 'bravo' })).toBe(0);
});

it('attempts at once are counted before any of them is known to have failed', () => {
  const budget = failureBudget(clock);
  const attempts = Array.from({ length: 66 }, () => budget.attempt(home));
  const granted = attempts.filter(({ wait }) => wait === 0);
  expect(granted).toHaveLength(FAILURE_LIMITS.perPair.capacity);
  granted[0]?.giveBack();
  granted[0]?.giveBack();
  expect(budget.attempt(home).wait).toBe(0);
  expect(budget.attempt(home).wait).toBeGreaterThan(0);
});

it('RFC 4291 §2.5.1 the addresses of one IPv6 network count together', () => {
  const budget = failureBudget(clock);
  for (let i = 0; i < FAILURE_LIMITS.perPair.capacity; i++)
    budget.failed({ ...home, address: `2001:db8::${i}` });
  expect(budget.wait({ ...home, address: '2001:db8::ffff' })).toBeGreaterThan(0);
  expect(budget.wait({ ...home, address: '2001:db8:0:1::1' })).toBe(0);
});
