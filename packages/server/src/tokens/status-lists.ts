import {
  composeStatusList,
  type NumericDate,
  numericDate,
  ok,
  REVOKED_FOREVER,
  type Result,
  refuse,
  seconds,
  startOfWindow,
} from '@tessera/protocol';
import type {
  Environment,
  PublicText,
  RealmRevocations,
  SigningBudget,
  StatusLists,
} from '../environment.ts';
import { ACCESS_TOKEN_LIFETIME_MAX, type Provider } from '../model/provider.ts';
import type { Realm } from '../model/realm.ts';
import type { AskedList, NamedStatusList, StatusListProblem } from '../model/status-list.ts';
import { aggregate, PLACES, type Places } from './aggregate.ts';

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

/**
 * A tenth of the time at most goes into aggregations: with a hundred thousand tokens revoked, one takes
 * a quarter of a second, and whoever revokes and asks in turn must not stop everybody else. Never
 * later than this many milliseconds, so that a revocation is told in time.
 */
const REST_FACTOR = 9;
const REST_MAX = 1_000;
/** What takes no longer than this many milliseconds needs no rest. */
const EFFORT_FREE = 20;

/** How far the clock of a node may be ahead that has told of a position, milliseconds. */
const POSITION_SKEW_MAX = 120_000;

type Env = Pick<
  Environment,
  'clock' | 'store' | 'keyRing' | 'statusPlaces' | 'addresses' | 'metrics'
>;

type SignedList = PublicText & {
  /** All that its bits follow from, and with which key it is signed. */
  readonly state: string;
  readonly version: number;
  readonly issuedAt: NumericDate;
};

/** What a list is made of, as it is now. */
type CurrentList = {
  readonly state: string;
  readonly version: number;
  readonly provider: Provider;
  readonly revokedBefore: number;
  readonly revoked: ReadonlyMap<string, number> | undefined;
};

type Aggregation = PublicText & {
  readonly realm: Realm;
  readonly revocations: RealmRevocations;
  readonly named: ReadonlySet<string>;
  readonly madeAt: NumericDate;
  /** By the monotonic clock: not made anew before. */
  readonly restsUntil: number;
};

/**
 * Status lists as they are published. Nothing is kept for a list: which of its places are void
 * follows from what was revoked, and from the clients for which its tokens speak.
 */
