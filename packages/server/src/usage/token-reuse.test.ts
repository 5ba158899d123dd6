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

it('no more are kept than fit', () => {
  const kept = tokenReuse();
  const long = { ...token, text: 'x'.repeat(1_000_000) };
  for (let index = 0; index < 40; index++)
    kept.keep({ ...asked, alike: String(index) }, long, later(30));
  const found = Array.from({ length: 40 }, (_, index) =>
    kept.find({ ...asked, alike: String(index) }, now),
  ).filter((one) => one !== undefined);
  expect(found.length).toBeGreaterThan(10);
  expect(found.length).toBeLessThan(17);
});
