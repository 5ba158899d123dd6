import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { NumericDate } from '@tessera/protocol';
import { type Kysely, sql } from 'kysely';
import {
  BACKED_UP,
  BACKUP_FORMAT,
  BACKUP_VERSION,
  type BackedUp,
  type BackupHeader,
  type BackupProgress,
  type BackupTable,
  type BackupTrailer,
  backupDigest,
} from './backup-format.ts';
import { names } from './batch.ts';
import { type Database, UnusableDatabase } from './database.ts';
import { readStatus } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import type { Row, Schema, SqlValue } from './schema.ts';

export type WriteBackupOptions = {
  readonly now: NumericDate;
  readonly onProgress?: BackupProgress;
};

/**
 * Writes all of a database, as it is at one instant, to a stream and ends it. The server may run
 * meanwhile: nobody waits for it.
 */
export async function writeBackup(
  url: string,
  stream: NodeJS.WritableStream,
  { now, onProgress = () => {} }: WriteBackupOptions,
): Promise<void> {
  const database = await openDatabase(url, { patient: true, writable: false });
  try {
    const migration = await lastMigration(database);
    await database.reader
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (snapshot) => {
        const header: BackupHeader = {
          format: BACKUP_FORMAT,
          version: BACKUP_VERSION,
          migration,
          createdAt: now,
        };
        await pipeline(writeLines(snapshot, header, onProgress), createGzip(), stream);
      });
  } finally {
    await database.close();
  }
}

async function lastMigration(database: Database): Promise<string> {
  const { applied, pending, unknown } = await readStatus(database);
  const last = applied.at(-1);
  if (last === undefined || pending.length > 0 || unknown.length > 0)
    throw new UnusableDatabase('the schema of the database is not that of this version');
  return last;
}

async function* writeLines(
  snapshot: Kysely<Schema>,
  header: BackupHeader,
  onProgress: BackupProgress,
): AsyncGenerator<string> {
  const digest = backupDigest();
  const counts: Record<string, number> = {};
  const line = (value: unknown): string => {
    const text = `${JSON.stringify(value)}\n`;
    digest.update(text);
    return text;
  };
  yield line(header);
  for (const backedUp of BACKED_UP) {
    const { table } = backedUp;
    const columns = backedUp.columns.map(({ name }) => name);
    yield line({ table, columns } satisfies BackupTable);
    let count = 0;
    for await (const rows of readTable(snapshot, backedUp)) {
      yield rows.map((row) => line(columns.map((name) => row[name] ?? null))).join('');
      count += rows.length;
      onProgress(table, count);
    }
    counts[table] = count;
  }
  yield `${JSON.stringify({ rows: counts, sha256: digest.end() } satisfies BackupTrailer)}\n`;
}

/** A table in batches, in the order of its key. */
async function* readTable(
  snapshot: Kysely<Schema>,
  { table, columns, key, batch }: BackedUp,
): AsyncGenerator<readonly Row[]> {
  const order = sql.join(key.map((name) => sql.ref(name)));
  let after: readonly SqlValue[] | undefined;
  for (let length = batch; length === batch; ) {
    const beyond = after === undefined ? sql`true` : sql`(${order}) > (${sql.join([...after])})`;
    const { rows }: { readonly rows: readonly Row[] } = await sql<Row>`
      select ${names(columns)} from ${sql.table(table)} where ${beyond}
      order by ${order} limit ${batch}`.execute(snapshot);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    after = last && key.map((name) => last[name] ?? null);
    length = rows.length;
  }
}
