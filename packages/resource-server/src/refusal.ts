import { formatScope } from '@tessera/protocol';
import { type Challenge, formatChallenges } from './challenge.ts';
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

/** The scheme by which a token was presented, or `undefined` for none. RFC 9449 §7.1 */
export type Scheme = 'Bearer' | 'DPoP';

const INVALID = 'The access token is expired, revoked, malformed or not for this resource';
const PROOF = 'The DPoP proof is missing, malformed or not for this request and token';
const NONCE = 'The DPoP proof needs the nonce of this resource server';
const NOT_ALLOWED = 'The access token does not allow this';
const UNAVAILABLE = 'The access token can not be validated at the moment';

const invalidToken = [401, 'invalid_token', INVALID] as const;
const invalidProof = [401, 'invalid_dpop_proof', PROOF] as const;
const nonceWanted = [401, 'use_dpop_nonce', NONCE] as const;
const notAllowed = [403, 'insufficient_scope', NOT_ALLOWED] as const;
const unavailable = [503, 'temporarily_unavailable', UNAVAILABLE] as const;

/** reason → status, error, words. All tokens that are no good share their words: no oracle. */
const WIRE = {
  // "If the request lacks any authentication information […] the resource server SHOULD NOT
  // include an error code or other error information." RFC 6750 §3.1.
  token_missing: [401, undefined, 'An access token is required in the Authorization header'],
  authorization_repeated: [400, 'invalid_request', 'The Authorization header is repeated'],
  token_repeated: [400, 'invalid_request', 'The access token is sent in more than one way'],
  token_malformed: [400, 'invalid_request', 'The Authorization header is malformed'],
  token_not_jwt: invalidToken,
  token_type_wrong: invalidToken,
  token_algorithm_not_allowed: invalidToken,
  key_unknown: invalidToken,
  signature_wrong: invalidToken,
  claim_missing: invalidToken,
  claim_malformed: invalidToken,
  token_expired: invalidToken,
  token_not_yet_valid: invalidToken,
  token_issued_in_future: invalidToken,
  token_inactive: invalidToken,
  token_revoked: invalidToken,
  token_suspended: invalidToken,
  token_status_unknown: invalidToken,
  token_status_malformed: invalidToken,
  token_not_in_status_list: invalidToken,
  token_of_another_issuer: invalidToken,
  token_for_another_audience: invalidToken,
  confirmation_unsupported: invalidToken,
  token_not_bound: invalidToken,
  bound_token_as_bearer: invalidToken,
  certificate_missing: invalidToken,
  certificate_wrong: invalidToken,
  // The proof is good, the key is another: §7.1 of RFC 9449 has the token refused for that.
  proof_key_wrong: invalidToken,
  proof_missing: invalidProof,
  proof_repeated: invalidProof,
  proof_malformed: invalidProof,
  proof_type_wrong: invalidProof,
  proof_algorithm_unsupported: invalidProof,
  proof_key_private: invalidProof,
  proof_key_unusable: invalidProof,
  proof_signature_wrong: invalidProof,
  proof_method_wrong: invalidProof,
  proof_target_wrong: invalidProof,
  proof_not_fresh: invalidProof,
  proof_hash_wrong: invalidProof,
  proof_replayed: invalidProof,
  proof_nonce_missing: nonceWanted,
  proof_nonce_wrong: nonceWanted,
  scope_insufficient: [403, 'insufficient_scope', 'The access token lacks a scope'],
  authorization_details_insufficient: notAllowed,
  subject_not_allowed: notAllowed,
  own_credentials_unavailable: unavailable,
  authorization_server_unreachable: unavailable,
  authorization_server_refused: unavailable,
  authorization_server_answer_malformed: unavailable,
  validations_too_many: unavailable,
  status_unavailable: unavailable,
  replays_unavailable: unavailable,
} as const satisfies Record<TokenRefusal['reason'], readonly [number, string | undefined, string]>;

