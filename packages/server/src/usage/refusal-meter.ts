/*
 * What token requests are refused for: counted here by client and reason, added up in the database.
 *
 * Owns what is counted and not yet written. Callers are strangers: reasons are a closed set, how
 * many clients are kept apart is bounded, and names are kept only of clients that there are.
 */
import type { RefusalReason } from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { RefusalDelta, RefusalMeter } from '../model/token-refusals.ts';
import { startOf } from '../model/usage.ts';

/** Clients of a realm that are kept apart within one hour; others are counted together. */
const REFUSED_CLIENTS_PER_HOUR = 500;

/** Counts that wait to be written while the database is away; what comes on top is lost. */
const WAITING_MAX = 20_000;

/** Anybody can name any client in these, as often as they like. */
const UNPROVEN: ReadonlySet<RefusalReason> = new Set(['client_unknown', 'failures_too_many']);

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };

export function refusalMeter({
  store,
  recorder,
  metrics,
}: Pick<Environment, 'store' | 'recorder' | 'metrics'>): RefusalMeter {
  let waiting = new Map<string, Mutable<RefusalDelta>>();
  /** Of the present hour, by realm. */
  const clients = new Map<string, Set<string>>();
  let hour = 0;

  const add = (delta: RefusalDelta): void => {
    const { realm, clientId, reason } = delta;
    const key = JSON.stringify([realm, clientId, reason, delta.hour]);
    const found = waiting.get(key);
    if (found === undefined) {
      if (waiting.size < WAITING_MAX) waiting.set(key, { ...delta });
      else metrics.eventsDropped(delta.refused);
      return;
    }
    found.refused += delta.refused;
    if (delta.lastAt < found.lastAt) return;
    found.lastAt = delta.lastAt;
    found.details = delta.details;
  };
  const write = async (): Promise<void> => {
    const writing = [...waiting.values()];
    waiting = new Map();
    try {
      await store.addRefusals(writing);
    } catch (error) {
      for (const delta of writing) add(delta);
      throw error;
    }
  };
  const wake = recorder.alsoWrite({ waits: () => waiting.size > 0, write });

  /** The client, as long as there are not too many of them in this hour. */
  const keptApart = (realm: string, clientId: string): boolean => {
    let known = clients.get(realm);
    if (known === undefined) {
      known = new Set();
      clients.set(realm, known);
    }
    if (known.has(clientId)) return true;
    if (known.size >= REFUSED_CLIENTS_PER_HOUR) return false;
    known.add(clientId);
    return true;
  };

  return {
    refused(realm, clientId, { reason }, details, now) {
      const start = startOf('hour', now);
      if (start !== hour) {
        hour = start;
        clients.clear();
      }
      const named = clientId !== undefined && !UNPROVEN.has(reason) && keptApart(realm, clientId);
      add({
        realm,
        clientId: named ? clientId : '',
        reason,
        hour: start,
        refused: 1,
        lastAt: now,
        details: named ? details : {},
      });
      wake();
    },
  };
}
