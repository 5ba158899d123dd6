import { StoreUnavailable } from '../environment.ts';

export type Gathered<T> = {
  /** Resolves when the items are durable. */
  add(items: readonly T[]): Promise<void>;
  /** Resolves when nothing waits any more. */
  settle(): Promise<void>;
};

/** Beyond this many items the database is too slow for what is asked of it. */
const WAITING_MAX = 20_000;

/** The most that one transaction takes. */
const BATCH_MAX = 5_000;

/**
 * Group commit: while one batch is being written the next one gathers, so that an fsync is shared
 * by all that came meanwhile, and nobody waits for company when there is none.
 */
export function gather<T>(write: (batch: readonly T[]) => Promise<unknown>): Gathered<T> {
  let waiting: Batch<T> | undefined;
  let writing: Promise<void> | undefined;

  const writeAll = async (): Promise<void> => {
    // All that this turn of the event loop has read from its sockets shares the first batch.
    await endOfTurn();
    while (waiting !== undefined) {
      const { items, keep, fail } = waiting;
      waiting = undefined;
      await writeInParts(write, items).then(keep, fail);
    }
    writing = undefined;
  };

  return {
    add(items) {
      if (items.length === 0) return Promise.resolve();
      waiting ??= newBatch();
      if (waiting.items.length + items.length > WAITING_MAX)
        return Promise.reject(new StoreUnavailable('too many writes wait for the database'));
      waiting.items.push(...items);
      const { written } = waiting;
      writing ??= writeAll();
      return written;
    },
    async settle() {
      await writing;
    },
  };
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One promise for all of a batch: under load there are thousands of them a second. */
type Batch<T> = {
  readonly items: T[];
  readonly written: Promise<void>;
  readonly keep: () => void;
  readonly fail: (error: unknown) => void;
};

function newBatch<T>(): Batch<T> {
  let keep: Batch<T>['keep'] = () => {};
  let fail: Batch<T>['fail'] = () => {};
  const written = new Promise<void>((resolve, reject) => {
    keep = resolve;
    fail = reject;
  });
  return { items: [], written, keep, fail };
}

async function writeInParts<T>(
  write: (batch: readonly T[]) => Promise<unknown>,
  items: readonly T[],
): Promise<void> {
  for (let from = 0; from < items.length; from += BATCH_MAX)
    await write(items.slice(from, from + BATCH_MAX));
}
