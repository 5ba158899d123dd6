import { numericDate } from '@tessera/protocol';
import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { aClient } from '../../test/store/fixtures.ts';
import type { Clock, IntrospectionBudget } from '../environment.ts';
import { introspectionBudget } from './introspection-budget.ts';

const LIMITS = { capacity: 10, refillPerSecond: 2, refillPerActive: 3 };
const caller = aClient('alpha', 'api');

let seconds = 0;
const clock: Clock = {
  now: () => numericDate(seconds),
  milliseconds: () => seconds * 1_000,
  monotonic: () => seconds * 1_000,
};
let budget: IntrospectionBudget;
beforeEach(() => {
  seconds = 1_000;
  budget = introspectionBudget(clock, LIMITS);
});

/** Asks as the endpoint does; answers whether it was let through. */
const ask = (token: string, active: boolean, who = caller): boolean => {
  if (budget.wait(who, token) > 0) return false;
  budget.answered(who, token, active);
  return true;
};
const askMany = (count: number, active: boolean): number =>
  Array.from({ length: count }, (_, index) => ask(`t${index}`, active)).filter((one) => one).length;

it('RFC 7662 §4 so many inactive tokens in a row are answered, and then two a second', () => {
  expect(askMany(50, false)).toBe(10);
  expect(budget.wait(caller, 'another')).toBe(1);
  seconds += 5;
  expect(askMany(50, false)).toBe(10);
  seconds += 1;
  expect(askMany(50, false)).toBe(2);
});

it('who asks about active tokens is never slowed down', () => {
  expect(askMany(10_000, true)).toBe(10_000);
  for (let index = 0; index < 1_000; index++) {
    expect(ask(`rubbish ${index}`, false)).toBe(true);
    expect(ask(`real ${index}`, true)).toBe(true);
  }
});

it('tokens that were active go on being answered while rubbish floods in', () => {
  for (let index = 0; index < 7; index++) ask(`rubbish ${index}`, false);
  expect(ask('in use', true)).toBe(true);
  while (ask('rubbish', false));
  expect(budget.wait(caller, 'in use')).toBe(0);
  expect(budget.wait(caller, 'never seen')).toBeGreaterThan(0);
});

it('a caller has a budget of its own, in its own realm', () => {
  while (ask('rubbish', false));
  expect(ask('rubbish', false, aClient('alpha', 'other'))).toBe(true);
  expect(ask('rubbish', false, aClient('bravo', 'api'))).toBe(true);
});

it('whatever is asked, no more is answered than the budget and what refills it', () => {
  const asked = fc.array(
    fc.record({ active: fc.boolean(), pause: fc.integer({ min: 0, max: 3 }) }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(asked, (all) => {
      budget = introspectionBudget(clock, LIMITS);
      const start = seconds;
      let inactive = 0;
      let active = 0;
      for (const [index, one] of all.entries()) {
        seconds += one.pause;
        if (!ask(`t${index}`, one.active)) continue;
        if (one.active) active++;
        else inactive++;
        expect(inactive).toBeLessThanOrEqual(10 + 2 * (seconds - start) + 3 * active);
      }
    }),
  );
});
