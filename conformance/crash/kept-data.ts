import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { createDatabase, type DatabaseName } from '../databases.ts';
import { readPostgres, readSqlite, type StoredRows } from './stored-rows.ts';

const LEFT_MILLISECONDS = 10_000;

/** What outlives a server: its data directory and its database. */
export type KeptData = {
  readonly directory: string;
  readonly dataDirectory: string;
  /** Variables of a server that is to run on it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The database as it is at one moment, past the server. */
  read(): Promise<StoredRows>;
  /** Whether anybody has begun to make tables. */
  hasTables(): Promise<boolean>;
  /** Resolves when the database has noticed that the server was killed. */
  untilLeft(): Promise<void>;
  remove(): Promise<void>;
};

export async function createKeptData(name: DatabaseName): Promise<KeptData> {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-crash-'));
  const dataDirectory = join(directory, 'data');
  const { url, drop } = await createDatabase(name);
  return {
    directory,
    dataDirectory,
    environment: {
      TESSERA_DATA_DIR: dataDirectory,
      ...(url !== undefined && { TESSERA_DATABASE_URL: url }),
    },
    read: () =>
      url === undefined ? readSqlite(join(dataDirectory, 'tessera.db')) : readPostgres(url),
    hasTables: () =>
      url === undefined ? Promise.resolve(hasLog(dataDirectory)) : hasPublicTables(url),
    untilLeft: () => (url === undefined ? Promise.resolve() : untilSessionsEnd(url)),
    async remove() {
      await drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Before it is moved to its place, all that is written to SQLite is in the log. */
function hasLog(dataDirectory: string): boolean {
  const log = join(dataDirectory, 'tessera.db-wal');
  return existsSync(log) && statSync(log).size > 0;
}

async function hasPublicTables(url: string): Promise<boolean> {
  const { rows } = await onConnection(url, (client) =>
    client.query("select 1 from pg_tables where schemaname = 'public' limit 1"),
  );
  return rows.length > 0;
}

/**
 * A session of PostgreSQL ends what it was told before it notices that nobody is there any more:
 * until then a change that was not acknowledged may still come to be.
 */
async function untilSessionsEnd(url: string): Promise<void> {
  await onConnection(url, async (client) => {
    const deadline = performance.now() + LEFT_MILLISECONDS;
    for (;;) {
      const { rows } = await client.query<{ readonly left: number }>(
        `select count(*)::integer as left from pg_stat_activity
         where datname = current_database() and application_name = 'tessera'`,
      );
      if (rows[0]?.left === 0) return;
      if (performance.now() > deadline) throw new Error('sessions of the killed server go on');
      await pause(5);
    }
  });
}

async function onConnection<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
