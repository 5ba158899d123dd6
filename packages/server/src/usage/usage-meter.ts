/*
 * How many tokens were issued to whom: counted here, added up in the database, and held to quotas.
 *
 * Owns what is counted and not yet written. A token costs a few additions in memory; what was
 * counted is written with the traffic events, and the totals of every node come back with it. So a
 * node learns what the others have issued when it writes what it has issued itself.
 */
import { type NumericDate, ok, refuse } from '@tessera/protocol';
import type { Environment, QuotaRefusal, UsageMeter } from '../environment.ts';
import type { Client } from '../model/client.ts';
import type { Provider } from '../model/provider.ts';
import { quotaOfClient, quotaOfRealm } from '../model/quota.ts';
import { endOf, startOf, USAGE_SPANS, type UsageOwner, type UsageSpan } from '../model/usage.ts';
import { recentlyUsed } from '../recently-used.ts';
import { type Counter, newCounter } from './counter.ts';
import {
  describeLeft,
  type Held,
  isHeld,
  limitOf,
  longerRefusal,
  refusalOf,
} from './held-quota.ts';

/** Clients whose counts are in memory; of others they are read again. */
const COUNTERS_MAX = 50_000;

/** Clients whose counts wait to be written while the database is away. */
const WAITING_MAX = 100_000;

/** Rows of one write. */
const BATCH_MAX = 2_000;

/** A token waits so long for the counts of a client that is new to this node. Milliseconds. */
const PATIENCE = 1_000;

/** After counts could not be read: milliseconds for which no token waits for them. */
const RESIGNED = 5_000;

/** Tokens of a client that were wasted in one hour, when it is told. */
export const WASTED_TOLD = 60;

type Env = Pick<Environment, 'store' | 'recorder' | 'metrics' | 'clock'>;

