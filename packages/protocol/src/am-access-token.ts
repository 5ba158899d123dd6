import { describeAudience, type TokenFacts, tokenTypeOf } from './access-token.ts';
import { type ActingPartyClaim, describeActors } from './acting-party.ts';
import { decodeBase64url } from './base64url.ts';
import { type ConfirmationClaim, describeConfirmation } from './confirmation.ts';
import { addCustomClaims } from './custom-claims.ts';
import type { AuthorizationDetail } from './grants/authorization-details.ts';

/**
 * The claims of an access token in PingAM's shape, in the order that AM writes them. It is not that
 * of RFC 9068: `scope` is an array, and `typ` says no more than that it is a JWT.
 */
export type AmAccessTokenClaims = {
  readonly sub: string;
  readonly cts: 'OAUTH2_STATELESS_GRANT';
  readonly auditTrackingId: string;
  readonly subname: string;
  readonly iss: string;
  readonly tokenName: 'access_token';
  readonly token_type: 'Bearer' | 'DPoP';
  readonly authGrantId: string;
  readonly client_id: string;
  readonly aud: string | readonly string[];
  readonly nbf: number;
  readonly grant_type: string;
  readonly scope: readonly string[];
  readonly auth_time: number;
  readonly realm: string;
  readonly exp: number;
  readonly iat: number;
  /** The whole lifetime in seconds, whenever the token is read. */
  readonly expires_in: number;
  readonly jti: string;
  readonly cnf?: ConfirmationClaim | undefined;
  readonly act?: ActingPartyClaim | undefined;
  readonly authorization_details?: readonly AuthorizationDetail[] | undefined;
};

/** `typ` of such a token. */
export const AM_ACCESS_TOKEN_TYP = 'JWT';

/** What of a token AM tells besides, wherever it tells of it. */
export type AmTokenTraits = {
  readonly realm: string;
  readonly auditTrackingId: string;
  readonly authGrantId: string;
};

/** Nothing of this is kept: it follows from the identifier, and so is the same at every question. */
export const amTraitsOf = ({ realm, jti }: TokenFacts): AmTokenTraits => ({
  realm: realm === 'root' ? '/' : `/${realm}`,
  auditTrackingId: auditTrackingIdOf(jti),
  // One grant, one token: none of our grants gives a refresh token, by which there could be more.
  authGrantId: jti,
});

export function describeAmClaims(token: TokenFacts): AmAccessTokenClaims {
  const { clientId, subject, issuedAt, expiresAt, confirmation } = token;
  const { realm, auditTrackingId, authGrantId } = amTraitsOf(token);
  const said: AmAccessTokenClaims = {
    sub: subject,
    cts: 'OAUTH2_STATELESS_GRANT',
    auditTrackingId,
    subname: subject,
    iss: token.issuer,
    tokenName: 'access_token',
    token_type: tokenTypeOf(token),
    authGrantId,
    client_id: clientId,
    aud: describeAudience(token.audience),
    nbf: issuedAt,
    grant_type: token.grantType,
    scope: token.scope,
    auth_time: issuedAt,
    realm,
    exp: expiresAt,
    iat: issuedAt,
    expires_in: expiresAt - issuedAt,
    jti: token.jti,
    cnf: confirmation && describeConfirmation(confirmation),
    act: describeActors(token.actors),
    authorization_details: token.authorizationDetails,
  };
  return addCustomClaims(said, token.claims);
}

/**
 * AM's form, a UUID and a number, of the bytes of the identifier: the first sixteen and what is
 * left of them. An identifier that is too short for one, or none of ours, stands for itself.
 */
function auditTrackingIdOf(jti: string): string {
  const bytes = decodeBase64url(jti);
  if (bytes === undefined || bytes.length < 16) return jti;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const part = (from: number, to: number) => hex.slice(from, to).join('');
  const uuid = [part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 16)].join('-');
  return `${uuid}-${bytes.slice(16, 20).reduce((number, byte) => number * 256 + byte, 0)}`;
}
