import { numericDate } from '@tessera/protocol';
import { expect, it } from 'vitest';
import type { Clock } from '../environment.ts';
import { signingBudget } from './signing-budget.ts';

let seconds = 1_000;
const clock: Clock = {
  now: () => numericDate(seconds),
  milliseconds: () => seconds * 1_000,
  monotonic: () => seconds * 1_000,
};
const open = () =>
  signingBudget(clock, (address) => address.split('.')[0] ?? '', {
    perAddress: { capacity: 5, refillPerSecond: 2 },
    perRealm: { capacity: 8, refillPerSecond: 4 },
  });

const many = (count: number, take: () => number): number =>
  Array.from({ length: count }, take).filter((wait) => wait === 0).length;

it('an address, however it is written, has so many at once, and then two a second', () => {
  const budget = open();
  let host = 0;
  const take = () => budget.take('alpha', `1.${host++}`, 'of_realm');
  expect(many(20, take)).toBe(5);
  expect(take()).toBe(1);
  seconds += 1;
  expect(many(20, take)).toBe(2);
  expect(budget.take('alpha', '2', 'of_realm')).toBe(0);
});

it('all addresses have so many in one realm, and what everybody needs is apart', () => {
  const budget = open();
  const take = (realm: string, share: 'of_realm' | 'of_address') => {
    let address = 0;
    return many(20, () => budget.take(realm, `${share}${address++}`, share));
  };
  expect(take('alpha', 'of_realm')).toBe(8);
  expect(take('bravo', 'of_realm')).toBe(8);
  expect(take('alpha', 'of_address')).toBe(20);
});

it('who is refused has taken nothing from the others', () => {
  const budget = open();
  expect(many(1_000, () => budget.take('alpha', '1', 'of_realm'))).toBe(5);
  expect(many(20, () => budget.take('alpha', '2', 'of_realm'))).toBe(3);
});
