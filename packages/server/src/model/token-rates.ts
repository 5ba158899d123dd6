import type { NumericDate } from '@tessera/protocol';

/** Token requests of one realm, minute and latency class, to be added to what others counted. */
export type RateDelta = {
  readonly realm: string;
  /** The first second of the minute. */
  readonly minute: NumericDate;
  /** A class of `latencyClass`. */
  readonly latency: number;
  readonly issued: number;
  readonly refused: number;
};

export type RateRow = Omit<RateDelta, 'realm'>;

/** Seconds for which minutes are kept; what is older is told by the hour. */
export const RATES_KEPT = 2 * 86_400;

/** Counts token requests by minute and by how long they took. Never throws. */
export type RateMeter = {
  answered(realm: string, issued: boolean, milliseconds: number, now: NumericDate): void;
};
