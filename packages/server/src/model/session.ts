import type { NumericDate } from '@tessera/protocol';

/** A person's signed-in browser or terminal. Kept under the digest of its cookie. */
export type Session = {
  readonly digest: string;
  readonly realm: string;
  /** What others call it by: it is worth nothing as a cookie. */
  readonly id: string;
  readonly userId: string;
  /** Where it was opened from. */
  readonly address: string;
  /** What the browser or terminal called itself then. */
  readonly userAgent: string;
  readonly createdAt: NumericDate;
  /** A little behind: it is not written at every request. */
  readonly lastSeenAt: NumericDate;
  readonly expiresAt: NumericDate;
};
