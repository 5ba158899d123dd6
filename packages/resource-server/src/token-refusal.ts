import { formatScope } from '@tessera/protocol';

/**
 * Why a request is not let through: for the operator, who may log it. It never holds the token.
 */
export type TokenRefusal =
  // What was presented. RFC 6750 §2, §3.1
  | { readonly reason: 'token_missing' }
  | { readonly reason: 'authorization_repeated' }
  | { readonly reason: 'token_repeated' }
  | { readonly reason: 'token_malformed' }
  // What the authorization server said of it. RFC 7662 §2.2
  | { readonly reason: 'token_inactive' }
  | { readonly reason: 'token_of_another_issuer' }
  | { readonly reason: 'token_for_another_audience' }
  | { readonly reason: 'token_bound_to_key' }
  | {
      readonly reason: 'scope_insufficient';
      /** All that is required, as the challenge names it. */
      readonly required: readonly string[];
      readonly clientId: string | undefined;
    }
  // Why it could not be asked: no token is let through unseen.
  | { readonly reason: 'own_credentials_unavailable' }
  | { readonly reason: 'authorization_server_unreachable' }
  | {
      readonly reason: 'authorization_server_refused';
      /** 400 or 401: this API's own credentials are wrong. */
      readonly status: number;
      readonly retryAfter: number | undefined;
    }
  | { readonly reason: 'authorization_server_answer_malformed' }
  | { readonly reason: 'validations_too_many' };

const INVALID = 'The access token is expired, revoked, malformed or not for this resource';
const UNAVAILABLE = 'The access token can not be validated at the moment';

/** reason → status, error, words. All tokens that are no good share their words: no oracle. */
const WIRE = {
  // "If the request lacks any authentication information […] the resource server SHOULD NOT
  // include an error code or other error information." RFC 6750 §3.1.
  token_missing: [401, undefined, 'An access token is required in the Authorization header'],
  authorization_repeated: [400, 'invalid_request', 'The Authorization header is repeated'],
  token_repeated: [400, 'invalid_request', 'The access token is sent in more than one way'],
  token_malformed: [400, 'invalid_request', 'The Authorization header is malformed'],
  token_inactive: [401, 'invalid_token', INVALID],
  token_of_another_issuer: [401, 'invalid_token', INVALID],
  token_for_another_audience: [401, 'invalid_token', INVALID],
  token_bound_to_key: [401, 'invalid_token', INVALID],
  scope_insufficient: [403, 'insufficient_scope', 'The access token lacks a scope'],
  own_credentials_unavailable: [503, 'temporarily_unavailable', UNAVAILABLE],
  authorization_server_unreachable: [503, 'temporarily_unavailable', UNAVAILABLE],
  authorization_server_refused: [503, 'temporarily_unavailable', UNAVAILABLE],
  authorization_server_answer_malformed: [503, 'temporarily_unavailable', UNAVAILABLE],
  validations_too_many: [503, 'temporarily_unavailable', UNAVAILABLE],
} as const satisfies Record<TokenRefusal['reason'], readonly [number, string | undefined, string]>;

/** What the API tells about itself in a challenge. */
export type ChallengeDetails = {
  /** RFC 9110 §11.5 */
  readonly realm?: string | undefined;
  /** Where callers learn which authorization server gives tokens for this API. RFC 9728 §5.1 */
  readonly resourceMetadata?: string | undefined;
};

/** What leaves the API for a refusal. */
export type WireTokenRefusal = {
  readonly status: 400 | 401 | 403 | 503;
  readonly headers: Readonly<Record<string, string>>;
  /** A body for callers that read JSON; `error` is missing where the challenge has none. */
  readonly body: { readonly error?: string; readonly error_description: string };
};

const RETRY_AFTER_SECONDS = 1;
const RETRY_AFTER_SECONDS_MAX = 60;

/**
 * Puts a refusal into the words of the wire: status, `WWW-Authenticate` and body. RFC 6750 §3.
 */
export function describeTokenRefusal(
  refusal: TokenRefusal,
  { realm, resourceMetadata }: ChallengeDetails = {},
): WireTokenRefusal {
  const [status, error, words] = WIRE[refusal.reason];
  const headers: Record<string, string> = { 'cache-control': 'no-store' };
  if (status === 503) headers['retry-after'] = String(retryAfterOf(refusal));
  else
    headers['www-authenticate'] = formatBearerChallenge({
      realm,
      error,
      error_description: error === undefined ? undefined : words,
      scope: refusal.reason === 'scope_insufficient' ? formatScope(refusal.required) : undefined,
      resource_metadata: resourceMetadata,
    });
  return {
    status,
    headers,
    body: { ...(error !== undefined && { error }), error_description: words },
  };
}

function retryAfterOf(refusal: TokenRefusal): number {
  const told = refusal.reason === 'authorization_server_refused' ? refusal.retryAfter : undefined;
  return Math.min(told ?? RETRY_AFTER_SECONDS, RETRY_AFTER_SECONDS_MAX);
}

export type BearerChallenge = {
  readonly realm?: string | undefined;
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
  readonly scope?: string | undefined;
  /** RFC 9728 §5.1 */
  readonly resource_metadata?: string | undefined;
};

const ATTRIBUTES = ['realm', 'error', 'error_description', 'scope', 'resource_metadata'] as const;

/**
 * A `WWW-Authenticate` challenge. RFC 6750 §3. Every value is a quoted string (RFC 9110 §5.6.4),
 * with quotes and backslashes escaped, and what can not be in one, line breaks above all, replaced.
 */
export function formatBearerChallenge(challenge: BearerChallenge): string {
  const attributes = ATTRIBUTES.flatMap((name) => {
    const value = challenge[name];
    return value === undefined ? [] : [`${name}="${escapeQuoted(value)}"`];
  });
  return attributes.length === 0 ? 'Bearer' : `Bearer ${attributes.join(', ')}`;
}

const escapeQuoted = (value: string): string =>
  value.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&');
