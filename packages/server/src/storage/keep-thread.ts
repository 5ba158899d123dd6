import { StoreUnavailable } from '../environment.ts';
import type { SqliteThread } from './sqlite-thread.ts';

export type KeptThread = {
  /** Not a promise while all is well: reads are many. */
  current(): SqliteThread | Promise<SqliteThread>;
  close(): Promise<void>;
};

/** One thread, and a new one when it has died: the file outlives both. */
export function keepThread(start: () => Promise<SqliteThread>): KeptThread {
  let closed = false;
  let starting: Promise<SqliteThread> | undefined;
  let current: SqliteThread | undefined;

  const startAnew = async (): Promise<SqliteThread> => {
    current = await start();
    return current;
  };
  return {
    current() {
      if (closed) throw new StoreUnavailable('the database is closed');
      if (current?.alive === true) return current;
      // Of many who find it dead, the first starts the next one.
      starting ??= startAnew().finally(() => {
        starting = undefined;
      });
      return starting;
    },
    async close() {
      closed = true;
      await starting?.catch(() => {});
      await current?.close();
    },
  };
}
