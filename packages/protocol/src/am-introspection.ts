import { describeAudience, type TokenFacts, tokenTypeOf } from './access-token.ts';
import { type ActingPartyClaim, describeActors } from './acting-party.ts';
import { amTraitsOf } from './am-access-token.ts';
import { type ConfirmationClaim, describeConfirmation } from './confirmation.ts';
import { addCustomClaims } from './custom-claims.ts';
import type { AuthorizationDetail } from './grants/authorization-details.ts';
import { formatScope } from './scope.ts';
import type { NumericDate } from './time.ts';

/** What PingAM tells of an active token, members in its order. RFC 7662 §2.2 has room for all of it. */
export type AmActiveToken = {
  readonly active: true;
  readonly scope?: string | undefined;
  readonly realm: string;
  readonly client_id: string;
  readonly user_id: string;
  readonly username: string;
  readonly token_type: 'Bearer' | 'DPoP';
  readonly exp: number;
  readonly sub: string;
  readonly subname: string;
  readonly iss: string;
  readonly auth_level: 0;
  readonly authGrantId: string;
  readonly auditTrackingId: string;
  /** Seconds that are left, for every format: an answer is kept by it. */
  readonly expires_in: number;
  readonly aud?: string | readonly string[] | undefined;
  readonly cnf?: ConfirmationClaim | undefined;
  readonly act?: ActingPartyClaim | undefined;
  readonly authorization_details?: readonly AuthorizationDetail[] | undefined;
};

/** The flat answer: AM leaves `aud` out of it. */
export const describeAmActiveToken = (
  token: TokenFacts,
  details: readonly AuthorizationDetail[],
  now: NumericDate,
): AmActiveToken => describe(token, details, now, undefined);

/** The same within a signed answer, where AM writes `aud`. RFC 9701 §5 */
export const describeSignedAmToken = (
  token: TokenFacts,
  details: readonly AuthorizationDetail[],
  now: NumericDate,
): AmActiveToken => describe(token, details, now, describeAudience(token.audience));

function describe(
  token: TokenFacts,
  details: readonly AuthorizationDetail[],
  now: NumericDate,
  aud: AmActiveToken['aud'],
): AmActiveToken {
  const { scope, subject, confirmation } = token;
  const { realm, authGrantId, auditTrackingId } = amTraitsOf(token);
  const said: AmActiveToken = {
    active: true,
    scope: scope.length > 0 ? formatScope(scope) : undefined,
    realm,
    client_id: token.clientId,
    user_id: subject,
    username: subject,
    token_type: tokenTypeOf(token),
    exp: token.expiresAt,
    sub: subject,
    subname: subject,
    iss: token.issuer,
    auth_level: 0,
    authGrantId,
    auditTrackingId,
    expires_in: token.expiresAt - now,
    aud,
    cnf: confirmation && describeConfirmation(confirmation),
    act: describeActors(token.actors),
    authorization_details: details.length > 0 ? details : undefined,
  };
  // `user_id` is a name that a custom claim may have: what the server says stays.
  return token.claims === undefined ? said : { ...addCustomClaims(said, token.claims), ...said };
}
