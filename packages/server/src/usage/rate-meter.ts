import { numericDate } from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import { LATENCY_CLASSES, latencyClass } from '../model/latency.ts';
import type { RateDelta, RateMeter } from '../model/token-rates.ts';

/** Minutes of realms that wait to be written while the database is away. */
const WAITING_MAX = 2_000;

type Minute = {
  readonly realm: string;
  readonly minute: number;
  /** Issued and refused by latency class, one after the other. */
  readonly counts: Uint32Array;
};

/**
 * How many token requests a minute there are, and how long they take. A request costs a class and
 * an addition; what was added up is written with the traffic events.
 */
export function rateMeter({ store, recorder }: Pick<Environment, 'store' | 'recorder'>): RateMeter {
  let open = new Map<string, Minute>();
  let closed: Minute[] = [];
  const write = async (): Promise<void> => {
    const writing = [...closed, ...open.values()];
    closed = [];
    open = new Map();
    try {
      await store.addRates(writing.flatMap(deltasOf));
    } catch (error) {
      closed = [...writing, ...closed].slice(-WAITING_MAX);
      throw error;
    }
  };
  const wake = recorder.alsoWrite({ waits: () => open.size > 0 || closed.length > 0, write });
  return {
    answered(realm, issued, milliseconds, now) {
      const minute = now - (now % 60);
      let one = open.get(realm);
      if (one === undefined || one.minute !== minute) {
        if (one !== undefined && closed.length < WAITING_MAX) closed.push(one);
        one = { realm, minute, counts: new Uint32Array(2 * LATENCY_CLASSES) };
        open.set(realm, one);
        wake();
      }
      const at = latencyClass(milliseconds) + (issued ? 0 : LATENCY_CLASSES);
      one.counts[at] = (one.counts[at] ?? 0) + 1;
    },
  };
}

function deltasOf({ realm, minute, counts }: Minute): readonly RateDelta[] {
  const deltas: RateDelta[] = [];
  for (let latency = 0; latency < LATENCY_CLASSES; latency++) {
    const issued = counts[latency] ?? 0;
    const refused = counts[latency + LATENCY_CLASSES] ?? 0;
    if (issued + refused > 0)
      deltas.push({ realm, minute: numericDate(minute), latency, issued, refused });
  }
  return deltas;
}
