import type { ErrorCode, Refusal, RefusalReason } from './refusal.ts';

/** How the status of an `invalid_client` depends on the way in which credentials came. */
type Status = number | 'authentication';

const INITIAL_TOKEN_INVALID = 'The initial access token is expired, used up or not valid';

const AUTHENTICATION_FAILED = 'Client authentication failed';

/**
 * reason → status, error, error_description. The descriptions are PingAM's where it has one.
 *
 * A reason without a row does not compile. Rows that share their words do so on purpose: whoever
 * probes must not tell an unknown client from a wrong secret. RFC 6749 §5.2, §10.10.
 */
const WIRE = {
  content_type_unsupported: [400, 'invalid_request', 'Invalid Content Type'],
  content_encoding_unsupported: [415, 'invalid_request', 'Content-Encoding is not supported'],
  body_malformed: [400, 'invalid_request', 'The request body can not be read'],
  body_too_large: [413, 'invalid_request', 'The request body is too large'],
  query_not_allowed: [400, 'invalid_request', 'Parameters must be sent in the request body'],
  method_not_allowed: [405, 'method_not_allowed', 'The request method is not allowed'],
  realm_unknown: [404, 'not_found', 'No OAuth2 provider at this address'],
  status_list_unknown: [404, 'not_found', 'No status list at this address'],
  status_list_history_unsupported: [
    501,
    'not_implemented',
    'Status lists tell of the present alone',
  ],
  response_type_unsupported: [
    400,
    'unsupported_response_type',
    'Nobody is asked for authorization here: clients go to the token endpoint',
  ],
  parameters_too_many: [400, 'invalid_request', 'Too many parameters'],
  parameter_repeated: [400, 'invalid_request', 'A parameter is included more than once'],
  parameter_has_control_character: [
    400,
    'invalid_request',
    'A parameter contains a control character',
  ],
  encoding_malformed: [400, 'invalid_request', 'The form encoding is malformed'],
  credentials_missing: [401, 'invalid_client', AUTHENTICATION_FAILED],
  credentials_too_long: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  authorization_repeated: [400, 'invalid_request', 'The Authorization header is repeated'],
  authorization_malformed: [401, 'invalid_client', AUTHENTICATION_FAILED],
  authentication_methods_several: [
    400,
    'invalid_request',
    'More than one client authentication method is used',
  ],
  authentication_method_unsupported: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  authentication_method_not_registered: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  authentication_method_not_allowed: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  credential_expired: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  key_too_short: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  client_id_missing: [400, 'invalid_client', AUTHENTICATION_FAILED],
  client_id_malformed: [400, 'invalid_request', 'The client_id contains invalid characters'],
  client_id_mismatched: [
    400,
    'invalid_request',
    'The client_id parameter differs from the Authorization header',
  ],
  client_unknown: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  client_disabled: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  secret_missing: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  secret_wrong: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  secret_expired: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  secret_public: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  address_not_allowed: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  // RFC 6585 §4.
  failures_too_many: [429, 'temporarily_unavailable', 'Too many failed attempts, try again later'],
  verification_overloaded: [503, 'temporarily_unavailable', 'The server is busy, try again later'],
  client_public: [400, 'unauthorized_client', "Public clients can't use client credentials grant."],
  certificate_repeated: [400, 'invalid_request', 'The client certificate is sent more than once'],
  certificate_malformed: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  certificate_untrusted: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  certificate_expired: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  certificate_not_yet_valid: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  certificate_usage_wrong: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  certificate_weak: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  certificate_unsupported: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  certificate_unknown: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  certificate_subject_wrong: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  client_assertion_type_missing: [400, 'invalid_request', 'The client_assertion_type is missing'],
  client_assertion_type_unknown: [400, 'invalid_client', AUTHENTICATION_FAILED],
  client_assertion_missing: [400, 'invalid_request', 'The client_assertion is missing'],
  client_assertion_too_long: [400, 'invalid_client', AUTHENTICATION_FAILED],
  assertion_malformed: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_type_wrong: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_algorithm_unsupported: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_algorithm_not_allowed: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_issuer_wrong: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_subject_wrong: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_audience_wrong: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_expired: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_too_long_lived: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_not_yet_valid: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_too_old: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_identifier_missing: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_key_unknown: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_signature_wrong: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  assertion_replayed: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  proof_missing: [400, 'invalid_dpop_proof', 'A DPoP proof is required'],
  proof_repeated: [400, 'invalid_dpop_proof', 'The DPoP header is repeated'],
  proof_malformed: [400, 'invalid_dpop_proof', 'The DPoP proof is malformed'],
  proof_type_wrong: [400, 'invalid_dpop_proof', 'The typ of the DPoP proof is not dpop+jwt'],
  proof_algorithm_unsupported: [
    400,
    'invalid_dpop_proof',
    'The algorithm of the DPoP proof is not supported',
  ],
  proof_key_private: [400, 'invalid_dpop_proof', 'The key in the DPoP proof is not public'],
  proof_key_unusable: [400, 'invalid_dpop_proof', 'The key in the DPoP proof can not be used'],
  proof_key_wrong: [400, 'invalid_dpop_proof', 'The DPoP proof is by another key than the token'],
  proof_signature_wrong: [400, 'invalid_dpop_proof', 'The signature of the DPoP proof is wrong'],
  proof_method_wrong: [400, 'invalid_dpop_proof', 'The DPoP proof is for another method'],
  proof_target_wrong: [400, 'invalid_dpop_proof', 'The DPoP proof is for another address'],
  proof_not_fresh: [400, 'invalid_dpop_proof', 'The DPoP proof is too old or from the future'],
  proof_hash_wrong: [400, 'invalid_dpop_proof', 'The DPoP proof is for another access token'],
  proof_replayed: [400, 'invalid_dpop_proof', 'The DPoP proof was used before'],
  // RFC 9449 §8. The new nonce goes into the header DPoP-Nonce.
  proof_nonce_missing: [400, 'use_dpop_nonce', 'A nonce is required in the DPoP proof'],
  proof_nonce_wrong: [400, 'use_dpop_nonce', 'The nonce in the DPoP proof is not accepted'],
  certificate_missing: [400, 'invalid_request', 'A client certificate is required'],
  binding_missing: [400, 'invalid_request', 'A DPoP proof or a client certificate is required'],
  issuer_unknown: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  issuer_keys_unavailable: [
    503,
    'temporarily_unavailable',
    'The keys of the issuer are not available, try again later',
  ],
  workload_unknown: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  workload_ambiguous: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  grant_type_missing: [400, 'invalid_request', 'Grant type is not set'],
  grant_type_unknown: [400, 'unsupported_grant_type', 'Grant type is not supported'],
  grant_type_disabled_in_realm: [400, 'unsupported_grant_type', 'Grant type is not supported'],
  grant_type_not_allowed_to_client: [
    400,
    'unauthorized_client',
    'The client is not authorized to use this grant type',
  ],
  grant_assertion_missing: [400, 'invalid_request', 'Missing parameter: assertion'],
  grant_assertion_refused: [
    400,
    'invalid_grant',
    'The provided access grant is invalid, expired, or revoked.',
  ],
  service_account_scope_unsupported: [
    400,
    'invalid_scope',
    'Unsupported scope for service account',
  ],
  exchange_parameter_missing: [400, 'invalid_request', 'Missing parameter'],
  exchange_token_type_unsupported: [400, 'invalid_request', 'The token type is not supported'],
  subject_token_invalid: [400, 'invalid_request', 'The subject_token is invalid or unacceptable'],
  subject_token_unproven: [
    400,
    'invalid_request',
    'The subject_token is bound to a key that was not shown',
  ],
  actor_token_invalid: [400, 'invalid_request', 'The actor_token is invalid or unacceptable'],
  actor_not_authorized: [400, 'invalid_request', 'The actor is not authorized to act'],
  actors_too_many: [400, 'invalid_request', 'The chain of actors is too long'],
  jwt_not_available: [400, 'invalid_request', 'The resource does not take tokens of this type'],
  scope_malformed: [400, 'invalid_scope', 'The scope is malformed'],
  scope_missing: [400, 'invalid_scope', 'No scope requested and no default scope configured'],
  scope_not_granted: [400, 'invalid_scope', 'Unknown/invalid scope(s)'],
  scope_ambiguous: [
    400,
    'invalid_scope',
    'The scopes belong to different resources, name one with the resource parameter',
  ],
  scope_too_long: [400, 'invalid_scope', 'The scopes do not fit into a token, ask for fewer'],
  authorization_details_malformed: [
    400,
    'invalid_authorization_details',
    'The authorization_details are malformed',
  ],
  detail_type_not_granted: [
    400,
    'invalid_authorization_details',
    'A type of authorization details is unknown',
  ],
  detail_misfit: [
    400,
    'invalid_authorization_details',
    'Authorization details do not conform to their type',
  ],
  detail_location_wrong: [
    400,
    'invalid_authorization_details',
    'The locations of authorization details do not know their type',
  ],
  authorization_details_ambiguous: [
    400,
    'invalid_target',
    'Authorization details and scopes belong to different resources, name one with the resource parameter',
  ],
  authorization_details_too_large: [
    400,
    'invalid_authorization_details',
    'The authorization_details do not fit into a token, ask for fewer',
  ],
  authorization_details_not_for_grant: [
    400,
    'invalid_authorization_details',
    'Authorization details are granted with client_credentials only',
  ],
  resource_not_granted: [400, 'invalid_target', 'The requested resource is not available'],
  resources_too_many: [400, 'invalid_target', 'Too many resources for one token'],
  claims_conflicting: [
    400,
    'invalid_target',
    'The resources would have one claim say different things, ask for a token for each',
  ],
  claims_too_large: [
    400,
    'invalid_target',
    'The claims of the resources do not fit into one token, ask for a token for each',
  ],
  claims_hook_unavailable: [
    503,
    'temporarily_unavailable',
    'What the token has to say is not available, try again later',
  ],
  // RFC 6585 §4. No code of RFC 6749 §5.2 says it, and clients know this one as "try again later".
  quota_exceeded: [429, 'temporarily_unavailable', 'The quota of access tokens is used up'],
  introspections_too_many: [
    429,
    'temporarily_unavailable',
    'Too many tokens were none, try again later',
  ],
  status_lists_too_many: [
    429,
    'temporarily_unavailable',
    'Too many status lists were asked for, try again later',
  ],
  token_missing: [400, 'invalid_request', 'Missing parameter: token'],
  token_of_another_client: [400, 'unauthorized_client', 'The token was issued to another client'],
  // PingAM's words for the same, without the token.
  token_of_another_grant: [
    400,
    'invalid_grant',
    'The provided token id belongs to different access grant.',
  ],
  registration_disabled: [404, 'not_found', 'Clients are not registered here'],
  initial_token_missing: [401, 'invalid_request', 'Missing initial access token'],
  initial_token_unknown: [401, 'invalid_token', INITIAL_TOKEN_INVALID],
  initial_token_expired: [401, 'invalid_token', INITIAL_TOKEN_INVALID],
  initial_token_used_up: [401, 'invalid_token', INITIAL_TOKEN_INVALID],
  registration_token_missing: [401, 'invalid_request', 'Missing registration access token'],
  registration_token_wrong: [401, 'invalid_token', 'The registration access token is not valid'],
  // RFC 6585 §4.
  registrations_too_many: [429, 'temporarily_unavailable', 'Too many attempts, try again later'],
  registration_in_use: [403, 'access_denied', 'An administrator has to delete this client'],
  client_metadata_malformed: [
    400,
    'invalid_client_metadata',
    'The body must be one JSON object, in UTF-8, sent as application/json',
  ],
  client_metadata_too_large: [413, 'invalid_client_metadata', 'The metadata are too large'],
  client_metadata_invalid: [400, 'invalid_client_metadata', 'A member is not valid'],
  redirect_uri_invalid: [
    400,
    'invalid_redirect_uri',
    'redirect_uris must be absolute URIs without a fragment',
  ],
  software_statement_invalid: [
    400,
    'invalid_software_statement',
    'The software statement is not valid',
  ],
  software_statement_unapproved: [
    400,
    'unapproved_software_statement',
    'The software statement is not approved here',
  ],
  client_document_unavailable: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  client_document_invalid: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  client_documents_too_many: ['authentication', 'invalid_client', AUTHENTICATION_FAILED],
  bearer_token_missing: [401, 'invalid_request', 'Missing access token'],
  holder_unproven: [401, 'invalid_token', 'The access token is bound to a key that was not shown'],
  holder_nonce_wrong: [401, 'use_dpop_nonce', 'A nonce is required in the DPoP proof'],
  bearer_token_invalid: [
    401,
    'invalid_token',
    'The access token provided is expired, revoked, malformed, or invalid for other reasons.',
  ],
} as const satisfies Record<RefusalReason, readonly [Status, ErrorCode, string]>;

