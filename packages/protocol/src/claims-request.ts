import type { NumericDate } from './time.ts';

/** The `typ` of what is signed: it can be taken for no token. RFC 8725 §3.11 */
export const CLAIMS_REQUEST_TYP = 'claims-request+jwt';

/** The header of the request that the signature is in. */
export const CLAIMS_REQUEST_HEADER = 'tessera-signature';

/** Seconds for which a request is good at the most. */
const REQUEST_LIFETIME = 60;

/** What a hook is told: nothing secret, and not the token, which is not made yet. */
export type ClaimsRequest = {
  readonly realm: string;
  /** The id of the API whose hook it is. */
  readonly api: string;
  /** Identifiers of all APIs that the token is for. */
  readonly audience: readonly string[];
  readonly client_id: string;
  readonly client_attributes: Readonly<Record<string, string>>;
  readonly scope: string;
  readonly grant_type: string;
  readonly request_id: string;
};

/** What is signed of a request. */
export type ClaimsRequestProof = {
  readonly iss: string;
  /** The address of the hook: of no use to one hook at another. */
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  /** SHA-256 of the body's bytes, base64url. */
  readonly body_sha256: string;
};

/** What the server signs, so that a hook knows who asks, what, and that it is asked now. */
export const describeClaimsRequestProof = (
  issuer: string,
  url: string,
  jti: string,
  bodyDigest: string,
  now: NumericDate,
): ClaimsRequestProof => ({
  iss: issuer,
  aud: url,
  iat: now,
  exp: now + REQUEST_LIFETIME,
  jti,
  body_sha256: bodyDigest,
});
