/* Grants, scopes, quotas. RFC 6749 §5.2: cause and remedy of each refusal, as docs/refusals.md has them. */

export const GRANT_WORDS = {
  grant_type_missing: ['No grant type', 'No `grant_type`.'],
  grant_type_unknown: ['Unknown grant type', 'A grant type that this server does not have.'],
  grant_type_disabled_in_realm: [
    'Grant type not enabled in the realm',
    'Enable it on the realm: `tessera provider update --grant-type`.',
  ],
  grant_type_not_allowed_to_client: [
    'Grant type not allowed to the client',
    'Enable it on the client: `tessera client update --grant-type`.',
  ],
  grant_assertion_missing: [
    'Grant without its assertion',
    'The grant is a JWT and there is no `assertion`.',
  ],
  grant_assertion_refused: [
    'Assertion of the grant refused',
    '`because` is the reason for which the assertion would be refused where a client authenticates: `assertion_expired`, `issuer_unknown` and so on. The audience may also be the token endpoint.',
  ],
  service_account_scope_unsupported: [
    'Service account scope unsupported',
    'As `scope_not_granted`, in the words that clients of PingOne read; only in the security profile `pingone`.',
  ],
  exchange_parameter_missing: [
    'No exchange parameter',
    'A token exchange needs `subject_token` with its type; `actor_token` and its type come together.',
  ],
  exchange_token_type_unsupported: [
    'Exchange token type unsupported',
    'Subject tokens are access tokens, or JWTs and ID tokens of trusted issuers; actor tokens are access tokens; what is issued is an access token.',
  ],
  subject_token_invalid: [
    'Subject token is not good',
    '`because` says why: expired, revoked, or not for the client that sent it.',
  ],
  subject_token_unproven: [
    'Subject token unproven',
    'The token is bound to a key: send a proof by that key, or the certificate.',
  ],
  actor_token_invalid: [
    'Actor token is not good',
    '`because` says why. An actor token is one that a client got for itself.',
  ],
  actor_not_authorized: [
    'Actor not authorized',
    'The actor token is of another client, or `may_act` names another: see [grants](grants.md).',
  ],
  actors_too_many: ['Actors too many', 'More than 5 parties act one after the other.'],
  jwt_not_available: ['JWT not available', 'A JWT is asked for, and the API takes opaque tokens.'],
  scope_malformed: ['Malformed scope', 'Two spaces, quotes or control characters in `scope`.'],
  scope_missing: [
    'No scope asked for, and no default',
    'None asked for, no defaults: give the client or the realm some.',
  ],
  scope_not_granted: [
    'Scope not granted',
    'The event names them: `tessera client access` shows what it may have.',
  ],
  scope_ambiguous: [
    'Scope of several APIs',
    'Scopes of several APIs in one request: name the API with `resource`.',
  ],
  scope_too_long: [
    'Too many scopes for one token',
    'More than 4096 characters of scopes in one token: ask for fewer.',
  ],
  authorization_details_malformed: [
    'Malformed authorization details',
    'No JSON array of 1 to 20 objects with a `type`, a member twice, a number that is not kept exactly, or more than 8192 characters.',
  ],
  authorization_details_not_for_grant: [
    'Authorization details not for grant',
    'Another grant than `client_credentials`: nothing that was asked for is dropped in silence.',
  ],
  detail_type_not_granted: [
    'Detail type not granted',
    'No such type at the APIs of the request, or none that the client was granted: `tessera grant set --authorization-detail-type`.',
  ],
  detail_misfit: [
    'Detail misfit',
    'The object is not as the schema of its type has it: `tessera detail-type list`.',
  ],
  detail_location_wrong: [
    'Wrong detail location',
    '`locations` may hold the identifier of the API that has the type, and nothing else.',
  ],
  authorization_details_ambiguous: [
    'Authorization details ambiguous',
    'Types, or types and scopes, of several APIs in one request: name the APIs with `resource`.',
  ],
  authorization_details_too_large: [
    'Authorization details too large',
    'A JWT with them would be longer than 10240 characters: ask for fewer, or have the API take opaque tokens.',
  ],
  resource_not_granted: [
    'API not granted',
    'No such API, or no client grant for it: `tessera grant set`.',
  ],
  resources_too_many: [
    'Several APIs at once',
    'More than 5 APIs in one token: ask for several tokens.',
  ],
  claims_conflicting: [
    'Claims conflicting',
    'Two APIs in one token give one claim different values: ask for a token for each, or give the claims names of their own.',
  ],
  claims_too_large: [
    'Claims too large',
    'The custom claims together are longer than 2048 bytes, or the JWT than 10240 characters: shorten them, or ask for a token for each API.',
  ],
  claims_hook_unavailable: [
    'Claims hook did not answer',
    'The claims hook of the API gave no answer that can be used, and its `onFailure` is `refuse`; `problem` says why.',
  ],
  quota_exceeded: [
    'Quota used up',
    'The hour or the day has no token left, for the client or for all of its realm: see `tessera usage --client` and [quotas.md](quotas.md). `Retry-After` is its end.',
  ],
  introspections_too_many: [
    'Introspections too many',
    'The caller asked about too many tokens that are none: see [quotas.md](quotas.md).',
  ],
} as const;
