import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTORS_MAX, describeActors, readActors } from './acting-party.ts';

describe('RFC 8693 §4.1 the chain of those who act', () => {
  test('§4.1 has the party that acts now outside, and earlier ones within', () => {
    expect(describeActors(['c', 'b', 'a'])).toEqual({
      sub: 'c',
      act: { sub: 'b', act: { sub: 'a' } },
    });
    expect(describeActors([])).toBeUndefined();
  });

  test('§4.1 what is written is read back', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: ACTORS_MAX }), (actors) => {
        expect(readActors(describeActors(actors))).toEqual(actors);
      }),
    );
  });

  test.each([
    ['null', null],
    ['a name', 'a'],
    ['a list', [{ sub: 'a' }]],
    ['nobody', {}],
    ['a number', { sub: 1 }],
    ['nobody within', { sub: 'a', act: {} }],
    ['null within', { sub: 'a', act: null }],
    ['one more than is made here', describeActors(['a', 'b', 'c', 'd', 'e', 'f'])],
  ])('§4.1 %s is no chain', (_, act) => {
    expect(readActors(act)).toBeUndefined();
  });

  test('§4.1 a claim of any form is read or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (act) => {
        expect(readActors(act)?.length ?? 0).toBeLessThanOrEqual(ACTORS_MAX);
      }),
    );
  });
});
