import {
  type AggregationDocument,
  composeStatusList,
  type NumericDate,
  numericDate,
  REALM_HOLDER,
  REVOKED_FOREVER,
  seconds,
  startOfWindow,
} from '@tessera/protocol';
import type { Environment, PublicText, RealmRevocations, StatusLists } from '../environment.ts';
import { ACCESS_TOKEN_LIFETIME_MAX } from '../model/provider.ts';
import type { Realm } from '../model/realm.ts';

/**
 * How long whoever fetched a list may go on with it: as long as a revocation may stay unknown to
 * those who do not follow the aggregation. Token Status List §13.7
 */
const LIST_TTL = seconds(60);

/** How long a list that cannot be fetched anew says anything at all. */
const LIST_LIFETIME = seconds(3_600);

/** Lists that are remembered with their signature, 12 KiB each at most. */
const LISTS_MAX = 1_000;

/** Realms whose aggregation is remembered, and how often it is made without a change: what expired goes. */
const REALMS_MAX = 100;
const AGGREGATION_AGE = seconds(10);

/** What an aggregation names at most, so that it stays below a MiB. */
const NAMED_LISTS_MAX = 1_000;
const NAMED_HOLDERS_MAX = 10_000;
const NAMED_TOKENS_MAX = 2_000;

/**
 * A tenth of the time at most goes into aggregations: with a hundred thousand tokens revoked, one takes
 * a quarter of a second, and whoever revokes and asks in turn must not stop everybody else. Never
 * later than this many milliseconds, so that a revocation is told in time.
 */
const REST_FACTOR = 9;
const REST_MAX = 1_000;
/** What takes no longer than this many milliseconds needs no rest. */
const EFFORT_FREE = 20;

type Env = Pick<Environment, 'clock' | 'store' | 'keyRing' | 'statusPlaces' | 'addresses'>;

type SignedList = PublicText & {
  /** All that its bits follow from, and with which key it is signed. */
  readonly state: string;
  readonly issuedAt: NumericDate;
};

type Aggregation = PublicText & {
  readonly realm: Realm;
  readonly revocations: RealmRevocations;
  readonly madeAt: NumericDate;
  /** By the monotonic clock: not made anew before. */
  readonly restsUntil: number;
};

/**
 * Status lists as they are published. Nothing is kept for a list: which of its places are void
 * follows from what was revoked, and from the clients for which its tokens speak.
 */
export function statusLists(env: Env): StatusLists {
  const lists = new Map<string, SignedList>();
  const aggregations = new Map<string, Aggregation>();

  return {
    async list(realmName, name, now) {
      const named = env.statusPlaces.read(realmName, name);
      if (named === undefined) return undefined;
      // §13.1: "Once all Referenced Tokens are expired, the Issuer may stop serving".
      if (now >= startOfWindow(named.window + 1) + ACCESS_TOKEN_LIFETIME_MAX) return undefined;
      const realm = await env.store.realms.find(realmName);
      const provider = await env.store.providers.find(realmName);
      if (realm === undefined || provider === undefined) return undefined;

      const { byList, holders } = await env.store.revocations.ofRealm(realmName);
      const revokedBefore = await findRevokedBefore(env, realm, named.parties, holders);
      const revoked = byList.get(name);
      const algorithm = provider.signingAlgorithm;
      const state = `${revokedBefore} ${versionOf(revoked?.keys() ?? [])} ${algorithm}`;
      const uri = env.statusPlaces.base(realmName) + name;
      const known = lists.get(uri);
      if (known?.state === state && isFresh(known.issuedAt, now, LIST_TTL)) return known;

      const text = await env.keyRing.signStatusList(realmName, algorithm, {
        issuer: env.addresses.issuer(realmName),
        uri,
        bits: 1,
        bytes: composeStatusList(named.window, named.order, revokedBefore, revoked?.values() ?? []),
        aggregationUri: aggregationUri(env, realmName),
        issuedAt: now,
        expiresAt: numericDate(now + LIST_LIFETIME),
        ttl: LIST_TTL,
      });
      return keep(lists, uri, { text, maxAge: LIST_TTL, state, issuedAt: now }, LISTS_MAX);
    },

    async aggregation(realmName, now) {
      const realm = await env.store.realms.find(realmName);
      if (realm === undefined) return undefined;
      const revocations = await env.store.revocations.ofRealm(realmName);
      const known = aggregations.get(realmName);
      const started = env.clock.monotonic();
      if (known !== undefined && started < known.restsUntil) return known;
      if (
        known?.realm === realm &&
        known.revocations === revocations &&
        isFresh(known.madeAt, now, AGGREGATION_AGE)
      )
        return known;
      const text = JSON.stringify(aggregate(env, realm, revocations, now));
      const ended = env.clock.monotonic();
      const effort = ended - started;
      const rest = effort <= EFFORT_FREE ? 0 : Math.min(REST_MAX, effort * REST_FACTOR);
      const made = { realm, revocations, madeAt: now, restsUntil: ended + rest };
      // What says the same is the same, so that nothing is compressed or digested once more.
      const kept =
        known?.text === text ? Object.assign(known, made) : { text, maxAge: seconds(0), ...made };
      return keep(aggregations, realmName, kept, REALMS_MAX);
    },
  };
}

