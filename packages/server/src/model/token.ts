import { type NumericDate, numericDate, type TokenFacts } from '@tessera/protocol';

/** An opaque token as it is kept: under the digest of what the client holds, never itself. */
export type StoredToken = Omit<TokenFacts, 'status'> & { readonly digest: string };

/** A token that was revoked before it expired. Kept until then, whatever the token's format. */
export type RevokedToken = {
  readonly realm: string;
  readonly jti: string;
  readonly expiresAt: NumericDate;
  /** The name of its status list; `UNKNOWN_LIST`: in one, if at all; undefined: in none. */
  readonly statusList?: string | undefined;
  /** Its place there. */
  readonly statusIndex?: number | undefined;
};

/** Of a token that was revoked by its `jti` alone nobody knows in which list it is. */
export const UNKNOWN_LIST = '';

/** A client all of whose tokens were void at some time, while some of them could still live. */
export type RevokedHolder = {
  readonly realm: string;
  readonly clientId: string;
  /** Tokens issued before this instant are void. `REVOKED_FOREVER`: it is disabled, or gone. */
  readonly revokedBefore: NumericDate;
  /** By then every token that it voids has expired. */
  readonly expiresAt: NumericDate;
};

/**
 * What voids tokens, with its position among all that ever did in its realm: a later commit has a
 * greater one, on whatever node, so that two states of a realm can be told apart by age.
 */
export type Revocation = (RevokedToken | RevokedHolder) & { readonly position: number };

/** A commit took a realm from one position to the next. */
export type RevocationPosition = {
  readonly realm: string;
  readonly previous: number;
  readonly position: number;
};

/**
 * From when on the tokens of a new client count. Those of an earlier client of the same id may have
 * been issued in this very second, and are not tokens of this one.
 */
export const firstValid = (earlier: RevokedHolder | undefined, now: NumericDate): NumericDate =>
  earlier === undefined ? now : numericDate(now + 1);
