import type { Clock, Log, Random, Store } from '../environment.ts';
import { ensureMigrated } from './migrate.ts';
import { sqlStore } from './sql-store.ts';
import { openSqlite, sqlitePath } from './sqlite.ts';

export type StoreOptions = {
  /** `file:/path/to.db` or `postgres://…`. */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Whether to bring the schema up to date at the start. True unless said otherwise. */
  readonly migrate?: boolean;
};

/** Opens the database and answers when it can be used. */
export async function openStore({
  url,
  clock,
  random,
  migrate = true,
}: StoreOptions): Promise<Store> {
  const database = await openSqlite(sqlitePath(url));
  try {
    await ensureMigrated(database, migrate);
  } catch (error) {
    await database.close();
    throw error;
  }
  return sqlStore({ database, clock, random, changed() {} });
}
