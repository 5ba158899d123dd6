import { markInvalid } from './status-list.ts';

/*
 * Where in a list a token has its place. A list covers a window of time, and every second of it has
 * the same number of places, so that nothing need be remembered to give out a place that nobody had
 * before, or to know of any place when its token was issued at the earliest and at the latest.
 */

/** How many tokens of one second a list takes. */
export const PLACES_PER_SECOND = 16;

/** Seconds that a list covers: a little more than an hour, so that 2^16 places fill 8 KiB. */
export const LIST_WINDOW_SECONDS = 4_096;

export const LIST_PLACES = PLACES_PER_SECOND * LIST_WINDOW_SECONDS;

/** Bytes of random functions that a list's order hangs on. */
export const ORDER_BYTES = 4 * 256;

/** The window that an instant falls into. */
export const windowOf = (instant: number): number => Math.floor(instant / LIST_WINDOW_SECONDS);

export const startOfWindow = (window: number): number => window * LIST_WINDOW_SECONDS;

/**
 * The index of a place under a list's secret order: a permutation of 2^16, so no two places share an
 * index, and whoever does not know the order learns from an index neither when a token was issued
 * nor how many there are. Token Status List §12.4, §13.2
 *
 * A Feistel network of four rounds over 8 + 8 bits whose round functions are the secret tables
 * (Luby and Rackoff): nothing but four look-ups for each token.
 */
export function indexOfPlace(order: Uint8Array, place: number): number {
  let left = place >> 8;
  let right = place & 0xff;
  for (let round = 0; round < ORDER_BYTES; round += 256) {
    const next = left ^ (order[round + right] ?? 0);
    left = right;
    right = next;
  }
  return (left << 8) | right;
}

/** The place behind an index. */
export function placeOfIndex(order: Uint8Array, index: number): number {
  let left = index >> 8;
  let right = index & 0xff;
  for (let round = ORDER_BYTES - 256; round >= 0; round -= 256) {
    const before = right ^ (order[round + left] ?? 0);
    right = left;
    left = before;
  }
  return (left << 8) | right;
}

/** The place of the token that is the `ordinal`th of its second in a list; both from 0. */
export const placeOf = (issuedAt: number, ordinal: number): number =>
  (issuedAt % LIST_WINDOW_SECONDS) * PLACES_PER_SECOND + ordinal;

/**
 * The list of a window, one bit for each place: void are the single indexes that are named, and
 * whatever was issued before an instant.
 */
export function composeStatusList(
  window: number,
  order: Uint8Array,
  revokedBefore: number,
  revoked: Iterable<number>,
): Uint8Array {
  const list = new Uint8Array(LIST_PLACES / 8);
  const seconds = Math.min(revokedBefore - startOfWindow(window), LIST_WINDOW_SECONDS);
  if (seconds === LIST_WINDOW_SECONDS) return list.fill(0xff);
  for (let place = 0; place < seconds * PLACES_PER_SECOND; place++)
    markInvalid(list, indexOfPlace(order, place));
  for (const index of revoked) if (index < LIST_PLACES) markInvalid(list, index);
  return list;
}
