import { StoreUnavailable } from '../environment.ts';

/** Writers that may wait at once, and for how long: beyond that the database is too slow. */
const WAITING_MAX = 1_000;
const WAIT_MILLISECONDS = 10_000;

export type WriteTurn = {
  /** Resolves when it is the caller's turn; the answer ends it. */
  take(): Promise<() => void>;
};

/**
 * One writer at a time, first come first served: SQLite has one writing connection, and a write
 * must never slip into a transaction that somebody else has open.
 */
export function writeTurn(): WriteTurn {
  const waiting = new Set<() => void>();
  let taken = false;

  const pass = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      taken = false;
    } else {
      waiting.delete(next);
      next();
    }
  };
  const ending = (): (() => void) => {
    let ended = false;
    return () => {
      if (!ended) pass();
      ended = true;
    };
  };

  return {
    take() {
      if (!taken) {
        taken = true;
        return Promise.resolve(ending());
      }
      if (waiting.size >= WAITING_MAX)
        return Promise.reject(new StoreUnavailable('too many writes wait for the database'));
      return new Promise((resolve, reject) => {
        const go = (): void => {
          clearTimeout(timer);
          resolve(ending());
        };
        const timer = setTimeout(() => {
          waiting.delete(go);
          reject(new StoreUnavailable('the database took too long to accept a write'));
        }, WAIT_MILLISECONDS);
        timer.unref();
        waiting.add(go);
      });
    },
  };
}
