import { type TokenFacts, tokenTypeOf } from './access-token.ts';
import { amTraitsOf, describeAmClaims } from './am-access-token.ts';
import type { TokenFormat } from './client.ts';
import { isReservedClaim } from './reserved-claims.ts';
import type { NumericDate } from './time.ts';

/**
 * PingAM's answer at `tokeninfo`: of a JWT all that it says, of an opaque token a few members; and
 * each scope once more as a member, empty because no profile attribute bears its name. A scope
 * takes the place of nothing that is said of the token.
 */
export function describeAmTokenInfo(
  accessToken: string,
  token: TokenFacts,
  now: NumericDate,
  format: TokenFormat,
): Record<string, unknown> {
  const scopes = Object.fromEntries(
    token.scope.filter((name) => !isReservedClaim(name)).map((name) => [name, '']),
  );
  const left = token.expiresAt - now;
  if (format === 'jwt')
    return { access_token: accessToken, ...scopes, ...describeAmClaims(token), expires_in: left };
  return {
    access_token: accessToken,
    grant_type: token.grantType,
    auth_level: 0,
    scope: token.scope,
    realm: amTraitsOf(token).realm,
    token_type: tokenTypeOf(token),
    expires_in: left,
    ...scopes,
    client_id: token.clientId,
  };
}
