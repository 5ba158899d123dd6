/* Certificates, assertions, proofs, workloads. RFC 8705, RFC 7523, RFC 9449: cause and remedy of each refusal, as docs/refusals.md has them. */

export const KEY_WORDS = {
  certificate_repeated: [
    'Certificate repeated',
    "The proxy's certificate header came twice: let the proxy replace it, not add to it.",
  ],
  certificate_malformed: [
    'Malformed certificate',
    'No certificate, or not in the form that `TESSERA_CLIENT_CERTIFICATE_FORMAT` says.',
  ],
  certificate_untrusted: [
    'Certificate of an unknown authority',
    'No path to an authority of the realm: a missing intermediate, or another authority.',
  ],
  certificate_expired: ['Certificate has ended', 'It, or one above it, has ended: renew it.'],
  certificate_not_yet_valid: [
    'Certificate is not valid yet',
    'Its time has not come, or a clock is wrong.',
  ],
  certificate_usage_wrong: [
    'Certificate is for servers',
    'It is for servers alone: its extended key usage lacks clientAuth.',
  ],
  certificate_weak: ['Weak certificate', 'RSA below 2048 bits, a curve below P-256, SHA-1 or MD5.'],
  certificate_unsupported: [
    'Certificate with an unknown extension',
    'A critical extension or a name constraint that is not enforced here; the event names its OID.',
  ],
  certificate_unknown: [
    'Certificate not registered',
    'The client has no such certificate registered, and no subject of one.',
  ],
  certificate_subject_wrong: [
    'Certificate of somebody else',
    "It is trusted, and somebody else's: the event has its subject.",
  ],
  client_assertion_type_missing: [
    'No client assertion type',
    'An assertion without `client_assertion_type`.',
  ],
  client_assertion_type_unknown: [
    'Unknown client assertion type',
    'A `client_assertion_type` that this server does not have.',
  ],
  client_assertion_missing: [
    'No client assertion',
    'A `client_assertion_type` without its assertion.',
  ],
  client_assertion_too_long: [
    'Client assertion too long',
    'More than 16 KiB; it was not looked at.',
  ],
  assertion_malformed: [
    'Unreadable assertion',
    'No signed JWT in the compact form, or the part that the log line names is missing or of the wrong type.',
  ],
  assertion_type_wrong: [
    'Assertion of another type',
    'Its `typ` is that of another kind of JWT. Leave it out, or use `client-authentication+jwt`.',
  ],
  assertion_algorithm_unsupported: [
    'Unsupported algorithm of an assertion',
    'Its `alg` is `none` or one that this server does not have.',
  ],
  assertion_algorithm_not_allowed: [
    'Algorithm of an assertion not allowed',
    'The realm, or the client, allows other algorithms.',
  ],
  assertion_issuer_wrong: ['Assertion of another issuer', '`iss` is not the client id.'],
  assertion_subject_wrong: ['Assertion about another client', '`sub` is not the client id.'],
  assertion_audience_wrong: [
    'Assertion for another server',
    '`aud` has to be the issuer of the realm, exactly as its metadata writes it, and nothing else.',
  ],
  assertion_expired: ['Assertion has ended, or clock skew', '`exp` is past: compare the clocks.'],
  assertion_too_long_lived: [
    'Assertion lives too long',
    '`exp` is too far ahead: a minute is enough.',
  ],
  assertion_not_yet_valid: [
    'Assertion from the future, or clock skew',
    '`nbf` or `iat` is in the future: compare the clocks.',
  ],
  assertion_too_old: [
    'Assertion too old, or clock skew',
    '`iat` is too long ago: make a new one for each request.',
  ],
  assertion_identifier_missing: ['Assertion without jti', 'No `jti`.'],
  assertion_key_unknown: [
    'Assertion by an unknown key',
    'No key of the client has this `kid`, or none fits the algorithm.',
  ],
  assertion_signature_wrong: [
    'Wrong signature of an assertion',
    'None of the keys of the client made the signature; of a keyed hash, none of its secrets that are `recoverable`.',
  ],
  assertion_replayed: [
    'Assertion used twice',
    'Its `jti` was used before: make a new one for each request.',
  ],
  proof_missing: [
    'No DPoP proof',
    'The client, the realm or the API wants a token bound by DPoP: send a proof.',
  ],
  proof_repeated: ['Two DPoP proofs', 'Two `DPoP` headers, or two values in one.'],
  proof_malformed: [
    'Unreadable DPoP proof',
    'No signed JWT in the compact form, or the part that the log line names is missing or of the wrong type.',
  ],
  proof_type_wrong: ['Wrong proof type', '`typ` has to be `dpop+jwt`.'],
  proof_algorithm_unsupported: [
    'Proof algorithm unsupported',
    'See `dpop_signing_alg_values_supported`.',
  ],
  proof_key_private: ['Proof key private', 'The private key was sent along: make a new one.'],
  proof_key_unusable: [
    'Proof key unusable',
    'The `jwk` is malformed, weak, or not for the algorithm.',
  ],
  proof_key_wrong: [
    'DPoP proof with another key',
    'The token is bound to another key than the one that made the proof.',
  ],
  proof_signature_wrong: ['Wrong signature of a DPoP proof', 'Not made by the key in `jwk`.'],
  proof_method_wrong: [
    'DPoP proof for another method',
    '`htm` is not the method of the request, in capitals.',
  ],
  proof_target_wrong: [
    'DPoP proof for another address',
    '`htu` is not the public address of the endpoint.',
  ],
  proof_not_fresh: [
    'DPoP proof too old, or clock skew',
    '`iat` is too long ago or in the future: compare the clocks.',
  ],
  proof_hash_wrong: ['DPoP proof for another token', '`ath` is not the hash of the access token.'],
  proof_replayed: [
    'DPoP proof used twice',
    'Its `jti` was used before at this endpoint: make a new proof for each request.',
  ],
  proof_nonce_missing: ['DPoP proof without a nonce', 'Try again with the nonce in `DPoP-Nonce`.'],
  proof_nonce_wrong: [
    'DPoP proof with an old nonce',
    'It is expired or of another server: try again with the one in `DPoP-Nonce`.',
  ],
  certificate_missing: [
    'No client certificate',
    'The client, the realm or the API wants a token bound to a certificate.',
  ],
  binding_missing: [
    'Token would be bound to nothing',
    'The client, the realm or the API wants a bound token: send a DPoP proof or a certificate.',
  ],
  issuer_unknown: [
    'Unknown issuer',
    'Nobody whom the realm trusts for this: `tessera trust issuer add`, or enable it.',
  ],
  issuer_keys_unavailable: [
    'Keys of an issuer are not to be had',
    "The address of the issuer's keys gave none; the log says why.",
  ],
  workload_unknown: [
    'Unknown workload',
    'The issuer was believed, and what it says fits no client: compare claims and conditions in `tessera client workload list`.',
  ],
  workload_ambiguous: [
    'Workload of several clients',
    'It fits several clients, which the log line names: send `client_id` with the assertion.',
  ],
} as const;
