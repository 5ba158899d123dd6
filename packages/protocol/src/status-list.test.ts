import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  findStatus,
  isStatusBits,
  markInvalid,
  STATUS_BITS,
  STATUS_INVALID,
} from './status-list.ts';

/* draft-ietf-oauth-status-list. Its vectors are in vectors/status-list.test.ts. */

describe('§4.1 statuses within bytes', () => {
  test('§4.1 the first status of a byte has its least significant bits', () => {
    const list = Uint8Array.of(0b1110_0100);
    expect([0, 1, 2, 3].map((index) => findStatus(list, 2, index))).toEqual([0, 1, 2, 3]);
    expect([0, 1].map((index) => findStatus(list, 4, index))).toEqual([0b0100, 0b1110]);
    expect(findStatus(list, 8, 0)).toBe(0b1110_0100);
  });

  test('§4.1 what is marked is void, and nothing else is', () => {
    const size = 256;
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(size - 1)), (indexes) => {
        const list = new Uint8Array(size / 8);
        for (const index of indexes) markInvalid(list, index);
        const found = Array.from({ length: size }, (_, index) => findStatus(list, 1, index));
        expect(found.map((status) => status === STATUS_INVALID)).toEqual(
          found.map((_, index) => indexes.includes(index)),
        );
      }),
    );
  });

  test('§8.3 beyond the end of a list there is no status', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 20 }),
        fc.constantFrom(...STATUS_BITS),
        fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger()),
        (list, bits, index) => {
          const size = (list.length * 8) / bits;
          const inside = Number.isInteger(index) && index >= 0 && index < size;
          expect(findStatus(list, bits, index) !== undefined).toBe(inside);
        },
      ),
    );
  });

  test.each([0, 3, 16, -1, '1', null, undefined])('§4.1 a status has not %s bits', (bits) => {
    expect(isStatusBits(bits)).toBe(false);
  });
});
