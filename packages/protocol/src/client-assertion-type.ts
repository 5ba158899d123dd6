/** A JWT that the client made or had made for itself. RFC 7523 §2.2 */
export const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A JWT-SVID, which SPIFFE made for a workload. draft-ietf-oauth-spiffe-client-auth */
export const SPIFFE_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe';

export type ClientAssertionType = typeof CLIENT_ASSERTION_TYPE | typeof SPIFFE_ASSERTION_TYPE;

export const isClientAssertionType = (value: string): value is ClientAssertionType =>
  value === CLIENT_ASSERTION_TYPE || value === SPIFFE_ASSERTION_TYPE;

/** In characters. A longer assertion is refused before anything of it is parsed. */
export const CLIENT_ASSERTION_LENGTH_MAX = 16 * 1024;
