/**
 * Client metadata under the names of RFC 7591 §2, and the values this server knows.
 */
export const GRANT_TYPES = ['client_credentials'] as const;

/** The grant types that this server can serve. A client or realm may list others; they are refused. */
export type GrantType = (typeof GRANT_TYPES)[number];

export const isGrantType = (value: string): value is GrantType =>
  (GRANT_TYPES as readonly string[]).includes(value);

export const TOKEN_ENDPOINT_AUTH_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'none',
] as const;

export type TokenEndpointAuthMethod = (typeof TOKEN_ENDPOINT_AUTH_METHODS)[number];

/** RFC 6749 §2.1. Only confidential clients may use the client credentials grant (§4.4). */
export type ClientType = 'confidential' | 'public';

/** Signature algorithms of access tokens. RFC 7518 §3.1, RFC 8037 §3.1. */
export const SIGNING_ALGORITHMS = ['ES256', 'PS256', 'RS256', 'EdDSA'] as const;

export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** A JWT (RFC 9068), or a random reference that only this server can resolve. */
export const TOKEN_FORMATS = ['jwt', 'opaque'] as const;

export type TokenFormat = (typeof TOKEN_FORMATS)[number];
