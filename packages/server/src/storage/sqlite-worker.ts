/**
 * The thread that SQLite lives in: a synchronous fsync on a slow disk must not stall a token.
 * It runs what it is sent, one message after the other, and knows nothing of what it means.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { BoundValue } from './bind-value.ts';
import type { Row } from './schema.ts';
import type {
  Outcome,
  SqliteFailure,
  SqliteReply,
  SqliteRequest,
  SqliteThreadData,
  Statement,
} from './sqlite-messages.ts';

/** The part of `node:sqlite` that is used here; `@photostructure/sqlite` has the same. */
type SqliteLibrary = {
  readonly DatabaseSync: new (
    path: string,
    options?: { readonly readOnly?: boolean },
  ) => SqliteConnection;
};
type SqliteConnection = {
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
};
type SqliteStatement = {
  all(...parameters: BoundValue[]): Row[];
  run(...parameters: BoundValue[]): { readonly changes: number | bigint };
};
type Prepared = { readonly statement: SqliteStatement; readonly reads: boolean };

type Connection = {
  readonly sqlite: SqliteConnection;
  readonly prepared: Map<string, Prepared>;
};

const PREPARED_MAX = 300;
/** How long to wait for another process that writes to the same file, milliseconds. */
const BUSY_TIMEOUT = 5_000;
/** A negative cache size is in KiB. */
const WRITER_CACHE = -64_000;
const READER_CACHE = -32_000;
/** Pages in the log before they are moved into the database. */
const CHECKPOINT_PAGES = 8_000;

/**
 * `@photostructure/sqlite` gives no code for what fails while rows are read, only SQLite's own text
 * of it (`sqlite3_errstr`). Without these, a full disk or a damaged file would pass for a fault of
 * ours.
 */
const CODES: ReadonlyMap<string, number> = new Map([
  ['database is locked', 5],
  ['database table is locked', 6],
  ['out of memory', 7],
  ['attempt to write a readonly database', 8],
  ['interrupted', 9],
  ['disk I/O error', 10],
  ['database disk image is malformed', 11],
  ['database or disk is full', 13],
  ['unable to open database file', 14],
  ['locking protocol', 15],
  ['file is not a database', 26],
]);

const { path, writable } = workerData as SqliteThreadData;
const port = parentPort;
if (port === null) throw new Error('this file is the body of a worker thread');

let connections: Readonly<Record<'reader' | 'writer', Connection>> | undefined;
try {
  const { DatabaseSync } = await loadLibrary();
  const writer = writable ? connect(new DatabaseSync(path), WRITER_CACHE) : undefined;
  if (writer !== undefined)
    writer.sqlite.exec(`
      pragma journal_mode = wal;
      pragma synchronous = full;
      pragma foreign_keys = on;
      pragma wal_autocheckpoint = ${CHECKPOINT_PAGES};
      pragma journal_size_limit = 67108864;
    `);
  const reader = connect(new DatabaseSync(path, { readOnly: true }), READER_CACHE);
  connections = { reader, writer: writer ?? reader };
  port.postMessage({ id: 0, outcomes: [] } satisfies SqliteReply);
  port.on('message', (request: SqliteRequest) => port.postMessage(answer(request)));
} catch (error) {
  port.postMessage({ id: 0, failure: describeFailure(error) } satisfies SqliteReply);
}

async function loadLibrary(): Promise<SqliteLibrary> {
  const builtIn: string = 'node:sqlite';
  const library: unknown = await import(builtIn).catch(() => import('@photostructure/sqlite'));
  return library as SqliteLibrary;
}

function connect(sqlite: SqliteConnection, cacheSize: number): Connection {
  sqlite.exec(`pragma busy_timeout = ${BUSY_TIMEOUT}; pragma cache_size = ${cacheSize}`);
  return { sqlite, prepared: new Map() };
}

function answer({ id, on, statements }: SqliteRequest): SqliteReply {
  try {
    if (connections === undefined) throw new Error('the database is closed');
    const connection = connections[on];
    if (statements === 'close') return { id, outcomes: close(connections) };
    if (statements === 'rollback') return { id, outcomes: rollBack(connection) };
    const [only, ...more] = statements;
    if (only !== undefined && more.length === 0) return { id, outcomes: [run(connection, only)] };
    return { id, outcomes: runTogether(connection, statements) };
  } catch (error) {
    return { id, failure: describeFailure(error) };
  }
}

function runTogether(connection: Connection, statements: readonly Statement[]): Outcome[] {
  connection.sqlite.exec('begin');
  try {
    return statements.map((statement) => run(connection, statement));
  } finally {
    connection.sqlite.exec('commit');
  }
}

function run(connection: Connection, { sql, parameters }: Statement): Outcome {
  const { statement, reads } = prepare(connection, sql);
  if (reads) return { rows: statement.all(...parameters), changes: 0 };
  return { rows: [], changes: Number(statement.run(...parameters).changes) };
}

/** Prepared once and kept while in use; the least recently used goes. */
function prepare({ sqlite, prepared }: Connection, sql: string): Prepared {
  let found = prepared.get(sql);
  if (found === undefined) {
    found = {
      statement: sqlite.prepare(sql),
      reads: /^\s*(?:select|with|pragma)\b|\breturning\b/i.test(sql),
    };
    if (prepared.size >= PREPARED_MAX)
      for (const oldest of prepared.keys()) {
        prepared.delete(oldest);
        break;
      }
  } else {
    prepared.delete(sql);
  }
  prepared.set(sql, found);
  return found;
}

/** SQLite has rolled back by itself after some failures; then there is nothing left to do. */
function rollBack({ sqlite }: Connection): Outcome[] {
  if (sqlite.isTransaction) sqlite.exec('rollback');
  return [];
}

function close(open: Readonly<Record<'reader' | 'writer', Connection>>): Outcome[] {
  connections = undefined;
  port?.removeAllListeners('message');
  const { reader, writer } = open;
  reader.prepared.clear();
  writer.prepared.clear();
  reader.sqlite.close();
  if (writer !== reader) {
    rollBack(writer);
    writer.sqlite.exec('pragma wal_checkpoint(truncate)');
    writer.sqlite.close();
  }
  return [];
}

function describeFailure(error: unknown): SqliteFailure {
  const { message, errcode } = error as { readonly message?: unknown; readonly errcode?: unknown };
  return {
    message: String(message),
    // Extended result codes carry the primary one in their lowest byte.
    code: typeof errcode === 'number' ? errcode & 0xff : CODES.get(String(message)),
  };
}
