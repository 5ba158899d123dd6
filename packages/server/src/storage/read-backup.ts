import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { numericDate } from '@tessera/protocol';
import { sql, type Transaction } from 'kysely';
import {
  BACKED_UP,
  BACKUP_FORMAT,
  BACKUP_VERSION,
  type BackupHeader,
  type BackupProgress,
  type BackupRow,
  type BackupTable,
  type BackupTrailer,
  backupDigest,
  readLines,
  UnreadableBackup,
} from './backup-format.ts';
import { insertInto, prepareBatch } from './batch.ts';
import { CHANGE_KINDS, changeRows, prepareChanges } from './changes.ts';
import { type Database, UnusableDatabase } from './database.ts';
import { migrate, readStatus } from './migrate.ts';
import { MIGRATIONS } from './migrations/list.ts';
import { openDatabase } from './open-database.ts';
import type { Schema } from './schema.ts';
import { type WriteBackupOptions, writeBackup } from './write-backup.ts';

/**
 * Reads a backup into a database that has nothing in it yet. All of it is there afterwards, or,
 * when anything is wrong with it, nothing.
 */
export async function readBackup(
  url: string,
  stream: NodeJS.ReadableStream,
  { onProgress = () => {} }: { readonly onProgress?: BackupProgress } = {},
): Promise<void> {
  const database = await openDatabase(url, { patient: true });
  try {
    await prepareTarget(database, url);
    await database.changing(async (transaction) => {
      await ensureEmpty(transaction);
      const lines = createGunzip();
      // What goes wrong on this way is told where the lines are read.
      const unpacking = pipeline(stream, lines).catch(() => {});
      await restore(database, transaction, lines, onProgress);
      await unpacking;
      await tellAll(database, transaction);
    });
  } catch (error) {
    throw isZlibError(error)
      ? new UnreadableBackup('this is not a backup, or it breaks off', { cause: error })
      : error;
  } finally {
    await database.close();
  }
}

/** From one database into another that has nothing in it yet, of the same kind or the other. */
export async function moveDatabase(
  fromUrl: string,
  toUrl: string,
  options: WriteBackupOptions,
): Promise<void> {
  const stream = new PassThrough();
  stream.on('error', () => {});
  const failures: Error[] = [];
  // The side that fails ends the other, which then fails because of it.
  const endBoth = (error: Error): void => {
    failures.push(error);
    stream.destroy(error);
  };
  await Promise.all([
    writeBackup(fromUrl, stream, options).catch(endBoth),
    readBackup(toUrl, stream).catch(endBoth),
  ]);
  const [first] = failures;
  if (first !== undefined) throw first;
}

/** A new database gets the schema; one that has another is left as it is. */
async function prepareTarget(database: Database, url: string): Promise<void> {
  const { applied, pending, unknown } = await readStatus(database);
  if (applied.length === 0) await migrate(url);
  else if (pending.length > 0 || unknown.length > 0)
    throw new UnusableDatabase('the schema of the database is not that of this version');
}

async function ensureEmpty(transaction: Transaction<Schema>): Promise<void> {
  for (const { table } of BACKED_UP) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(transaction);
    if (rows.length > 0)
      throw new UnusableDatabase(`the database is not empty: there are rows in ${table}`);
  }
}

/** A server that has the database open may have found it empty: it has everything to forget. */
async function tellAll(database: Database, transaction: Transaction<Schema>): Promise<void> {
  const { rows } = await sql<{ readonly name: string }>`select name from realms`.execute(
    transaction,
  );
  const changes = rows.flatMap(({ name: realm }) =>
    CHANGE_KINDS.map((kind) => ({ realm, kind, id: '' })),
  );
  await prepareChanges(database)(transaction, changeRows(changes, numericDate(0)));
}

/** Node's words for a stream that is not gzip, or ends too early. */
const isZlibError = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  /^(?:Z_|ERR_STREAM_PREMATURE_CLOSE)/.test(String(error.code));

/** Takes the backup apart line by line, and believes it only when the trailer agrees. */
async function restore(
  database: Database,
  transaction: Transaction<Schema>,
  source: AsyncIterable<Buffer>,
  onProgress: BackupProgress,
): Promise<void> {
  const digest = backupDigest();
  const counts: Record<string, number> = {};
  let open: OpenTable | undefined;
  let header: BackupHeader | undefined;
  let trailer: BackupTrailer | undefined;
  for await (const text of readLines(source)) {
    if (trailer !== undefined) throw new UnreadableBackup('the backup goes on after its end');
    const line = parseLine(text);
    if (header === undefined) {
      header = readHeader(line);
    } else if (Array.isArray(line)) {
      if (open === undefined) throw new UnreadableBackup('the backup has a row without a table');
      await open.add(line);
    } else {
      if (open !== undefined) counts[open.table] = await open.end();
      if ('sha256' in line) trailer = line as BackupTrailer;
      else open = openTable(database, transaction, line as BackupTable, onProgress);
    }
    if (trailer === undefined) digest.update(text);
  }
  if (trailer === undefined) throw new UnreadableBackup('the backup breaks off');
  if (trailer.sha256 !== digest.end()) throw new UnreadableBackup('the backup was altered');
  if (JSON.stringify(trailer.rows) !== JSON.stringify(counts))
    throw new UnreadableBackup('the backup has not as many rows as it says');
}

type OpenTable = {
  readonly table: string;
  add(row: BackupRow): Promise<void>;
  /** The number of rows there were. */
  end(): Promise<number>;
};

function openTable(
  database: Database,
  transaction: Transaction<Schema>,
  { table, columns }: BackupTable,
  onProgress: BackupProgress,
): OpenTable {
  const known = BACKED_UP.find((backedUp) => backedUp.table === table);
  const given = columns.map((name) => known?.columns.find((column) => column.name === name));
  if (known === undefined || !given.every((column) => column !== undefined))
    throw new UnreadableBackup(`the backup has a table this version does not know: ${table}`);
  const write = prepareBatch(database, given, insertInto(known.table, given));
  let rows: BackupRow[] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    await write(transaction, rows);
    count += rows.length;
    if (rows.length > 0) onProgress(table, count);
    rows = [];
  };
  return {
    table,
    async add(row) {
      if (row.length !== given.length)
        throw new UnreadableBackup(`the backup has a broken row of ${table}`);
      rows.push(row);
      if (rows.length >= known.batch) await flush();
    },
    async end() {
      await flush();
      return count;
    },
  };
}

function parseLine(text: string): BackupRow | object {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    line = undefined;
  }
  if (typeof line !== 'object' || line === null) throw new UnreadableBackup('this is not a backup');
  return line;
}

function readHeader(line: BackupRow | object): BackupHeader {
  const { format, version, migration } = line as Partial<BackupHeader>;
  if (format !== BACKUP_FORMAT) throw new UnreadableBackup('this is not a backup');
  if (version !== BACKUP_VERSION || !Object.hasOwn(MIGRATIONS, migration ?? ''))
    throw new UnreadableBackup('the backup was made by a newer version');
  return line as BackupHeader;
}
