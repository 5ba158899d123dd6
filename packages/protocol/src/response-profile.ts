import {
  ACCESS_TOKEN_TYP,
  type AccessTokenClaims,
  describeClaims,
  type TokenFacts,
} from './access-token.ts';
import {
  AM_ACCESS_TOKEN_TYP,
  type AmAccessTokenClaims,
  describeAmClaims,
} from './am-access-token.ts';
import { describeAmActiveToken, describeSignedAmToken } from './am-introspection.ts';
import { describeAmTokenInfo } from './am-token-info.ts';
import type { TokenFormat } from './client.ts';
import { isJwtType } from './compact-jws.ts';
import { type DescribeActiveToken, describeActiveToken } from './introspection.ts';
import type { NumericDate } from './time.ts';
import { describeTokenInfo } from './token-info.ts';

export type AccessTokenTyp = typeof ACCESS_TOKEN_TYP | typeof AM_ACCESS_TOKEN_TYP;

/** What the tokens of a realm look like, and what is said of them. Never what they are good for. */
export type ResponseProfile = {
  readonly typ: AccessTokenTyp;
  describeClaims(token: TokenFacts): AccessTokenClaims | AmAccessTokenClaims;
  /** Random bytes in a `jti`. */
  readonly identifierBytes: number;
  /** Of opaque tokens: with what scanners for leaked secrets know them by, or nothing but random. */
  readonly opaqueTokens: 'recognisable' | 'bare';
  readonly describeActiveToken: DescribeActiveToken;
  readonly describeSignedToken: DescribeActiveToken;
  describeTokenInfo(
    accessToken: string,
    token: TokenFacts,
    now: NumericDate,
    format: TokenFormat,
  ): Record<string, unknown>;
  /** Whether `aud` of a token that is for no API is its client, and not the issuer. */
  readonly clientIsAudience: boolean;
  /** What a caller is told who does not say at all who it is. */
  readonly callerUnnamed: 'credentials_missing' | 'client_id_missing';
  readonly tokenOfAnother: 'token_of_another_client' | 'token_of_another_grant';
  readonly hasOpenIdMetadata: boolean;
};

/** The RFCs. */
export const STANDARD_RESPONSES: ResponseProfile = {
  typ: ACCESS_TOKEN_TYP,
  describeClaims,
  identifierBytes: 16,
  opaqueTokens: 'recognisable',
  describeActiveToken,
  describeSignedToken: describeActiveToken,
  describeTokenInfo,
  clientIsAudience: false,
  callerUnnamed: 'credentials_missing',
  tokenOfAnother: 'token_of_another_client',
  hasOpenIdMetadata: false,
};

/** PingAM's shapes, for clients and APIs that were written for it. */
export const AM_RESPONSES: ResponseProfile = {
  typ: AM_ACCESS_TOKEN_TYP,
  describeClaims: describeAmClaims,
  // 160 bits, where RFC 6749 §10.10 has 128 as the least and 160 as what should be.
  identifierBytes: 20,
  opaqueTokens: 'bare',
  describeActiveToken: describeAmActiveToken,
  describeSignedToken: describeSignedAmToken,
  describeTokenInfo: describeAmTokenInfo,
  clientIsAudience: true,
  callerUnnamed: 'client_id_missing',
  tokenOfAnother: 'token_of_another_grant',
  hasOpenIdMetadata: true,
};

/**
 * Whether a JWT of a realm's own key is an access token. Every other JWT that such a key signs has
 * a `typ` of its own (RFC 8725 §3.11); `JWT` alone says nothing, so the claim by which AM tells its
 * tokens apart has to say it. Whatever the realm's profile is now: a token outlives a change of it.
 */
export const isAccessToken = (typ: unknown, claims: Readonly<Record<string, unknown>>): boolean =>
  isJwtType(typ, STANDARD_TYPES) ||
  (isJwtType(typ, AM_TYPES) && claims['tokenName'] === 'access_token');

const STANDARD_TYPES: readonly string[] = [ACCESS_TOKEN_TYP];
const AM_TYPES: readonly string[] = [AM_ACCESS_TOKEN_TYP.toLowerCase()];

/** `scope` of an access token of either shape; what is neither grants nothing. RFC 9068 §2.2 */
export function readScopeClaim(scope: unknown): readonly string[] {
  if (typeof scope === 'string') return scope.split(' ');
  return Array.isArray(scope) && scope.every((one) => typeof one === 'string') ? scope : [];
}
