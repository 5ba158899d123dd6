import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findStatus } from './status-list.ts';
import {
  composeStatusList,
  indexOfPlace,
  LIST_PLACES,
  LIST_WINDOW_SECONDS,
  ORDER_BYTES,
  PLACES_PER_SECOND,
  placeOf,
  placeOfIndex,
  startOfWindow,
  windowOf,
} from './status-list-places.ts';

/** Tables that look random and are the same in every run. */
function orderOf(seed: string): Uint8Array {
  const blocks = Array.from({ length: ORDER_BYTES / 32 }, (_, block) =>
    createHash('sha256').update(`${seed} ${block}`).digest(),
  );
  return new Uint8Array(Buffer.concat(blocks));
}

const ORDER = orderOf('a list');
const WINDOW = 439_453;
const START = startOfWindow(WINDOW);

describe('the order of a list', () => {
  test('has every place once', () => {
    const indexes = new Set<number>();
    for (let place = 0; place < LIST_PLACES; place++) indexes.add(indexOfPlace(ORDER, place));
    expect(indexes.size).toBe(LIST_PLACES);
    expect(Math.max(...indexes)).toBe(LIST_PLACES - 1);
  });

  test('is undone, whatever the tables are', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: ORDER_BYTES, maxLength: ORDER_BYTES }),
        fc.nat(LIST_PLACES - 1),
        (order, place) => {
          expect(placeOfIndex(order, indexOfPlace(order, place))).toBe(place);
        },
      ),
    );
  });

  test('§12.4 tells nothing of the time: indexes of one minute are spread over the whole list', () => {
    const bins = Array.from({ length: 64 }, () => 0);
    const issued = 60 * PLACES_PER_SECOND;
    for (let place = 0; place < issued; place++) {
      const bin = Math.floor((indexOfPlace(ORDER, place) / LIST_PLACES) * bins.length);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const expected = issued / bins.length;
    const chi = bins.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0);
    // 63 degrees of freedom: above 120 with a chance of 1 in 50,000; in order of time it is 60,000.
    expect(chi).toBeLessThan(120);
  });

  test('is another in another list', () => {
    const other = orderOf('another list');
    const same = Array.from({ length: 1_000 }, (_, place) => place).filter(
      (place) => indexOfPlace(ORDER, place) === indexOfPlace(other, place),
    );
    expect(same.length).toBeLessThan(5);
  });
});

describe('places', () => {
  test('no two tokens of a window share one', () => {
    const places = new Set<number>();
    for (let second = 0; second < LIST_WINDOW_SECONDS; second++)
      for (let ordinal = 0; ordinal < PLACES_PER_SECOND; ordinal++)
        places.add(placeOf(START + second, ordinal));
    expect(places.size).toBe(LIST_PLACES);
  });

  test('an instant belongs to the window that starts at it or before', () => {
    expect(windowOf(START)).toBe(WINDOW);
    expect(windowOf(START - 1)).toBe(WINDOW - 1);
    expect(windowOf(START + LIST_WINDOW_SECONDS - 1)).toBe(WINDOW);
  });
});

describe('what a list says', () => {
  const isVoid = (list: Uint8Array, index: number) => findStatus(list, 1, index) === 1;

  test('void is exactly what was issued before the instant, and what was revoked by itself', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -10, max: LIST_WINDOW_SECONDS + 10 }),
        fc.array(fc.nat(LIST_PLACES - 1), { maxLength: 20 }),
        (before, revoked) => {
          const list = composeStatusList(WINDOW, ORDER, START + before, revoked);
          for (let place = 0; place < LIST_PLACES; place += 61) {
            const index = indexOfPlace(ORDER, place);
            const issuedAt = START + Math.floor(place / PLACES_PER_SECOND);
            expect(isVoid(list, index)).toBe(issuedAt < START + before || revoked.includes(index));
          }
          for (const index of revoked) expect(isVoid(list, index)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('nothing is void when nothing was revoked', () => {
    expect(composeStatusList(WINDOW, ORDER, 0, []).every((byte) => byte === 0)).toBe(true);
  });

  test('an index that the list does not have is left out', () => {
    const list = composeStatusList(WINDOW, ORDER, 0, [LIST_PLACES, 1]);
    expect(list.length).toBe(LIST_PLACES / 8);
    expect(isVoid(list, 1)).toBe(true);
  });
});
