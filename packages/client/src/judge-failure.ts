import { OAuthError, UnexpectedAnswerError, UnreachableError } from './oauth-error.ts';

/** What a failure means for the next attempt. */
export type Verdict =
  /** It may pass by itself. `wait`: for so many seconds at least, as the server said. */
  | { readonly kind: 'transient'; readonly wait: number | undefined }
  /** The server would say the same again, to this request or to whatever the client asks. */
  | { readonly kind: 'refused'; readonly whom: 'request' | 'client' }
  /** Nothing that a server said: a mistake in the program, or nothing to show. */
  | { readonly kind: 'fault' };

/** Statuses below 500 that pass: Request Timeout, Too Early, Too Many Requests. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Decides whether asking again can help. RFC 6749 §5.2: a refusal is final until somebody changes
 * the request, the client or its credential; a server that is busy, broken or away is not.
 */
export function judgeFailure(error: unknown): Verdict {
  if (error instanceof UnreachableError) return { kind: 'transient', wait: undefined };
  if (!(error instanceof OAuthError) && !(error instanceof UnexpectedAnswerError))
    return { kind: 'fault' };
  if (error.status >= 500 || PASSING.has(error.status))
    return { kind: 'transient', wait: error.retryAfter };
  const ofClient = error instanceof OAuthError && error.error === 'invalid_client';
  return { kind: 'refused', whom: ofClient ? 'client' : 'request' };
}
