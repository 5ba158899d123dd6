import { type TokenFacts, tokenTypeOf } from './access-token.ts';
import type { AuthorizationDetail } from './grants/authorization-details.ts';
import { formatScope } from './scope.ts';
import type { NumericDate } from './time.ts';

/** RFC 6749 §5.1, members in the order that PingAM sends them; what is undefined is not written. */
export type TokenResponse = {
  readonly access_token: string;
  readonly scope?: string | undefined;
  readonly token_type: 'Bearer' | 'DPoP';
  readonly expires_in: number;
  /** After a token exchange. RFC 8693 §2.2.1 */
  readonly issued_token_type?: string | undefined;
  /** As they were granted. RFC 9396 §7 */
  readonly authorization_details?: readonly AuthorizationDetail[] | undefined;
};

/**
 * The answer to a granted request. RFC 6749 §4.4.3: "A refresh token SHOULD NOT be included."
 *
 * `expires_in` is what is left. PingAM tells 3599 for a lifetime of 3600: a client that counts
 * from the moment it reads the answer then stops in time, never one second late.
 */
export function describeTokenResponse(
  accessToken: string,
  token: TokenFacts,
  now: NumericDate,
  issuedTokenType?: string,
): TokenResponse {
  return {
    access_token: accessToken,
    scope: token.scope.length > 0 ? formatScope(token.scope) : undefined,
    token_type: tokenTypeOf(token),
    expires_in: Math.max(1, token.expiresAt - now - 1),
    issued_token_type: issuedTokenType,
    authorization_details: token.authorizationDetails,
  };
}
