import { type TokenFacts, tokenTypeOf } from './access-token.ts';
import type { NumericDate } from './time.ts';

/**
 * PingAM's answer at `tokeninfo`: the token itself with what it stands for, `scope` as an array,
 * and each scope once more as a member of its own, empty where no profile attribute bears its
 * name. No standard describes this endpoint; RFC 7662 replaces it.
 */
export function describeTokenInfo(
  accessToken: string,
  token: TokenFacts,
  now: NumericDate,
): Record<string, unknown> {
  const scopes = Object.fromEntries(token.scope.map((name) => [name, '']));
  return {
    ...scopes,
    access_token: accessToken,
    grant_type: token.grantType,
    scope: token.scope,
    realm: token.realm === 'root' ? '/' : `/${token.realm}`,
    token_type: tokenTypeOf(token),
    expires_in: token.expiresAt - now,
    client_id: token.clientId,
  };
}