/** What leaves the server for a refusal. RFC 6749 §5.2. */
export type WireRefusal = {
  readonly status: number;
  readonly error: ErrorCode;
  readonly description: string;
  /** The scheme of `WWW-Authenticate`; there exactly when `status` is 401. RFC 9110 §11.6.1. */
  readonly challenge: 'Basic' | 'Bearer' | 'DPoP' | undefined;
  /** Seconds for `Retry-After`. */
  readonly retryAfter: number | undefined;
  /** The value of `Allow`, on 405. RFC 9110 §15.5.6. */
  readonly allow: string | undefined;
};

/**
 * Puts a refusal into the words of the wire.
 *
 * "If the client attempted to authenticate via the Authorization request header field, the
 * authorization server MUST respond with an HTTP 401 (Unauthorized) status code and include the
 * WWW-Authenticate response header field" (RFC 6749 §5.2). Credentials in the form are answered
 * with 400, as PingAM does, which the same section allows.
 */
export function describeRefusal(refusal: Refusal, usedAuthorizationHeader: boolean): WireRefusal {
  const [declared, error, words] = WIRE[refusal.reason];
  const status = declared === 'authentication' ? (usedAuthorizationHeader ? 401 : 400) : declared;
  return {
    status,
    error,
    description: describeDetail(refusal) ?? words,
    challenge: status === 401 ? challengeOf(refusal.reason) : undefined,
    retryAfter: 'retryAfter' in refusal ? refusal.retryAfter : undefined,
    allow: refusal.reason === 'method_not_allowed' ? refusal.allowed : undefined,
  };
}

