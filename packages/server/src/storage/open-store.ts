import type { Clock, Log, Random, Store } from '../environment.ts';
import { cachedStore } from './cached-store.ts';
import { ensureMigrated } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { sqlStore } from './sql-store.ts';

export type StoreOptions = {
  /** `file:/path/to.db` or `postgres://…`. */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Whether to bring the schema up to date at the start; true unless said otherwise. */
  readonly migrate?: boolean;
  /** How long to answer from memory while the database is away, seconds. */
  readonly staleAfter?: number;
  /** How many clients to remember at most. */
  readonly clientsMax?: number;
};

const STALE_AFTER = 300;
const CLIENTS_MAX = 50_000;

/**
 * Opens the database, brings its schema up to date, and answers when the store can be used.
 * Rejects when the database cannot be reached or does not fit.
 */
export async function openStore({
  url,
  clock,
  random,
  log,
  migrate = true,
  staleAfter = STALE_AFTER,
  clientsMax = CLIENTS_MAX,
}: StoreOptions): Promise<Store> {
  const database = await openDatabase(url);
  try {
    await ensureMigrated(database, url, migrate);
    return await cachedStore({
      database,
      open: (changed) => sqlStore({ database, clock, random, changed }),
      clock,
      log,
      staleAfter,
      clientsMax,
    });
  } catch (error) {
    await database.close();
    throw error;
  }
}