const aggregationUri = ({ addresses }: Env, realm: string): string =>
  `${addresses.issuer(realm)}/status-lists`;

/** Before which instant every token of these parties is void; as `findObstacle` has it. */
async function findRevokedBefore(
  env: Pick<Environment, 'store'>,
  realm: Realm,
  parties: readonly string[],
  holders: RealmRevocations['holders'],
): Promise<number> {
  if (!realm.enabled) return REVOKED_FOREVER;
  let revokedBefore: number = realm.tokensValidFrom;
  for (const party of parties) {
    const client = (await env.store.clients.find(realm.name, party))?.client;
    if (client === undefined || !client.enabled) return REVOKED_FOREVER;
    // Before a client was made there are tokens only of an earlier one of its id. Otherwise a list
    // would tell when it was made, and be as long as any can.
    if (holders.has(party) || client.tokensValidFrom > client.createdAt)
      revokedBefore = Math.max(revokedBefore, client.tokensValidFrom);
  }
  return revokedBefore;
}

function aggregate(
  env: Env,
  realm: Realm,
  { byList, holders, unlisted, expiry }: RealmRevocations,
  now: NumericDate,
): AggregationDocument {
  const base = env.statusPlaces.base(realm.name);
  const lives = (jti: string): boolean => (expiry.get(jti) ?? 0) > now;
  let truncated = false;
  const take = <T>(from: Iterable<T>, max: number, which: (one: T) => boolean): T[] => {
    const taken: T[] = [];
    for (const one of from) {
      if (!which(one)) continue;
      if (taken.length === max) {
        truncated = true;
        break;
      }
      taken.push(one);
    }
    return taken;
  };
  const lists = take(byList, NAMED_LISTS_MAX, ([, indexes]) => some(indexes.keys(), lives));
  const revoked = take(holders.values(), NAMED_HOLDERS_MAX, ({ expiresAt }) => expiresAt > now);
  const tokens = take(unlisted, NAMED_TOKENS_MAX, lives);
  // In the order of their names: every node says the same, to the byte.
  lists.sort(([a], [b]) => (a < b ? -1 : 1));
  const before = revoked
    .map((holder) => [env.statusPlaces.nameOfHolder(realm.name, holder.clientId), holder] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    status_lists: lists.map(([name]) => base + name),
    versions: lists.map(([, indexes]) => versionOf([...indexes.keys()].filter(lives))),
    status_lists_base: base,
    revoked_before: {
      ...describeRealm(realm, now),
      ...Object.fromEntries(before.map(([name, { revokedBefore }]) => [name, revokedBefore])),
    },
    revoked_tokens: tokens.sort(),
    ttl: LIST_TTL,
    ...(truncated ? { truncated: true as const } : {}),
  };
}

/**
 * Of an instant before which no token lives any more there is nothing to say. Tokens of an earlier
 * realm of the same name are signed by keys that somebody may remember.
 */
function describeRealm({ enabled, tokensValidFrom, createdAt }: Realm, now: NumericDate) {
  if (!enabled) return { [REALM_HOLDER]: REVOKED_FOREVER };
  const since = Math.max(tokensValidFrom, createdAt);
  return since + ACCESS_TOKEN_LIFETIME_MAX > now ? { [REALM_HOLDER]: since } : {};
}

/** A clock that was set back tells nothing of how long ago that was. */
const isFresh = (since: number, now: number, within: number): boolean =>
  now >= since && now < since + within;

/** Keeps what was asked for last, and of the others the newest. */
function keep<V>(memory: Map<string, V>, key: string, value: V, max: number): V {
  memory.delete(key);
  memory.set(key, value);
  const [oldest] = memory.keys();
  if (memory.size > max && oldest !== undefined) memory.delete(oldest);
  return value;
}

/**
 * A number that is another when other tokens are revoked, and the same on every node, in whatever
 * order they learn of it.
 */
function versionOf(revoked: Iterable<string>): number {
  let version = 0;
  for (const jti of revoked) version = (version + digestOf(jti)) % VERSIONS;
  return version;
}

const VERSIONS = 2 ** 52;

/** FNV-1a twice. Only who may revoke can choose a `jti`, and nothing is won by two alike. */
function digestOf(jti: string): number {
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (let at = 0; at < jti.length; at++) {
    high = Math.imul(high ^ jti.charCodeAt(at), 0x01000193);
    low = Math.imul(low ^ jti.charCodeAt(at), 0x01000193);
  }
  return (high >>> 0) * 2 ** 16 + (low >>> 16) + 1;
}

function some<T>(from: Iterable<T>, which: (one: T) => boolean): boolean {
  for (const one of from) if (which(one)) return true;
  return false;
}
