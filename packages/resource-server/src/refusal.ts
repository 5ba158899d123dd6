import type { TokenRefusal } from './token-refusal.ts';

/** A request that is not admitted: what to answer, and why. */
export type Refusal = {
  /** For the operator, exactly. It never holds the token, and never belongs into the answer. */
  readonly cause: TokenRefusal;
  readonly status: 400 | 401 | 403 | 503;
  /** In small letters: `www-authenticate`, `cache-control`, `content-type`, `dpop-nonce`, `retry-after`. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be sent as JSON. `error` is missing where the challenge has none. */
  readonly body: { readonly error?: string; readonly error_description: string };
};
