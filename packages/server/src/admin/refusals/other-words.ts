/* Tokens, registration, client id metadata documents: cause and remedy of each refusal, as docs/refusals.md has them. */

export const OTHER_WORDS = {
  token_missing: ['No token', 'No `token` in the form.'],
  token_of_another_grant: [
    'Token of another client, as PingAM says it',
    "The same in a realm of the profile `pingone`, in PingAM's words.",
  ],
  token_of_another_client: [
    'Token of another client',
    'Only the client that got a token may revoke it here; administrators may by the API.',
  ],
  registration_disabled: ['Registration disabled', "The realm's `clientRegistration` is `off`."],
  initial_token_missing: [
    'No initial token',
    'The realm registers clients with an initial access token: `tessera registration token add`.',
  ],
  initial_token_unknown: [
    'Unknown initial token',
    'No such token in this realm, or it was revoked or has expired long ago.',
  ],
  initial_token_expired: ['Initial token expired', 'It has reached its end: add another.'],
  initial_token_used_up: [
    'Initial token used up',
    'It has registered as many clients as it may: add another.',
  ],
  registration_token_missing: [
    'No registration token',
    'Managing a registration takes the registration access token that was given last.',
  ],
  registration_token_wrong: [
    'Wrong registration token',
    'No such client, not one that registered itself, disabled, or not its token: each change gives a new one.',
  ],
  registrations_too_many: [
    'Registrations too many',
    'Too many registrations or wrong tokens from this address, or as many clients as a realm takes without a token.',
  ],
  registration_in_use: [
    'Registration in use',
    'The client belongs to an application: delete that first.',
  ],
  client_metadata_malformed: [
    'Malformed client metadata',
    'No JSON object in UTF-8, a member twice, or another content type.',
  ],
  client_metadata_too_large: ['Client metadata too large', 'More than 64 KiB.'],
  client_metadata_invalid: [
    'Invalid client metadata',
    'The description names the member and what it may be.',
  ],
  redirect_uri_invalid: [
    'Invalid redirect uri',
    'Relative, with a fragment, or of a scheme that browsers run.',
  ],
  software_statement_invalid: ['Invalid software statement', 'The log line names the problem.'],
  software_statement_unapproved: [
    'Software statement unapproved',
    'Its issuer is not trusted for `software` in this realm.',
  ],
  client_document_unavailable: [
    'Client document unavailable',
    'The document at the client id was not fetched: the log line says why.',
  ],
  client_document_invalid: [
    'Invalid client document',
    'The document at the client id is not what it must be: the log line names the member.',
  ],
  client_documents_too_many: [
    'Client documents too many',
    'The realm has as many clients of this kind as it may: delete some.',
  ],
  bearer_token_missing: ['No bearer token', 'No `Authorization: Bearer`.'],
  holder_unproven: [
    'Holder unproven',
    'The token is bound to a key, and the caller did not prove to hold it: `because` says what was wrong.',
  ],
  holder_nonce_wrong: [
    'Wrong holder nonce',
    'The proof must carry the nonce that the answer gives in `DPoP-Nonce`.',
  ],
  bearer_token_invalid: ['Invalid bearer token', 'Expired, revoked, or none of this realm.'],
} as const;
