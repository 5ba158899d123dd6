import { type NumericDate, ok, type Result, refuse, type TokenFacts } from '@tessera/protocol';
import { type ShownToken, verifyHolder } from '../clients/verify-holder.ts';
import type { CallerRefusal } from '../contract/refusal.ts';
import { permissionsOfScopes } from '../contract/service-account-scopes.ts';
import type { Environment } from '../environment.ts';
import { ADMIN_API_ID, ADMIN_API_IDENTIFIER } from '../model/api.ts';
import type { Provider } from '../model/provider.ts';
import { ROOT_REALM } from '../model/realm.ts';
import { findRealmOfToken, findToken } from '../tokens/find-token.ts';
import type { Administrator } from './administrator.ts';
import { powerOfScopes } from './permissions.ts';
import { administratorOf, digestSession, isSessionToken } from './sessions/new-session.ts';
import type { Surface } from './use-case.ts';

type Env = Pick<Environment, 'addresses' | 'hasher' | 'keyRing' | 'store'>;

/** What a caller shows, before anybody believed it. */
export type Presented =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'malformed' }
  | ({ readonly kind: 'token' } & ShownToken)
  | {
      readonly kind: 'cookie';
      readonly token: string;
      /** Whether the request changes nothing. RFC 9110 §9.2.1. */
      readonly safe: boolean;
      /** The `Origin` that the request came from, else that of its `Referer`. */
      readonly origin: string | undefined;
    };

/** Believes a caller, or says why not. `surface`: one of PingOne's, where other tokens count too. */
export async function authenticateAdministrator(
  env: Env,
  presented: Presented,
  now: NumericDate,
  surface?: Surface,
): Promise<Result<Administrator, CallerRefusal>> {
  if (presented.kind === 'nothing') return refuse({ reason: 'credentials_missing' });
  if (presented.kind === 'malformed') return refuse({ reason: 'credentials_invalid' });
  if (presented.kind === 'token') return believeToken(env, presented, now, surface);

  // A browser sends the cookie along whoever wrote the page; only the origin tells.
  if (!presented.safe && !isOwnOrigin(env, presented.origin))
    return refuse({ reason: 'origin_mismatched' });
  return believeSession(env, presented.token, now);
}

/** RFC 6454 §4: scheme, host and port, as the public URL has them. */
export const isOwnOrigin = (
  { addresses }: Pick<Environment, 'addresses'>,
  origin: string | undefined,
): boolean => origin === new URL(addresses.publicUrl).origin;

/**
 * A token of this server whose only audience is the administration API: in a token for several
 * APIs, a scope may have been granted at another one of them. What the client grants no longer
 * say is no longer permitted, whatever the token says.
 */
async function believeToken(
  env: Env,
  shown: ShownToken,
  now: NumericDate,
  surface: Surface | undefined,
): Promise<Result<Administrator, CallerRefusal>> {
  const { token } = shown;
  const realm = await findRealmOfToken(env, token);
  const facts = realm === undefined ? undefined : await findToken(env, realm, token);
  if (facts === undefined || facts.expiresAt <= now)
    return refuse({ reason: 'credentials_invalid' });
  const provider = await env.store.providers.find(facts.realm);
  if (provider === undefined) return refuse({ reason: 'credentials_invalid' });
  const claimed = findClaimed(env, facts, provider, surface);
  if (claimed === undefined) return refuse({ reason: 'credentials_invalid' });
  // No nonces here: a proof is good for one time and one minute as it is.
  const rules = { ...provider, dpopNonces: false };
  const holder = await verifyHolder(env, rules, shown, facts.confirmation, now);
  if (!holder.ok) return refuse({ reason: 'credentials_invalid' });

  const registered = await env.store.clients.find(facts.realm, facts.clientId);
  if (registered === undefined) return refuse({ reason: 'credentials_invalid' });
  const granted = registered.grants.find(({ apiId }) => apiId === ADMIN_API_ID)?.scopes ?? [];
  const scopes = claimed.filter((scope) => granted.includes(scope));
  return ok({
    kind: 'client',
    id: facts.clientId,
    realm: facts.realm,
    name: registered.client.name,
    roles: [],
    permissions: new Set(powerOfScopes(scopes, facts.realm).permissions),
    everyRealm: facts.realm === ROOT_REALM,
    passwordOneTime: false,
    expiresAt: facts.expiresAt,
    sessionDigest: undefined,
  });
}

/** How far behind it may be when a session was last seen, seconds. */
const SEEN_PERIOD = 60;

/**
 * What a token claims to be good for at the administration API; undefined: nothing. At a surface
 * of PingOne it may also be one for the root realm's own API, as service accounts get them there:
 * its scope says which permissions count, and no more than that.
 */
function findClaimed(
  { addresses }: Pick<Env, 'addresses'>,
  { audience, realm, scope }: TokenFacts,
  { defaultAudience }: Provider,
  surface: Surface | undefined,
): readonly string[] | undefined {
  const [only, ...others] = audience;
  if (others.length > 0) return undefined;
  if (only === ADMIN_API_IDENTIFIER) return scope;
  if (surface === undefined || realm !== ROOT_REALM) return undefined;
  return only === (defaultAudience ?? addresses.issuer(realm))
    ? permissionsOfScopes(scope, surface)
    : undefined;
}

async function believeSession(
  env: Env,
  token: string,
  now: NumericDate,
): Promise<Result<Administrator, CallerRefusal>> {
  const session = isSessionToken(token)
    ? await env.store.sessions.find(digestSession(env, token))
    : undefined;
  if (session === undefined || session.expiresAt <= now)
    return refuse({ reason: 'credentials_invalid' });
  // Nobody waits for it, and that it was not written is no reason to refuse.
  if (now - session.lastSeenAt >= SEEN_PERIOD)
    env.store.sessions.touch(session.digest, now).catch(() => {});
  const realm = await env.store.realms.find(session.realm);
  const user = await env.store.users.find(session.realm, session.userId);
  return realm?.enabled === true && user?.enabled === true
    ? ok(administratorOf(user, session))
    : refuse({ reason: 'credentials_invalid' });
}
