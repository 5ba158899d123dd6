import type { NumericDate } from '@tessera/protocol';

/**
 * What lets a client register itself, so many times. RFC 7591 §1.2. Only its digest is kept.
 */
export type InitialAccessToken = {
  readonly realm: string;
  readonly id: string;
  readonly label: string;
  readonly digest: string;
  /** The most that clients registered with it may hold; undefined: what the realm allows. */
  readonly scopes: readonly string[] | undefined;
  /** How many clients have been registered with it, and how many may be. */
  readonly uses: number;
  readonly usesMax: number;
  readonly createdAt: NumericDate;
  readonly expiresAt: NumericDate;
  readonly revision: number;
};

export const INITIAL_ACCESS_TOKENS_MAX = 1_000;

/** Why a token registers nobody any more; undefined: it does. */
export function findEnd(
  { uses, usesMax, expiresAt }: InitialAccessToken,
  now: NumericDate,
): 'expired' | 'used_up' | undefined {
  if (expiresAt <= now) return 'expired';
  return uses >= usesMax ? 'used_up' : undefined;
}
