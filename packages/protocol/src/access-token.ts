import { type ActingPartyClaim, describeActors } from './acting-party.ts';
import { type Confirmation, type ConfirmationClaim, describeConfirmation } from './confirmation.ts';
import { addCustomClaims, type Claims } from './custom-claims.ts';
import type { Authorization } from './grants/authorization.ts';
import type { AuthorizationDetail } from './grants/authorization-details.ts';
import { formatScope } from './scope.ts';
import {
  describeStatusReference,
  type StatusClaim,
  type StatusReference,
} from './status-reference.ts';
import type { NumericDate } from './time.ts';

/**
 * What is known of a token, whatever its format: read from a verified JWT or from the row of an
 * opaque one. Nothing judges a token before it is in this shape.
 */
export type TokenFacts = {
  readonly realm: string;
  readonly issuer: string;
  /** Unique within the realm. RFC 7519 §4.1.7. */
  readonly jti: string;
  readonly clientId: string;
  readonly subject: string;
  /** Who acts for the subject, the latest first. */
  readonly actors: readonly string[];
  readonly audience: readonly string[];
  readonly scope: readonly string[];
  /** RFC 9396 §9.1; undefined: none were granted. */
  readonly authorizationDetails?: readonly AuthorizationDetail[] | undefined;
  readonly grantType: string;
  /** The keys that it is bound to; undefined: whoever has it may use it. */
  readonly confirmation: Confirmation | undefined;
  /** What APIs and hooks let it say besides; undefined: nothing. RFC 7519 §4.3 */
  readonly claims?: Claims | undefined;
  readonly issuedAt: NumericDate;
  readonly expiresAt: NumericDate;
  /** Where those look who do not ask; undefined: nowhere. Token Status List §6.2 */
  readonly status?: StatusReference | undefined;
};

/** The claims of a JWT access token, in the order they are written. RFC 9068 §2.2. */
export type AccessTokenClaims = {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | readonly string[];
  readonly client_id: string;
  readonly scope?: string | undefined;
  readonly authorization_details?: readonly AuthorizationDetail[] | undefined;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  /** RFC 7800 §3.1 */
  readonly cnf?: ConfirmationClaim | undefined;
  /** RFC 8693 §4.1 */
  readonly act?: ActingPartyClaim | undefined;
  readonly grant_type?: string | undefined;
  readonly status?: StatusClaim | undefined;
};

/**
 * No access token is longer, in characters: it travels in one header line, and servers take 16 KiB
 * for all of them. What a grant may put into a token is bounded so that this holds.
 */
export const ACCESS_TOKEN_LENGTH_MAX = 10_240;

/** RFC 9068 §2.1: "it is RECOMMENDED that […] `application/` be omitted". */
export const ACCESS_TOKEN_TYP = 'at+jwt';

/** Puts together what a new token says. */
export function describeNewToken(
  authorization: Authorization,
  confirmation: Confirmation | undefined,
  realm: string,
  issuer: string,
  jti: string,
  issuedAt: NumericDate,
  expiresAt: NumericDate,
  status?: StatusReference,
): TokenFacts {
  return {
    realm,
    issuer,
    jti,
    clientId: authorization.clientId,
    subject: authorization.subject,
    actors: authorization.actors,
    audience: authorization.audience,
    scope: authorization.scope,
    authorizationDetails: authorization.authorizationDetails,
    grantType: authorization.grantType,
    confirmation,
    claims: authorization.claims,
    issuedAt,
    expiresAt,
    status,
  };
}

/**
 * The claims of a token. RFC 9068 §2.2. No authentication information (§2.2.1): nobody was
 * authenticated but the client.
 */
export function describeClaims(token: TokenFacts): AccessTokenClaims {
  const { scope, authorizationDetails, confirmation, grantType } = token;
  const act = describeActors(token.actors);
  // What is undefined is not written: JSON has no such value. Spreads would cost more than they say.
  const said = {
    iss: token.issuer,
    sub: token.subject,
    aud: describeAudience(token.audience),
    client_id: token.clientId,
    scope: scope.length > 0 ? formatScope(scope) : undefined,
    authorization_details: authorizationDetails,
    iat: token.issuedAt,
    exp: token.expiresAt,
    jti: token.jti,
    cnf: confirmation && describeConfirmation(confirmation),
    act,
    // The grant behind a token, under PingAM's name for it, unless it is the usual one.
    grant_type: grantType === 'client_credentials' ? undefined : grantType,
    status: token.status && describeStatusReference(token.status),
  };
  return addCustomClaims(said, token.claims);
}

/** One audience is a string, several are a list. RFC 7519 §4.1.3 */
export const describeAudience = (audience: readonly string[]): string | readonly string[] => {
  const [only] = audience;
  return only !== undefined && audience.length === 1 ? only : audience;
};

/** How a token is shown: with a proof of the key that it is bound to, or by itself. RFC 9449 §5 */
export const tokenTypeOf = ({ confirmation }: TokenFacts): 'Bearer' | 'DPoP' =>
  confirmation?.jkt === undefined ? 'Bearer' : 'DPoP';
