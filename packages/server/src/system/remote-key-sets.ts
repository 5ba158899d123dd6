import { ok, type Result, readKeySet, refuse, type VerificationKey } from '@tessera/protocol';
import type { Clock, Environment, KeySets } from '../environment.ts';
import type { FetchedDocument, RemoteKeySetProblem } from '../model/fetched-document.ts';
import { recentlyUsed } from '../recently-used.ts';

/** Sets that are remembered; the least recently used one is forgotten first. */
const SETS_MAX = 2_000;

/** Milliseconds for which a set is used without asking again: what its server says, within these. */
const FRESH = { least: 60_000, unless: 600_000, most: 1_200_000 };

/** Milliseconds for which a set is used while its server gives no other. */
const USABLE = 3_600_000;

/** Milliseconds in which a key that is unknown makes no further fetch: anybody can make one up. */
const COOL_DOWN = 30_000;

/** Milliseconds after which a server that failed is asked again, doubled each time. */
const BACK_OFF = { first: 1_000, most: 60_000 };

const ACCEPT = 'application/jwk-set+json, application/json';

/** What is known of one address. All instants are those of the steady clock. */
type Entry = {
  held: Held | undefined;
  /** Why the last fetch that gave no set gave none. */
  problem: RemoteKeySetProblem;
  failures: number;
  /** Before this, a server that failed is not asked. */
  retryAt: number;
  /** Before this, a key that is unknown asks nobody. */
  coolUntil: number;
  /** The fetch under way, for all who need it: whether there was a set. */
  fetching: Promise<boolean> | undefined;
};

type Held = {
  readonly keys: readonly VerificationKey[];
  readonly freshUntil: number;
  readonly usableUntil: number;
};

/**
 * The keys that others publish, remembered. A key that its owner has removed is gone 20 minutes
 * later at most while the server answers, and an hour later if it does not: a set that is no longer
 * fresh is used only where a fetch has failed. However many wait for a set, it is fetched once.
 */
export function remoteKeySets(
  env: Pick<Environment, 'outbound' | 'log'> & { readonly clock: Pick<Clock, 'monotonic'> },
): KeySets {
  const entries = recentlyUsed<string, Entry>(SETS_MAX);
  const now = () => env.clock.monotonic();

  const entryOf = (uri: string): Entry => {
    const known = entries.get(uri);
    if (known !== undefined) return known;
    const entry: Entry = {
      held: undefined,
      problem: { problem: 'unreachable' },
      failures: 0,
      retryAt: Number.NEGATIVE_INFINITY,
      coolUntil: Number.NEGATIVE_INFINITY,
      fetching: undefined,
    };
    entries.set(uri, entry);
    return entry;
  };

  const fetchSet = async (uri: string, entry: Entry): Promise<boolean> => {
    const fetched = await env.outbound.fetchJson(uri, { accept: ACCEPT });
    const read = fetched.ok ? readSet(fetched.value, now()) : fetched;
    if (read.ok) {
      entry.held = read.value;
      entry.failures = 0;
      return true;
    }
    entry.problem = read.refusal;
    entry.retryAt = now() + Math.min(BACK_OFF.first * 2 ** entry.failures, BACK_OFF.most);
    // That this server is busy says nothing about the other.
    if (read.refusal.problem !== 'busy') entry.failures += 1;
    const host = URL.canParse(uri) ? new URL(uri).host : '';
    env.log.warn({ host, ...read.refusal }, 'a key set was not fetched');
    return false;
  };

  /** Waits for a fetch, its own or another's; false where there was no set or nobody was asked. */
  const renew = (uri: string, entry: Entry): Promise<boolean> => {
    if (entry.fetching === undefined && now() < entry.retryAt) return Promise.resolve(false);
    entry.fetching ??= fetchSet(uri, entry).finally(() => {
      entry.fetching = undefined;
    });
    return entry.fetching;
  };

  return {
    async find(uri, kid): Promise<Result<readonly VerificationKey[], RemoteKeySetProblem>> {
      const entry = entryOf(uri);
      const isFresh = entry.held !== undefined && now() < entry.held.freshUntil;
      let renewed = !isFresh && (await renew(uri, entry));
      const mayAsk = now() >= entry.coolUntil;
      if (!renewed && isUnknown(kid, entry) && mayAsk) renewed = await renew(uri, entry);
      if (renewed && isUnknown(kid, entry)) entry.coolUntil = now() + COOL_DOWN;
      const { held, problem } = entry;
      return held !== undefined && now() < held.usableUntil ? ok(held.keys) : refuse(problem);
    },
  };
}

const isUnknown = (kid: string | undefined, { held }: Entry): boolean =>
  kid !== undefined && held !== undefined && !held.keys.some((key) => key.kid === kid);

function readSet(
  { document, maxAge }: FetchedDocument,
  now: number,
): Result<Held, Extract<RemoteKeySetProblem, { problem: 'key_set_unusable' }>> {
  const keys = readKeySet(document, 'lenient');
  if (!keys.ok) return refuse({ problem: 'key_set_unusable', reason: keys.refusal.reason });
  const fresh = maxAge === undefined ? FRESH.unless : maxAge * 1_000;
  return ok({
    keys: keys.value,
    freshUntil: now + Math.min(Math.max(fresh, FRESH.least), FRESH.most),
    usableUntil: now + USABLE,
  });
}
