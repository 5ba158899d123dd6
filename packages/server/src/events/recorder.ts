/*
 * Traffic events: what happens so often that it is written in batches, shortly after it happened.
 *
 * Owns the buffer between requests and the store; change events do not come through here, they
 * are written in the transaction of their change.
 */
import type { AlsoWritten, CredentialUse, Environment, Recorder } from '../environment.ts';
import type { Event, TrafficEventType } from '../model/event.ts';

/** How long an event waits at most before it is written. */
const FLUSH_MILLISECONDS = 1_000;

/** Events written at once. */
const BATCH_MAX = 2_000;

/** Events that wait while the database is slow or away; what comes on top is counted and lost. */
const WAITING_MAX = 100_000;

export function recorder(
  env: Pick<Environment, 'store' | 'random' | 'metrics' | 'log'>,
): Recorder & { close(): Promise<void> } {
  let waiting: Event<TrafficEventType>[] = [];
  const uses = new Map<string, CredentialUse>();
  const others: AlsoWritten[] = [];
  let flushing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failing = false;

  const schedule = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void flush();
    }, FLUSH_MILLISECONDS);
  };

  const write = async (): Promise<void> => {
    while (waiting.length > 0 || uses.size > 0 || others.some((other) => other.waits())) {
      const batch = waiting.slice(0, BATCH_MAX);
      const used = [...uses.values()];
      try {
        if (batch.length > 0) await env.store.appendEvents(batch);
        waiting = waiting.slice(batch.length);
        if (used.length > 0) await env.store.touchCredentials(used);
        for (const use of used)
          if (uses.get(use.credentialId) === use) uses.delete(use.credentialId);
        for (const other of others) if (other.waits()) await other.write();
        failing = false;
      } catch (error) {
        if (!failing) env.log.warn({ err: error }, 'traffic events cannot be written, they wait');
        failing = true;
        schedule();
        return;
      }
    }
  };

  const flush = (): Promise<void> => {
    flushing ??= write().finally(() => {
      flushing = undefined;
    });
    return flushing;
  };

  return {
    record(event) {
      if (waiting.length >= WAITING_MAX) {
        env.metrics.eventsDropped(1);
        return;
      }
      const { at, realm, type, actor, subject, details, requestId } = event;
      const id = env.random.uuid();
      waiting.push({ id, at, realm, type, actor, subject, details, requestId });
      schedule();
    },
    credentialUsed(use) {
      if (uses.size >= WAITING_MAX) return;
      uses.set(use.credentialId, use);
      schedule();
    },
    alsoWrite(gathered) {
      others.push(gathered);
      return schedule;
    },
    flush,
    async close() {
      clearTimeout(timer);
      timer = undefined;
      await flush();
      clearTimeout(timer);
    },
  };
}
