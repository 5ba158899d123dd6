/**
 * Client metadata under the names of RFC 7591 §2, and the values this server knows.
 */
export const GRANT_TYPES = [
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
] as const;

/** RFC 7523 §2.1 */
export const JWT_BEARER_GRANT = GRANT_TYPES[1];

/** RFC 8693 §2.1 */
export const TOKEN_EXCHANGE_GRANT = GRANT_TYPES[2];

/** The grant types that this server can serve. A client or realm may list others; they are refused. */
export type GrantType = (typeof GRANT_TYPES)[number];

export const isGrantType = (value: string): value is GrantType =>
  (GRANT_TYPES as readonly string[]).includes(value);

export const TOKEN_ENDPOINT_AUTH_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'none',
] as const;

export type TokenEndpointAuthMethod = (typeof TOKEN_ENDPOINT_AUTH_METHODS)[number];

/** RFC 6749 §2.1. Only confidential clients may use the client credentials grant (§4.4). */
export type ClientType = 'confidential' | 'public';

/** Signature algorithms of access tokens. RFC 7518 §3.1, RFC 8037 §3.1. */
export const SIGNING_ALGORITHMS = ['ES256', 'PS256', 'RS256', 'EdDSA'] as const;

export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/**
 * What a client may make of somebody else's token: one that names it as the acting party, or also
 * one that does not. RFC 8693 §1.1
 */
export const TOKEN_EXCHANGE_MODES = ['delegation', 'impersonation'] as const;

export type TokenExchangeMode = (typeof TOKEN_EXCHANGE_MODES)[number];

/** A JWT (RFC 9068), or a random reference that only this server can resolve. */
export const TOKEN_FORMATS = ['jwt', 'opaque'] as const;

export type TokenFormat = (typeof TOKEN_FORMATS)[number];

/**
 * What an access token must be bound to: nothing (yet a proof that is shown binds it), a DPoP key
 * (RFC 9449), a client certificate (RFC 8705 §3), or either of the two.
 */
export const TOKEN_BINDINGS = ['optional', 'dpop', 'certificate', 'either'] as const;

export type TokenBinding = (typeof TOKEN_BINDINGS)[number];

/** Sets of rules a realm can choose: the RFCs, FAPI 2.0, or what clients of PingOne expect. */
export const SECURITY_PROFILES = ['standard', 'fapi2', 'pingone'] as const;

export type SecurityProfile = (typeof SECURITY_PROFILES)[number];
