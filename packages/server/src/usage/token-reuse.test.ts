import { numericDate } from '@tessera/protocol';
import { expect, it } from 'vitest';
import { aClient, aToken } from '../../test/store/fixtures.ts';
import type { ReusableToken } from '../environment.ts';
import { tokenReuse } from './token-reuse.ts';

const now = numericDate(1_800_000_000);
const later = (by: number) => numericDate(now + by);
const client = aClient('alpha', 'c1');
const facts = aToken('alpha', 'c1', 'd1');
const token: ReusableToken = { text: 'eyJ', format: 'jwt', facts };
const circumstances = [client, {}, {}];
const asked = { client, alike: 'read', circumstances };

it('a token answers until its time is over', () => {
  const kept = tokenReuse();
  kept.keep(asked, token, later(30));
  expect(kept.find({ ...asked, circumstances: [...circumstances] }, later(29))).toBe(token);
  expect(kept.find(asked, later(30))).toBeUndefined();
});

it('neither for another client, nor another realm, nor another kind of token', () => {
  const kept = tokenReuse();
  kept.keep(asked, token, later(30));
  expect(kept.find({ ...asked, client: aClient('alpha', 'c2') }, now)).toBeUndefined();
  expect(kept.find({ ...asked, client: aClient('bravo', 'c1') }, now)).toBeUndefined();
  expect(kept.find({ ...asked, alike: 'write' }, now)).toBeUndefined();
});

it('once one of its circumstances was read again, it is forgotten for good', () => {
  for (const index of circumstances.keys()) {
    const kept = tokenReuse();
    kept.keep(asked, token, later(30));
    const changed = circumstances.with(index, {});
    expect(kept.find({ ...asked, circumstances: changed }, now)).toBeUndefined();
    expect(kept.find(asked, now)).toBeUndefined();
  }
});

const askedBy = (realm: string, clientId: string, index: number) => ({
  client: aClient(realm, clientId),
  alike: String(index),
  circumstances,
});

it('a client has its share, of tokens and of characters: what it keeps above takes its own oldest', () => {
  const kept = tokenReuse();
  kept.keep(asked, token, later(30));
  for (let index = 0; index < 20_000; index++)
    kept.keep(askedBy('alpha', 'flood', index), token, later(30));
  expect(kept.find(asked, now)).toBe(token);
  const found = Array.from({ length: 20_000 }, (_, index) =>
    kept.find(askedBy('alpha', 'flood', index), now),
  );
  expect(found.filter(Boolean)).toHaveLength(100);
  expect(found.slice(-100).every(Boolean)).toBe(true);

  const long = { ...token, text: 'x'.repeat(16_000) };
  for (let index = 0; index < 100; index++)
    kept.keep(askedBy('alpha', 'long', index), long, later(30));
  expect(
    Array.from({ length: 100 }, (_, index) =>
      kept.find(askedBy('alpha', 'long', index), now),
    ).filter(Boolean),
  ).toHaveLength(9);
});

it('a realm full of clients takes no token of another realm', () => {
  const kept = tokenReuse();
  const few = Array.from({ length: 50 }, (_, index) => askedBy('bravo', `c${index}`, 0));
  for (const one of few) kept.keep(one, token, later(30));
  const many = Array.from({ length: 12_000 }, (_, index) => askedBy('alpha', `c${index}`, 0));
  for (const one of many) kept.keep(one, token, later(30));
  expect(few.filter((one) => kept.find(one, now))).toHaveLength(50);
  const found = many.filter((one) => kept.find(one, now));
  expect(found).toHaveLength(10_000 - 50);
  expect(found).toEqual(many.slice(-found.length));
});

it('what is kept anew takes one place, and what is forgotten none', () => {
  const kept = tokenReuse();
  for (let index = 0; index < 20_000; index++) {
    kept.keep(asked, token, later(30));
    const other = askedBy('alpha', 'c3', index);
    kept.keep(other, token, later(30));
    kept.find({ ...other, circumstances: [] }, now);
  }
  const rest = Array.from({ length: 9_999 }, (_, index) => askedBy('alpha', `d${index}`, 0));
  for (const one of rest) kept.keep(one, token, later(30));
  expect([asked, ...rest].filter((one) => kept.find(one, now))).toHaveLength(10_000);
});
