/* Requests and client authentication. RFC 6749 §2.3, §3.2: cause and remedy of each refusal, as docs/refusals.md has them. */

export const AUTHENTICATION_WORDS = {
  content_type_unsupported: [
    'Body is no form',
    'The body is not `application/x-www-form-urlencoded`.',
  ],
  content_encoding_unsupported: ['Compressed body', 'The body is compressed; send it plain.'],
  body_malformed: ['Unreadable body', 'The bytes are no UTF-8, or the connection broke.'],
  body_too_large: ['Body too large', 'More than 32 KiB.'],
  query_not_allowed: [
    'Parameters in the address',
    'Parameters stand in the address, where logs keep them.',
  ],
  method_not_allowed: ['Wrong HTTP method', 'See `Allow`.'],
  realm_unknown: [
    'Unknown realm',
    'No such realm, a disabled one, or another spelling of the address.',
  ],
  status_list_unknown: [
    'Unknown status list',
    'No status list of this realm has this address, or every token in it has expired.',
  ],
  status_lists_too_many: [
    'Status lists too many',
    'One address, or all of them in one realm, asked for more lists that had to be signed than the [budget](revocation.md#what-it-costs) has. Follow the aggregation: then hardly any has to be fetched.',
  ],
  status_list_history_unsupported: [
    'Status list history unsupported',
    'Status lists say what holds now: leave out `time`.',
  ],
  response_type_unsupported: [
    'Response type unsupported',
    'A browser was sent to the authorization endpoint. There is no log-in of people: use a grant of `grant_types_supported`.',
  ],
  parameters_too_many: ['Too many parameters', 'More than 100 parameters.'],
  parameter_repeated: ['Parameter given twice', 'The log line names the parameter.'],
  parameter_has_control_character: [
    'Control character in a parameter',
    'NUL, CR or LF in a value.',
  ],
  encoding_malformed: ['Broken form encoding', 'A lone `%` or half a character.'],
  credentials_missing: ['No credentials', 'No Authorization header, no `client_id`.'],
  credentials_too_long: ['Credentials too long', 'Id or secret of more than 1024 characters.'],
  authorization_repeated: [
    'Two Authorization headers',
    'Two Authorization headers, often one from a proxy.',
  ],
  authorization_malformed: [
    'Unreadable Authorization header',
    'Neither `Basic` nor readable base64 with a colon in it.',
  ],
  authentication_methods_several: [
    'Two ways to authenticate at once',
    'Authorization header and secret in the form.',
  ],
  authentication_method_unsupported: [
    'Unsupported way to authenticate',
    'A method that this server does not have.',
  ],
  authentication_method_not_registered: [
    'Another way to authenticate than registered',
    'The client is strict about its method: authenticate as registered, or turn `strictAuthenticationMethod` off.',
  ],
  authentication_method_not_allowed: [
    'Way to authenticate not allowed in the realm',
    "The realm's security profile does not allow this method: see `token_endpoint_auth_methods_supported` in its metadata.",
  ],
  credential_expired: [
    'Credential has ended',
    'The key or certificate has reached its end: give the client a new one.',
  ],
  key_too_short: [
    'RSA key is too short',
    "The signature is right, and its RSA key shorter than the realm's `rsaKeyBitsMin`: give the client a longer one.",
  ],
  client_id_missing: ['No client id', 'A secret without a `client_id`.'],
  client_id_malformed: ['Malformed client id', 'Control characters in the id.'],
  client_id_mismatched: [
    'Two different client ids',
    '`client_id` differs from the Authorization header.',
  ],
  client_unknown: [
    'Unknown client',
    'No client of this id in the realm: a typing error, or the wrong realm.',
  ],
  client_disabled: ['Client is disabled', 'Enable it: `tessera client enable`.'],
  secret_missing: ['No secret', 'A confidential client named itself and proved nothing.'],
  secret_wrong: [
    'Wrong secret',
    'None of its secrets: compare the last four characters in `tessera client secret list`.',
  ],
  secret_public: [
    'Secret that everybody knows',
    'A secret that documentation prints: give the client another.',
  ],
  address_not_allowed: [
    'Address not allowed',
    'The client may not call from there, and its credential was not looked at: `tessera client update --allowed-address`, or is `TESSERA_TRUSTED_PROXIES` right?',
  ],
  secret_expired: [
    'Secret has ended',
    'It was right and has ended: `tessera client secret rotate`.',
  ],
  failures_too_many: [
    'Too many failed attempts',
    'Somebody guesses from that address. A right generated secret is believed all the same.',
  ],
  verification_overloaded: [
    'Too many secrets to verify at once',
    'Too many chosen secrets are verified at once. Generated ones do not wait.',
  ],
  client_public: ['Public client', 'Public clients have nothing to prove themselves with.'],
} as const;
