import { isScopeToken, readScope } from '@tessera/protocol';
import { askEndpoint, type ClientCall } from './ask-endpoint.ts';
import type { Dpop } from './dpop.ts';
import { CLIENT_CREDENTIALS, type Grant } from './grants/grant.ts';
import { UnexpectedAnswerError } from './oauth-error.ts';
import {
  type AuthorizationDetail,
  type IssuedToken,
  readTokenResponse,
  type TokenType,
} from './read-token-response.ts';

/** What a token is to be good for. */
export type WantedToken = {
  /** Scope names separated by spaces, or as a list. Without, the server's default scopes. */
  readonly scope?: string | readonly string[] | undefined;
  /** The API, or the APIs, that the token is for. RFC 8707 §2. */
  readonly resource?: string | readonly string[] | undefined;
  /** What the token shall permit in detail. RFC 9396 §2. */
  readonly authorizationDetails?: readonly AuthorizationDetail[] | undefined;
};

export type TokenRequest = ClientCall &
  WantedToken & {
    /** Without, the client credentials grant; else `jwtBearer` or `tokenExchange`. */
    readonly grant?: Grant | undefined;
    /** Binds the token to a key: a token that is not bound is refused then. RFC 9449 §5. */
    readonly dpop?: Dpop | undefined;
  };

/**
 * Asks once for an access token: with the client credentials grant, RFC 6749 §4.4, or another.
 *
 * Rejects with an `OAuthError` when the server refuses, an `UnreachableError` when it does not
 * answer, an `UnexpectedAnswerError` when it answers something else, and an
 * `UnusableCredentialError` when there is nothing to show it.
 */
export async function requestToken(request: TokenRequest): Promise<IssuedToken> {
  const { authorizationDetails, dpop, grant = CLIENT_CREDENTIALS } = request;
  const asked = readRequestedScope(request.scope);
  const form = new URLSearchParams({ grant_type: grant.grantType });
  if (asked.length > 0) form.set('scope', asked.join(' '));
  for (const resource of [request.resource ?? []].flat()) form.append('resource', resource);
  if (authorizationDetails !== undefined)
    form.set('authorization_details', JSON.stringify(authorizationDetails));

  const answer = await askEndpoint('token_endpoint', form, request, {
    dpop,
    bring: grant.parameters,
  });
  const acceptable: TokenType[] = [dpop === undefined ? 'Bearer' : 'DPoP'];
  if (grant.mayBeNoAccessToken) acceptable.push('N_A');
  const issued = readTokenResponse(answer.json, asked, acceptable);
  if (!('malformed' in issued)) return issued;
  throw new UnexpectedAnswerError(
    `the token response has a missing or malformed ${issued.malformed}`,
    answer,
  );
}

/** The scopes that are asked for, each once. Throws a TypeError for what is none. RFC 6749 §3.3. */
export function readRequestedScope(scope: WantedToken['scope']): readonly string[] {
  if (typeof scope !== 'string') {
    const malformed = scope?.find((name) => !isScopeToken(name));
    if (malformed !== undefined) throw new TypeError(`${JSON.stringify(malformed)} is no scope`);
    return scope ?? [];
  }
  const read = readScope(scope);
  if (!read.ok) throw new TypeError(`${JSON.stringify(scope)} is no list of scopes`);
  return read.value;
}
