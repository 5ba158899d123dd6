import { isScopeToken, readScope } from '@tessera/protocol';
import { askEndpoint, type ClientCall, membersOf } from './ask-endpoint.ts';
import type { Dpop } from './dpop.ts';
import type { Answer } from './exchange.ts';
import { UnexpectedAnswerError } from './oauth-error.ts';

export type TokenRequest = ClientCall & {
  /** Scope names separated by spaces, or as a list. Without, the server's default scopes. */
  readonly scope?: string | readonly string[] | undefined;
  /** The API, or the APIs, that the token is for. RFC 8707 §2. */
  readonly resource?: string | readonly string[] | undefined;
  /** What the token shall permit in detail. RFC 9396 §2. */
  readonly authorizationDetails?: readonly AuthorizationDetail[] | undefined;
  /** Binds the token to a key: a token that is not bound is refused then. RFC 9449 §5. */
  readonly dpop?: Dpop | undefined;
};

export type AuthorizationDetail = Readonly<Record<string, unknown>> & { readonly type: string };

export type IssuedToken = {
  readonly accessToken: string;
  readonly tokenType: 'Bearer' | 'DPoP';
  /** Seconds from the answer on; undefined when the server did not tell. */
  readonly expiresIn: number | undefined;
  /** What was granted, which may be less than what was asked for. */
  readonly scope: readonly string[];
  /** What was granted in detail, where anything was. RFC 9396 §7 */
  readonly authorizationDetails?: readonly AuthorizationDetail[];
};

/**
 * Asks for an access token with the client credentials grant. RFC 6749 §4.4.
 *
 * Rejects with an `OAuthError` when the server refuses, an `UnreachableError` when it does not
 * answer, an `UnexpectedAnswerError` when it answers something else.
 */
export async function requestToken(request: TokenRequest): Promise<IssuedToken> {
  const asked = readRequestedScope(request.scope);
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (asked.length > 0) form.set('scope', asked.join(' '));
  for (const resource of [request.resource ?? []].flat()) form.append('resource', resource);

  const { authorizationDetails, dpop } = request;
  if (authorizationDetails !== undefined)
    form.set('authorization_details', JSON.stringify(authorizationDetails));

  const answer = await askEndpoint('token_endpoint', form, request, dpop);
  return readTokenResponse(answer, asked, dpop === undefined ? 'Bearer' : 'DPoP');
}

function readRequestedScope(scope: TokenRequest['scope']): readonly string[] {
  if (typeof scope !== 'string') {
    const malformed = scope?.find((name) => !isScopeToken(name));
    if (malformed !== undefined) throw new TypeError(`${JSON.stringify(malformed)} is no scope`);
    return scope ?? [];
  }
  const read = readScope(scope);
  if (!read.ok) throw new TypeError(`${JSON.stringify(scope)} is no list of scopes`);
  return read.value;
}

/**
 * Reads the answer. RFC 6749 §5.1.
 *
 * "The client MUST NOT use an access token if it does not understand the token type" (§7.1).
 * A token that was to be bound and is not would be good for whoever steals it.
 * `scope` is absent only "if identical to the scope requested by the client".
 */
function readTokenResponse(
  answer: Answer,
  asked: readonly string[],
  tokenType: IssuedToken['tokenType'],
): IssuedToken {
  const members = membersOf(answer.json);
  const { access_token: accessToken, token_type: type, expires_in: expiresIn, scope } = members;
  const refused = (member: string): UnexpectedAnswerError =>
    new UnexpectedAnswerError(`the token response has a missing or malformed ${member}`, answer);

  // VSCHAR, RFC 6749 App. A.12: anything else could not be put into a header.
  if (typeof accessToken !== 'string' || !/^[\x20-\x7e]+$/.test(accessToken))
    throw refused('access_token');
  if (typeof type !== 'string' || type.toLowerCase() !== tokenType.toLowerCase())
    throw refused('token_type');
  if (expiresIn !== undefined && !isLifetime(expiresIn)) throw refused('expires_in');
  const granted = scope === undefined ? asked : readGrantedScope(scope);
  if (granted === undefined) throw refused('scope');
  const { authorization_details: details } = members;
  if (details === undefined) return { accessToken, tokenType, expiresIn, scope: granted };
  if (!isDetails(details)) throw refused('authorization_details');
  return { accessToken, tokenType, expiresIn, scope: granted, authorizationDetails: details };
}

const isDetails = (value: unknown): value is readonly AuthorizationDetail[] =>
  Array.isArray(value) && value.every((one) => typeof membersOf(one)['type'] === 'string');

function readGrantedScope(scope: unknown): readonly string[] | undefined {
  // An empty string is not in the grammar, but the way some servers say "no scope".
  if (scope === '') return [];
  const read = typeof scope === 'string' ? readScope(scope) : undefined;
  return read?.ok === true ? read.value : undefined;
}

const isLifetime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