export function usageMeter(env: Env): UsageMeter {
  const counters = recentlyUsed<string, Counter>(COUNTERS_MAX);
  let waiting = new Set<Counter>();
  let resignedUntil = Number.NEGATIVE_INFINITY;

  const find = (owner: UsageOwner, now: NumericDate): Counter => {
    const key = `${owner.realm}\0${owner.clientId ?? ''}`;
    let counter = counters.get(key);
    if (counter === undefined) {
      counter = newCounter(owner, now);
      counters.set(key, counter);
    }
    return counter;
  };
  const counterOf = ({ realm, clientId }: Client, now: NumericDate): Counter =>
    find({ realm, clientId }, now);
  const wake = env.recorder.alsoWrite({ waits: () => waiting.size > 0, write: () => write() });
  const enqueue = (counter: Counter): void => {
    if (waiting.size < WAITING_MAX) waiting.add(counter);
    else if (!waiting.has(counter)) env.metrics.eventsDropped(1);
    wake();
  };
  /** The quotas that say anything. */
  const quotasOf = (provider: Provider, client: Client, now: NumericDate): readonly Held[] => {
    const held: Held[] = [];
    const own = quotaOfClient(provider, client);
    if (isHeld(own)) held.push({ of: 'client', counter: counterOf(client, now), quota: own });
    const whole = quotaOfRealm(provider);
    if (isHeld(whole)) {
      const counter = find({ realm: client.realm, clientId: undefined }, now);
      held.push({ of: 'realm', counter, quota: whole });
    }
    return held;
  };

  /** What a counter is to begin with. Without an answer it begins with what this node counts. */
  const load = async (unknown: readonly Counter[], now: NumericDate): Promise<void> => {
    if (env.clock.monotonic() < resignedUntil) return;
    const loading = within(PATIENCE, readInto(unknown, now));
    for (const counter of unknown) counter.loading = loading;
    const loaded = await loading;
    for (const counter of unknown) counter.loading = undefined;
    if (loaded === undefined) resignedUntil = env.clock.monotonic() + RESIGNED;
  };
  const readInto = async (unknown: readonly Counter[], now: NumericDate): Promise<true> => {
    const totals = await env.store.usage.totals(
      unknown.map(({ owner }) => owner),
      now,
    );
    for (const [index, counter] of unknown.entries()) {
      const found = totals[index];
      if (found !== undefined && !counter.known) counter.learn(found, now);
    }
    return true;
  };

  const write = async (): Promise<void> => {
    const writing = waiting;
    waiting = new Set();
    const sent = [...writing].map((counter) => ({ counter, deltas: counter.take() }));
    const realms = new Map<string, Counter>();
    for (const { owner } of writing) {
      const counter = counters.get(`${owner.realm}\0`);
      if (counter !== undefined && !realms.has(owner.realm)) {
        counter.take();
        realms.set(owner.realm, counter);
      }
    }
    try {
      const all = sent.flatMap(({ deltas }) => deltas);
      for (let from = 0; from < all.length; from += BATCH_MAX)
        await env.store.addUsage(all.slice(from, from + BATCH_MAX));
    } catch (error) {
      for (const { counter, deltas } of sent) {
        counter.restore(deltas);
        waiting.add(counter);
      }
      throw error;
    }
    await settle([...writing, ...realms.values()]);
  };
  /** Of those that a quota is about, the totals of every node are asked for. */
  const settle = async (written: readonly Counter[]): Promise<void> => {
    const now = env.clock.now();
    const held = written.filter((counter) => counter.held);
    const owners = held.map(({ owner }) => owner);
    const totals = await within(PATIENCE, env.store.usage.totals(owners, now));
    for (const [index, counter] of held.entries()) counter.settle(totals?.[index], now);
    for (const counter of written) if (!counter.held) counter.settle(undefined, now);
  };

  const tell = (
    { of, counter, quota }: Held,
    span: UsageSpan,
    client: Client,
    { now, requestId }: Parameters<UsageMeter['take']>[2],
  ): void => {
    const { realm, clientId } = client;
    env.metrics.quotaExceeded(realm, of, quota.mode);
    if (!counter.isNews(span, now)) return;
    env.recorder.record({
      at: now,
      realm,
      type: 'quota.exceeded',
      actor: { kind: 'client', id: clientId },
      subject: of === 'client' ? { kind: 'client', id: clientId } : { kind: 'realm', id: realm },
      details: { mode: quota.mode, span, limit: limitOf(quota, span), endsAt: endOf(span, now) },
      requestId,
    });
  };

  return {
    async take(provider, client, occasion) {
      const { now } = occasion;
      const own = counterOf(client, now);
      const held = quotasOf(provider, client, now);
      for (const { counter } of held) counter.held = true;
      const unknown = held.map(({ counter }) => counter).filter(({ known }) => !known);
      const [first] = unknown;
      if (first !== undefined) await (first.loading ?? load(unknown, now));

      let refusal: QuotaRefusal | undefined;
      for (const one of held)
        for (const span of USAGE_SPANS) {
          const limit = limitOf(one.quota, span);
          if (limit === undefined || one.counter.issued(span, now) < limit) continue;
          tell(one, span, client, occasion);
          // The longest wait is the true one.
          if (one.quota.mode === 'enforce')
            refusal = longerRefusal(refusal, refusalOf(one.of, span, limit, client, now));
        }
      if (refusal !== undefined) return refuse(refusal);
      own.add('issued', 1, now);
      counters.get(`${client.realm}\0`)?.add('issued', 1, now);
      enqueue(own);
      return ok(describeLeft(held, now));
    },
    giveBack(client, now) {
      const counter = counterOf(client, now);
      counter.add('issued', -1, now);
      enqueue(counter);
      counters.get(`${client.realm}\0`)?.add('issued', -1, now);
    },
    issued(client, alike, expiresAt, { now, requestId }) {
      const counter = counterOf(client, now);
      const wasted = counter.note(`${client.revision} ${alike}`, now, expiresAt);
      if (wasted === 0) return;
      const { realm, clientId } = client;
      env.metrics.tokenWasted(realm);
      if (wasted !== WASTED_TOLD) return;
      env.recorder.record({
        at: now,
        realm,
        type: 'tokens.wasted',
        actor: { kind: 'client', id: clientId },
        subject: { kind: 'client', id: clientId },
        details: {
          wasted,
          issued: counter.issued('hour', now),
          since: startOf('hour', now),
          remedy: REMEDY,
        },
        requestId,
      });
    },
    reused(provider, client, now) {
      const counter = counterOf(client, now);
      counter.add('reused', 1, now);
      enqueue(counter);
      const held = quotasOf(provider, client, now);
      // Nobody waits to be told: what was not read yet would make too much of what is left.
      return held.every(({ counter: { known } }) => known) ? describeLeft(held, now) : [];
    },
    refused(client, now) {
      const counter = counterOf(client, now);
      counter.add('refused', 1, now);
      enqueue(counter);
    },
  };
}

const REMEDY =
  'Keep the token until shortly before it expires, as @tessera/client does; or let this server ' +
  'answer with it again: tokenReuseSeconds of the client.';

/** What came of it; undefined: nothing, or too late. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  const done = work.catch(() => undefined);
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