export function statusLists(env: Env, budget: SigningBudget, places: Places = PLACES): StatusLists {
  const lists = new Map<string, SignedList>();
  const signing = new Map<string, Promise<SignedList>>();
  const aggregations = new Map<string, Aggregation>();

  const sign = async (
    { realm, name }: AskedList,
    { window, order }: NamedStatusList,
    { state, version, provider, revokedBefore, revoked }: CurrentList,
    now: NumericDate,
  ): Promise<SignedList> => {
    const uri = env.statusPlaces.base(realm) + name;
    const text = await env.keyRing.signStatusList(realm, provider.signingAlgorithm, {
      issuer: env.addresses.issuer(realm),
      uri,
      bits: 1,
      bytes: composeStatusList(window, order, revokedBefore, revoked?.values() ?? []),
      aggregationUri: aggregationUri(env, realm),
      issuedAt: now,
      expiresAt: numericDate(now + LIST_LIFETIME),
      ttl: LIST_TTL,
      version,
    });
    return keep(lists, uri, { text, maxAge: LIST_TTL, state, version, issuedAt: now }, LISTS_MAX);
  };

  /** However many ask for a list, it is signed once, and no more than the budget has. */
  const find = async (
    asked: AskedList,
    named: NamedStatusList,
    now: NumericDate,
  ): Promise<Result<PublicText, StatusListProblem>> => {
    const uri = env.statusPlaces.base(asked.realm) + asked.name;
    for (;;) {
      const current = await findCurrent(env, asked, named, now);
      if (current === undefined) return UNKNOWN;
      const known = lists.get(uri);
      // What the caller has seen may be of a node that is ahead, or made up: there is no more than this.
      const wanted = Math.min(asked.version, current.version);
      const serves = known?.state === current.state && known.version >= wanted;
      if (serves && isFresh(known.issuedAt, now, LIST_TTL)) return ok(known);
      const underWay = signing.get(uri);
      if (underWay !== undefined) {
        await underWay;
        continue;
      }
      // What everybody who follows needs does not depend on what others ask for.
      const isNamed = aggregations.get(asked.realm)?.named.has(asked.name) === true;
      const share = isNamed ? 'of_address' : 'of_realm';
      const retryAfter = budget.take(asked.realm, asked.address, share);
      if (retryAfter > 0) {
        // Its bits are those that a new one would have.
        if (serves && isFresh(known.issuedAt, now, LIST_LIFETIME - 2 * LIST_TTL)) return ok(known);
        return refuse({ reason: 'status_lists_too_many', retryAfter });
      }
      const started = sign(asked, named, current, now).finally(() => signing.delete(uri));
      signing.set(uri, started);
      return ok(await started);
    }
  };

  return {
    async list(asked, now) {
      const named = env.statusPlaces.read(asked.realm, asked.name);
      if (named === undefined) return UNKNOWN;
      // §13.1: "Once all Referenced Tokens are expired, the Issuer may stop serving".
      if (now >= startOfWindow(named.window + 1) + ACCESS_TOKEN_LIFETIME_MAX) return UNKNOWN;
      return find(asked, named, now);
    },

    async aggregation(realmName, now) {
      const revocations = await env.store.revocations.ofRealm(realmName);
      // After those, for what it voids must not be missing from what their position stands for.
      const realm = await env.store.realms.find(realmName);
      if (realm === undefined) return undefined;
      const known = aggregations.get(realmName);
      const started = env.clock.monotonic();
      if (known !== undefined && started < known.restsUntil) return known;
      if (
        known?.realm === realm &&
        known.revocations === revocations &&
        isFresh(known.madeAt, now, AGGREGATION_AGE)
      )
        return known;
      const { document, named, cut } = aggregate(env, realm, revocations, now, LIST_TTL, places);
      for (const of of ['lists', 'clients', 'tokens'] as const)
        env.metrics.aggregationTruncated(realmName, of, cut[of]);
      const text = JSON.stringify(document);
      const ended = env.clock.monotonic();
      const effort = ended - started;
      const rest = effort <= EFFORT_FREE ? 0 : Math.min(REST_MAX, effort * REST_FACTOR);
      const made = { realm, revocations, named, madeAt: now, restsUntil: ended + rest };
      // What says the same is the same, so that nothing is compressed or digested once more.
      const kept =
        known?.text === text ? Object.assign(known, made) : { text, maxAge: seconds(0), ...made };
      return keep(aggregations, realmName, kept, REALMS_MAX);
    },
  };
}

const UNKNOWN = refuse({ reason: 'status_list_unknown' } as const);

const aggregationUri = ({ addresses }: Env, realm: string): string =>
  `${addresses.issuer(realm)}/status-lists`;

/** What a list says now, as this node knows it after a look at what the caller has seen. */
async function findCurrent(
  env: Env,
  { realm: realmName, name, version }: AskedList,
  { parties }: NamedStatusList,
  now: NumericDate,
): Promise<CurrentList | undefined> {
  // A position is an instant: one that is far ahead was made up.
  const seen = version <= now * 1_000 + POSITION_SKEW_MAX ? version : 0;
  const revocations = await env.store.revocations.ofRealm(realmName, seen);
  const realm = await env.store.realms.find(realmName);
  const provider = await env.store.providers.find(realmName);
  if (realm === undefined || provider === undefined) return undefined;
  const revokedBefore = await findRevokedBefore(env, realm, parties, revocations.holders);
  const revoked = revocations.byList.get(name);
  const newest = revocations.positions.lists.get(name) ?? 0;
  const state = `${revokedBefore} ${newest} ${revoked?.size ?? 0} ${provider.signingAlgorithm}`;
  return { state, version: revocations.position, provider, revokedBefore, revoked };
}

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
