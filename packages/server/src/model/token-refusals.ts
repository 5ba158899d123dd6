import type { NumericDate, Refusal, RefusalReason } from '@tessera/protocol';

/** Refusals of one client for one reason in one hour of UTC, to be added to what others counted. */
export type RefusalDelta = {
  readonly realm: string;
  /** As claimed; the store keeps it only where there is such a client. Empty: nobody known. */
  readonly clientId: string;
  readonly reason: RefusalReason;
  /** The first second of the hour. */
  readonly hour: NumericDate;
  readonly refused: number;
  readonly lastAt: NumericDate;
  /** Of the latest, as operators read it: never a secret, and bounded. */
  readonly details: Readonly<Record<string, unknown>>;
};

/** One reason over a span of time. */
export type RefusalsOfReason = {
  readonly reason: string;
  readonly refused: number;
  readonly lastAt: NumericDate;
  /** How many clients it happened to. */
  readonly clientCount: number;
  /** Those to whom it happened most often, `REFUSED_CLIENTS_MAX` at most. */
  readonly clients: readonly RefusalsOfClient[];
  /** The hours in which it happened, oldest first. */
  readonly hours: readonly { readonly at: NumericDate; readonly refused: number }[];
};

export type RefusalsOfClient = {
  /** undefined: callers that are no client, and those beyond what is kept apart. */
  readonly clientId: string | undefined;
  readonly refused: number;
  readonly lastAt: NumericDate;
  readonly details: Readonly<Record<string, unknown>>;
};

export const REFUSED_CLIENTS_MAX = 20;

/** Counts what token requests are refused for. Never throws. */
export type RefusalMeter = {
  /**
   * `clientId` as the refusal has it: what is kept of it is up to the store, which knows whether
   * there is such a client. `details` are for operators and bounded.
   */
  refused(
    realm: string,
    clientId: string | undefined,
    refusal: Refusal,
    details: Readonly<Record<string, unknown>>,
    now: NumericDate,
  ): void;
};
