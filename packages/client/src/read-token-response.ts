import { readScope } from '@tessera/protocol';

export type AuthorizationDetail = Readonly<Record<string, unknown>> & { readonly type: string };

export type TokenType = 'Bearer' | 'DPoP' | 'N_A';

export type IssuedToken = {
  readonly accessToken: string;
  /** `N_A` only from a token exchange that asked for something else than an access token. */
  readonly tokenType: TokenType;
  /** Seconds from the answer on; undefined when the server did not tell. */
  readonly expiresIn: number | undefined;
  /** What was granted, which may be less than what was asked for. */
  readonly scope: readonly string[];
  /** What was granted in detail, where anything was. RFC 9396 §7 */
  readonly authorizationDetails?: readonly AuthorizationDetail[];
  /** What kind of token an exchange gave. RFC 8693 §2.2.1. */
  readonly issuedTokenType?: string;
};

/** The member of an answer that is missing or malformed. */
export type MalformedMember = { readonly malformed: string };

/**
 * Reads the answer of a token endpoint. RFC 6749 §5.1.
 *
 * "The client MUST NOT use an access token if it does not understand the token type" (§7.1).
 * A token that was to be bound and is not would be good for whoever steals it.
 * `scope` is absent only "if identical to the scope requested by the client".
 */
export function readTokenResponse(
  json: unknown,
  asked: readonly string[],
  acceptable: readonly TokenType[],
): IssuedToken | MalformedMember {
  const members = membersOf(json);
  const { access_token: accessToken, token_type: type, expires_in: expiresIn, scope } = members;

  // VSCHAR, RFC 6749 App. A.12: anything else could not be put into a header.
  if (typeof accessToken !== 'string' || !/^[\x20-\x7e]+$/.test(accessToken))
    return { malformed: 'access_token' };
  const tokenType = acceptable.find(
    (one) => typeof type === 'string' && one.toLowerCase() === type.toLowerCase(),
  );
  if (tokenType === undefined) return { malformed: 'token_type' };
  if (expiresIn !== undefined && !isLifetime(expiresIn)) return { malformed: 'expires_in' };
  const granted = scope === undefined ? asked : readGrantedScope(scope);
  if (granted === undefined) return { malformed: 'scope' };
  const { authorization_details: details, issued_token_type: issuedTokenType } = members;
  if (details !== undefined && !isDetails(details)) return { malformed: 'authorization_details' };
  return {
    accessToken,
    tokenType,
    expiresIn,
    scope: granted,
    ...(details !== undefined && { authorizationDetails: details }),
    ...(typeof issuedTokenType === 'string' && { issuedTokenType }),
  };
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

/** The members of a JSON object; none of anything else. */
export const membersOf = (json: unknown): Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Readonly<Record<string, unknown>>)
    : {};