/** What the wire may know of a reason. RFC 6749 §5.2 */
export const errorOf = (reason: RefusalReason): ErrorCode => WIRE[reason][1];

function challengeOf(reason: RefusalReason): 'Basic' | 'Bearer' | 'DPoP' {
  if (reason.startsWith('holder')) return 'DPoP';
  return /^(?:bearer|initial_token|registration_token)_/.test(reason) ? 'Bearer' : 'Basic';
}

/** The few descriptions that name what was sent; every part of them obeys the grammar of §5.2. */
function describeDetail(refusal: Refusal): string | undefined {
  if (refusal.reason === 'scope_not_granted')
    return `Unknown/invalid scope(s): [${refusal.scope.slice(0, 10).join(', ').slice(0, 200)}]`;
  if (refusal.reason === 'client_metadata_invalid') return `${refusal.member} ${refusal.detail}`;
  // PingOne's words, and all of the scopes: its clients read them, and ask again without.
  if (refusal.reason === 'service_account_scope_unsupported')
    return `Unsupported scope for service account: ${formatWhole(refusal.scope)}`;
  if (refusal.reason === 'exchange_parameter_missing')
    return `Missing parameter: ${refusal.parameter}`;
  if (refusal.reason === 'exchange_token_type_unsupported')
    return `The ${refusal.parameter} is not supported`;
  if (refusal.reason === 'method_not_allowed')
    return `Required Method: ${refusal.allowed} found: ${refusal.found}`;
  return undefined;
}

/** Characters, far more than a client asks for. */
const SCOPES_IN_WORDS_MAX = 4_096;

/** As many as fit, none of them cut. */
function formatWhole(scope: readonly string[]): string {
  let length = 0;
  return scope
    .filter((token) => {
      length += token.length + 1;
      return length <= SCOPES_IN_WORDS_MAX;
    })
    .join(',');
}
