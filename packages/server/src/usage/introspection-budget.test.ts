import { numericDate } from '@tessera/protocol';
import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { aClient } from '../../test/store/fixtures.ts';
import type { Clock, IntrospectionBudget } from '../environment.ts';
import { introspectionBudget } from './introspection-budget.ts';

const LIMITS = { capacity: 10, refillPerSecond: 2 };
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
const ask = (token: string, made: boolean, who = caller): boolean => {
  if (budget.wait(who, token) > 0) return false;
  budget.answered(who, token, made);
  return true;
};
let texts = 0;
const guess = (who = caller): boolean => ask(`guess ${texts++}`, false, who);
const guessMany = (count: number): number =>
  Array.from({ length: count }, () => guess()).filter(Boolean).length;

it('RFC 7662 §4 so many guesses in a row are answered, and then two a second', () => {
  expect(guessMany(50)).toBe(10);
  expect(budget.wait(caller, 'another')).toBe(1);
  seconds += 5;
  expect(guessMany(50)).toBe(10);
  seconds += 1;
  expect(guessMany(50)).toBe(2);
});

it('a token that is known buys no guess', () => {
  let answered = 0;
  for (let index = 0; index < 1_000; index++) {
    for (let known = 0; known < 10; known++) ask('known', true);
    if (guess()) answered += 1;
  }
  expect(answered).toBe(10);
});

it('who asks about tokens that were made is never slowed down', () => {
  for (let index = 0; index < 10_000; index++) expect(ask(`token ${index}`, true)).toBe(true);
});

it('one text is one guess, however often it is asked', () => {
  for (let index = 0; index < 1_000; index++) expect(ask('purged long ago', false)).toBe(true);
  expect(guessMany(50)).toBe(9);
  expect(ask('purged long ago', false)).toBe(true);
});

it('tokens in use go on being answered while rubbish floods in', () => {
  guessMany(7);
  expect(ask('in use', true)).toBe(true);
  guessMany(100);
  expect(budget.wait(caller, 'in use')).toBe(0);
  expect(budget.wait(caller, 'never seen')).toBeGreaterThan(0);
});

it('a caller has a budget of its own, in its own realm', () => {
  guessMany(20);
  expect(guess()).toBe(false);
  expect(guess(aClient('alpha', 'other'))).toBe(true);
  expect(guess(aClient('bravo', 'api'))).toBe(true);
});

it('whatever is asked, no more guesses are answered than the budget and what refills it', () => {
  const asked = fc.array(fc.record({ made: fc.boolean(), pause: fc.integer({ min: 0, max: 3 }) }), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(asked, (all) => {
      budget = introspectionBudget(clock, LIMITS);
      const start = seconds;
      let guesses = 0;
      for (const { made, pause } of all) {
        seconds += pause;
        if (made) ask('known', true);
        else if (guess()) guesses++;
        expect(guesses).toBeLessThanOrEqual(10 + 2 * (seconds - start));
      }
    }),
  );
});
