import type { NumericDate } from '@tessera/protocol';

/** What was counted in some span of time. */
export type UsageCounts = {
  /** Tokens that were made. */
  readonly issued: number;
  /** Answers with a token that had been made for an earlier request. */
  readonly reused: number;
  /** Requests of an authenticated client that got no token. */
  readonly refused: number;
  /** Of the issued: while an identical one had more than half of its life before it. */
  readonly wasted: number;
};

/** Counts of one client in one hour of UTC, to be added to what others have counted. */
export type UsageDelta = UsageCounts & {
  readonly realm: string;
  readonly clientId: string;
  /** The first second of the hour. */
  readonly hour: NumericDate;
};

/** What was counted in the hour or the day of UTC that begins at `at`. */
export type UsageBucket = UsageCounts & { readonly at: NumericDate };

export type UsageOfClient = UsageCounts & { readonly clientId: string };

/** An enabled client that has proved itself by nothing for some time. */
export type UnusedClient = {
  readonly clientId: string;
  readonly name: string;
  readonly createdAt: NumericDate;
  /** undefined: never. */
  readonly lastUsedAt: NumericDate | undefined;
};

/** Whose tokens are counted; without a client those of the whole realm. */
export type UsageOwner = { readonly realm: string; readonly clientId: string | undefined };

/** Tokens issued so far, by every node. */
export type IssuedTotals = { readonly hour: number; readonly day: number };

export const USAGE_SPANS = ['hour', 'day'] as const;
/** The hours and days of UTC. */
export type UsageSpan = (typeof USAGE_SPANS)[number];

const LENGTHS: Readonly<Record<UsageSpan, number>> = { hour: 3_600, day: 86_400 };

/** The first second of the hour or day in which an instant is. */
export const startOf = (span: UsageSpan, at: NumericDate): NumericDate =>
  (at - (at % LENGTHS[span])) as NumericDate;

/** The first second after it. */
export const endOf = (span: UsageSpan, at: NumericDate): NumericDate =>
  (startOf(span, at) + LENGTHS[span]) as NumericDate;
