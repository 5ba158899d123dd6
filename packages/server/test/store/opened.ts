import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numericDate } from '@tessera/protocol';
import type { Clock, Log, Store } from '../../src/environment.ts';
import type { Database } from '../../src/storage/database.ts';
import { ensureMigrated } from '../../src/storage/migrate.ts';
import { openDatabase } from '../../src/storage/open-database.ts';
import { openStore, type StoreOptions } from '../../src/storage/open-store.ts';
import { sqlStore } from '../../src/storage/sql-store.ts';
import { systemRandom } from '../../src/system/random.ts';
import { NOW } from './fixtures.ts';

/** A store under test, and a view of what is in its database. */
export type Opened = {
  readonly store: Store;
  readonly database: Database;
  readonly url: string;
  close(): Promise<void>;
};

export type TestClock = Clock & { pass(seconds: number): void };

/** Stands still until it is told to move. */
export function testClock(): TestClock {
  let milliseconds = NOW * 1_000;
  return {
    now: () => numericDate(Math.floor(milliseconds / 1_000)),
    milliseconds: () => milliseconds,
    monotonic: () => milliseconds,
    pass(seconds) {
      milliseconds += seconds * 1_000;
    },
  };
}

export type TestLog = Log & { readonly lines: string[] };

export function testLog(): TestLog {
  const lines: string[] = [];
  const write = (_: unknown, message: string): void => void lines.push(message);
  return { lines, info: write, warn: write, error: write };
}

export function newSqliteUrl(): { readonly url: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-store-'));
  return {
    url: `file:${join(directory, 'tessera.db')}`,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** The store as it is on its database, without a memory. */
export async function openPlain(url: string): Promise<Opened> {
  const database = await openDatabase(url);
  await ensureMigrated(database, url, true);
  const clock = testClock();
  const store = sqlStore({ database, clock, random: systemRandom(clock), changed() {} });
  const view = await openDatabase(url);
  return {
    store,
    database: view,
    url,
    async close() {
      await view.close();
      await store.close();
    },
  };
}

/** The store as the server has it. */
export async function openCached(
  url: string,
  options: Partial<StoreOptions> = {},
): Promise<Opened> {
  const clock = options.clock ?? testClock();
  const store = await openStore({
    url,
    clock,
    random: systemRandom(clock),
    log: testLog(),
    ...options,
  });
  const view = await openDatabase(url);
  return {
    store,
    database: view,
    url,
    async close() {
      await view.close();
      await store.close();
    },
  };
}
