import type { Clock } from '../environment.ts';
import { type RecentlyUsed, recentlyUsed } from '../recently-used.ts';

/** Hooks, and clients at one, of whose failures is known; the least recently used goes first. */
const HOOKS_MAX = 2_000;
const CLIENTS_AT_HOOKS_MAX = 20_000;

/** So many failures in a row, and for a while nobody is asked but one at a time. */
const FAILURES_MAX = 5;

/** Of so many clients, or it may be their fault: what the hook is told of them is partly theirs. */
const CLIENTS_MIN = 3;

/** Milliseconds of that while, doubled with each further failure. */
const BACK_OFF = { first: 1_000, most: 30_000 };

type Circuit = { failures: number; retryAt: number; readonly failing: Set<string> };

export type HookCircuits = {
  /** Seconds until it is worth to ask; undefined: it is now. */
  wait(hook: string, client: string): number | undefined;
  /** Somebody asks, for `timeout` milliseconds at most: after many failures nobody else does meanwhile. */
  begin(hook: string, client: string, timeout: number): void;
  end(hook: string, client: string, answered: boolean): void;
};

/**
 * Which hooks are worth to be asked: one that failed many clients in a row is not, for a while, and
 * neither is one that failed the same client many times, for that client.
 */
export function hookCircuits(clock: Pick<Clock, 'monotonic'>): HookCircuits {
  const hooks = recentlyUsed<string, Circuit>(HOOKS_MAX);
  const clientsAtHooks = recentlyUsed<string, Circuit>(CLIENTS_AT_HOOKS_MAX);
  const now = () => clock.monotonic();

  const circuitsOf = (hook: string, client: string) =>
    [
      [known(hooks, hook), CLIENTS_MIN],
      [known(clientsAtHooks, JSON.stringify([hook, client])), 1],
    ] as const;

  return {
    wait(hook, client) {
      const until = Math.max(...circuitsOf(hook, client).map(([{ retryAt }]) => retryAt));
      return until > now() ? Math.ceil((until - now()) / 1_000) : undefined;
    },
    begin(hook, client, timeout) {
      for (const [circuit, clientsMin] of circuitsOf(hook, client))
        if (hasFailed(circuit, clientsMin)) circuit.retryAt = now() + timeout + BACK_OFF.first;
    },
    end(hook, client, answered) {
      for (const [circuit, clientsMin] of circuitsOf(hook, client)) {
        if (answered) {
          circuit.failures = 0;
          circuit.retryAt = Number.NEGATIVE_INFINITY;
          circuit.failing.clear();
          continue;
        }
        circuit.failures += 1;
        if (circuit.failing.size < clientsMin) circuit.failing.add(client);
        if (!hasFailed(circuit, clientsMin)) continue;
        const doubled = BACK_OFF.first * 2 ** (circuit.failures - FAILURES_MAX);
        circuit.retryAt = now() + Math.min(doubled, BACK_OFF.most);
      }
    },
  };
}

const hasFailed = ({ failures, failing }: Circuit, clientsMin: number): boolean =>
  failures >= FAILURES_MAX && failing.size >= clientsMin;

function known(circuits: RecentlyUsed<string, Circuit>, name: string): Circuit {
  const before = circuits.get(name);
  if (before !== undefined) return before;
  const circuit = { failures: 0, retryAt: Number.NEGATIVE_INFINITY, failing: new Set<string>() };
  circuits.set(name, circuit);
  return circuit;
}