/** What the API tells about itself in a challenge. */
export type ChallengeDetails = {
  /** RFC 9110 §11.5 */
  readonly realm: string | undefined;
  /** Where callers learn which authorization server gives tokens for this API. RFC 9728 §5.1 */
  readonly resourceMetadata: string | undefined;
  /** Whether tokens are taken that are bound to nothing. */
  readonly bearer: boolean;
  /** The algorithms of DPoP proofs; undefined: proofs are not taken. RFC 9449 §7.1 */
  readonly dpopAlgorithms: readonly string[] | undefined;
};

const RETRY_AFTER_SECONDS = 1;
const RETRY_AFTER_SECONDS_MAX = 60;

/** What belongs into the answer to one request. */
export type RequestDetails = {
  /** For the next proof. RFC 9449 §9 */
  readonly nonce?: string | undefined;
  /** What is required: told to who came without a token, and may still choose what to ask for. */
  readonly scopes?: readonly string[] | undefined;
};

/**
 * Puts a refusal into the words of the wire: status, `WWW-Authenticate` and body. RFC 6750 §3,
 * RFC 9449 §7.1. `scheme` is the one by which the token came: the error is told in its challenge.
 */
export function describeRefusal(
  cause: TokenRefusal,
  scheme: Scheme | undefined,
  details: ChallengeDetails,
  { nonce, scopes = [] }: RequestDetails = {},
): Refusal {
  const [status, error, words] = WIRE[cause.reason];
  const headers: Record<string, string> = {
    'cache-control': 'no-store',
    'content-type': 'application/json',
  };
  if (status === 503) headers['retry-after'] = String(retryAfterOf(cause));
  else {
    const failure = {
      error,
      error_description: error === undefined ? undefined : words,
      scope: formatNeeded(cause, scopes),
    };
    headers['www-authenticate'] = formatChallenges(challengesOf(failure, scheme, details));
  }
  if (nonce !== undefined) headers['dpop-nonce'] = nonce;
  return { cause, status, headers, body: { ...(error && { error }), error_description: words } };
}

/** The scopes that would do, where a token with them is what is missing. RFC 6750 §3 */
function formatNeeded(cause: TokenRefusal, scopes: readonly string[]): string | undefined {
  if (cause.reason === 'scope_insufficient') return formatScope(cause.required);
  return cause.reason === 'token_missing' && scopes.length > 0 ? formatScope(scopes) : undefined;
}

type Failure = Pick<Challenge, 'error' | 'error_description' | 'scope'>;

/**
 * One challenge for each scheme that is taken, with what went wrong in the one that was tried,
 * which comes first: many callers read no further. RFC 9449 §7.2
 */
function challengesOf(
  failure: Failure,
  tried: Scheme | undefined,
  { realm, resourceMetadata, bearer, dpopAlgorithms }: ChallengeDetails,
): readonly Challenge[] {
  // Who has tried nothing needs the same scopes by whichever scheme it comes back.
  const scope = failure.error === undefined ? failure.scope : undefined;
  const about = { realm, scope, resource_metadata: resourceMetadata };
  const taken: Challenge[] = [
    ...(bearer || dpopAlgorithms === undefined ? [{ scheme: 'Bearer' as const, ...about }] : []),
    ...(dpopAlgorithms === undefined
      ? []
      : [{ scheme: 'DPoP' as const, ...about, algs: dpopAlgorithms.join(' ') }]),
  ];
  const first = taken.find(({ scheme }) => scheme === tried) ?? taken[0];
  return taken
    .map((challenge) => (challenge === first ? { ...challenge, ...failure } : challenge))
    .sort((a, b) => Number(b.scheme === first?.scheme) - Number(a.scheme === first?.scheme));
}

function retryAfterOf(cause: TokenRefusal): number {
  const told = cause.reason === 'authorization_server_refused' ? cause.retryAfter : undefined;
  return Math.min(told ?? RETRY_AFTER_SECONDS, RETRY_AFTER_SECONDS_MAX);
}
