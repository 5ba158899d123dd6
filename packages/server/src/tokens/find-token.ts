import {
  ACCESS_TOKEN_LENGTH_MAX,
  isDetails,
  numericDate,
  readActors,
  readConfirmation,
  readScopeClaim,
  readStatusReference,
  selectCustomClaims,
  type TokenFacts,
} from '@tessera/protocol';

import type { Environment } from '../environment.ts';
import { isOpaqueToken } from './opaque-token.ts';
import { partiesOf } from './parties-of.ts';

type Env = Pick<Environment, 'store' | 'keyRing' | 'hasher' | 'addresses'>;

/**
 * What a realm knows of a token: signature or row, realm, and revocation are settled here, expiry
 * is left to whoever judges. `undefined`: not a token of this realm, or no longer valid.
 */
export async function findToken(
  env: Env,
  realm: string,
  text: string,
): Promise<TokenFacts | undefined> {
  const facts = await readToken(env, realm, text);
  if (facts === undefined) return undefined;
  return (await findObstacle(env, facts)) === undefined ? facts : undefined;
}

/** What a token of the realm stands for, even if it was revoked since. */
export async function readToken(
  env: Env,
  realm: string,
  text: string,
): Promise<TokenFacts | undefined> {
  if (text.length > ACCESS_TOKEN_LENGTH_MAX) return undefined;
  const facts = isOpaqueToken(text)
    ? await env.store.tokens.find(env.hasher.digest('token', text))
    : readFacts(realm, env.addresses.issuer(realm), await env.keyRing.verify(realm, text));
  return facts?.realm === realm ? facts : undefined;
}

/**
 * The realm a token says it is from, before anything of it is believed: only good to choose the
 * realm whose keys then verify it.
 */
export async function findRealmOfToken(env: Env, text: string): Promise<string | undefined> {
  if (text.length > ACCESS_TOKEN_LENGTH_MAX) return undefined;
  if (isOpaqueToken(text))
    return (await env.store.tokens.find(env.hasher.digest('token', text)))?.realm;
  const [, payload] = text.split('.', 3);
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const issuer =
      typeof claims === 'object' && claims !== null && 'iss' in claims ? claims.iss : undefined;
    return typeof issuer === 'string' ? env.addresses.realmOf(issuer) : undefined;
  } catch {
    return undefined;
  }
}

/** Why a token is void before it has expired. */
export type TokenObstacle =
  | 'revoked'
  | 'client-unknown'
  | 'client-disabled'
  | 'client-tokens-revoked'
  | 'realm-disabled'
  | 'realm-tokens-revoked';

/** Whether it was revoked: by itself, with its client, or with its realm. */
export async function findObstacle(
  env: Pick<Environment, 'store'>,
  token: Parameters<typeof partiesOf>[0] & Pick<TokenFacts, 'realm' | 'jti' | 'issuedAt'>,
): Promise<TokenObstacle | undefined> {
  if ((await env.store.revokedTokens.find(token.realm, token.jti)) !== undefined) return 'revoked';
  for (const clientId of partiesOf(token)) {
    const registered = await env.store.clients.find(token.realm, clientId);
    if (registered === undefined) return 'client-unknown';
    if (!registered.client.enabled) return 'client-disabled';
    if (token.issuedAt < registered.client.tokensValidFrom) return 'client-tokens-revoked';
  }
  const realm = await env.store.realms.find(token.realm);
  if (realm === undefined || !realm.enabled) return 'realm-disabled';
  return token.issuedAt < realm.tokensValidFrom ? 'realm-tokens-revoked' : undefined;
}

/** Claims of a verified JWT as facts. We wrote them, yet nothing is taken on trust. RFC 9068 §4 */
function readFacts(
  realm: string,
  issuer: string,
  claims: Readonly<Record<string, unknown>> | undefined,
): TokenFacts | undefined {
  if (claims === undefined) return undefined;
  const { iss, sub, aud, client_id, scope, iat, exp, jti, cnf } = claims;
  const { authorization_details: details } = claims;
  if (iss !== issuer) return undefined;
  if (typeof sub !== 'string' || typeof client_id !== 'string' || typeof jti !== 'string')
    return undefined;
  if (typeof iat !== 'number' || typeof exp !== 'number') return undefined;
  // RFC 9068 has no claim for the grant; we write one unless it is the usual one.
  const { grant_type: grantType = 'client_credentials', act } = claims;
  const actors = readActors(act);
  if (typeof grantType !== 'string' || actors === undefined) return undefined;
  const audience = typeof aud === 'string' ? [aud] : aud;
  if (!Array.isArray(audience) || !audience.every((one) => typeof one === 'string'))
    return undefined;
  const confirmation = readConfirmation(cnf);
  // Bound to something that nobody could show here: it opens nothing.
  if (cnf !== undefined && confirmation === undefined) return undefined;
  const status = readStatusReference(claims['status']);
  if (status === 'malformed') return undefined;
  return {
    realm,
    issuer,
    jti,
    clientId: client_id,
    subject: sub,
    actors,
    audience,
    scope: readScopeClaim(scope),
    authorizationDetails: isDetails(details) ? details : undefined,
    grantType,
    confirmation,
    claims: selectCustomClaims(claims),
    issuedAt: numericDate(iat),
    expiresAt: numericDate(exp),
    status: status === 'none' ? undefined : status,
  };
}
