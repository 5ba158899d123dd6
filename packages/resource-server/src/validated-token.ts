import type { StatusReference } from '@tessera/protocol';
import type { AcceptedToken } from './accepted-token.ts';

/**
 * A token whose signature or issuer vouches for it. What changes with time or from request to
 * request, its end, its status, the keys of its caller, is judged anew each time.
 */
export type ValidatedToken = {
  readonly token: AcceptedToken;
  /** Seconds since 1970; undefined: from the beginning. */
  readonly notBefore: number | undefined;
  /** Where its revocation would show; undefined: nowhere. */
  readonly status: StatusReference | undefined;
};
