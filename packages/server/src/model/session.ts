import type { NumericDate } from '@tessera/protocol';

/** A person's signed-in browser or terminal. Kept under the digest of its cookie. */
export type Session = {
  readonly digest: string;
  readonly realm: string;
  readonly userId: string;
  readonly createdAt: NumericDate;
  readonly expiresAt: NumericDate;
};
