import { numericDate } from '@tessera/protocol';
import { expect, it } from 'vitest';
import { lately } from './lately.ts';

const at = (second: number) => numericDate(1_800_000_000 + second);

it('a token is wasted while one like it has more than half of its life before it', () => {
  const seen = lately();
  expect(seen.note('a', at(0), at(100))).toBe(false);
  expect(seen.note('a', at(49), at(149))).toBe(true);
  expect(seen.note('a', at(98), at(198))).toBe(true);
  expect(seen.note('a', at(148), at(248))).toBe(false);
});

it('tokens of another kind are not alike', () => {
  const seen = lately();
  seen.note('scope a', at(0), at(100));
  expect(seen.note('scope b', at(1), at(101))).toBe(false);
  expect(seen.note('scope a', at(2), at(102))).toBe(true);
});

it('of eight kinds each is remembered, of more the last eight', () => {
  const seen = lately();
  const note = (kind: number) => seen.note(`kind ${kind}`, at(0), at(100));
  for (let kind = 0; kind < 8; kind++) note(kind);
  expect(note(0)).toBe(true);
  note(8);
  expect([note(1), note(0)]).toEqual([true, false]);
});
