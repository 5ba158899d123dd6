import { CompiledQuery, Kysely, sql } from 'kysely';
import { Client, type ClientConfig, Pool, types } from 'pg';
import { type Database, type Dialect, type OpenOptions, UnusableDatabase } from './database.ts';
import { POSTGRES_DDL } from './migrations/ddl.ts';
import { type Patience, postgresDialect } from './postgres-dialect.ts';
import { HINT_CHANNEL, type Hints, listenForHints } from './postgres-hints.ts';
import type { Row, Schema } from './schema.ts';
import { writeTurn } from './write-turn.ts';

/** Connections of one node, but for the one that listens. */
const POOL_SIZE = 10;
const CONNECT_MILLISECONDS = 2_000;
const READING: Patience = { alone: 2_000, inTransaction: 2_000 };
const WRITING: Patience = { alone: 4_000, inTransaction: 10_000 };
const ENDLESS: Patience = { alone: 0, inTransaction: 0 };

/** Any number, as long as it is the same on every node and nobody else's: "tess" in ASCII. */
const CHANGE_LOCK = 0x74657373;
const INT8_OID = 20;
const OLDEST_VERSION = 140_000;

/** Connects, and answers when it is a database that can be used. */
export async function openPostgres(
  url: string,
  { patient = false }: OpenOptions = {},
): Promise<Database> {
  const settings = clientSettings(url);
  const pool = new Pool({
    ...settings,
    max: POOL_SIZE,
    statement_timeout: patient ? 0 : WRITING.inTransaction,
  });
  // An idle connection that breaks is replaced; one in use tells whoever uses it.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const reader = new Kysely<Schema>({
    dialect: postgresDialect(pool, patient ? ENDLESS : READING),
  });
  const writer = new Kysely<Schema>({
    dialect: postgresDialect(pool, patient ? ENDLESS : WRITING),
  });
  const turn = writeTurn();
  let hints: Hints | undefined;

  try {
    await ensureUsable(reader);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const alone: Database['alone'] = async (work) => {
    // One of this node at a time: those that wait must not take all the connections.
    const release = await turn.take();
    try {
      return await writer.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(${CHANGE_LOCK})`.execute(transaction);
        return work(transaction);
      });
    } finally {
      release();
    }
  };
  return {
    dialect: POSTGRES,
    reader,
    writer,
    async read(text, values) {
      return (await reader.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows;
    },
    alone,
    changing: (work) =>
      alone(async (transaction) => {
        const value = await work(transaction);
        await sql`select pg_notify(${HINT_CHANNEL}, '')`.execute(transaction);
        return value;
      }),
    onHint(listener) {
      hints ??= listenForHints(() => new Client(settings));
      hints.listeners.add(listener);
      return () => hints?.listeners.delete(listener);
    },
    async close() {
      await hints?.close();
      await pool.end();
    },
  };
}

const POSTGRES: Dialect = {
  name: 'postgres',
  ddl: POSTGRES_DDL,
  tabulate: (json, columns) =>
    sql`(select ${sql.join(
      columns.map(
        ({ name, type }, index) =>
          sql`(item ->> ${sql.lit(index)})${type === 'integer' ? sql`::bigint` : sql``} as ${sql.ref(name)}`,
      ),
    )} from jsonb_array_elements(${json}::jsonb) as item)`,
  size: sql`pg_database_size(current_database())`,
  position: sql`strpos`,
  listRows: (columns, rows) =>
    sql`(select coalesce(json_agg(json_build_array(${sql.join(
      columns.map((name) => sql.ref(name)),
    )})), '[]')::text from (${rows}) as listed)`,
};

const clientSettings = (url: string): ClientConfig => ({
  connectionString: url,
  application_name: 'tessera',
  connectionTimeoutMillis: CONNECT_MILLISECONDS,
  keepAlive: true,
  types: {
    // Instants and counts: all of them are exact in a JavaScript number.
    getTypeParser: (oid: number, format?: 'text' | 'binary'): ((text: string) => unknown) =>
      oid === INT8_OID ? Number : (types.getTypeParser(oid, format) as (text: string) => unknown),
  },
});

async function ensureUsable(reader: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ readonly version: number; readonly encoding: string }>`
    select current_setting('server_version_num')::integer as version,
      current_setting('server_encoding') as encoding`.execute(reader);
  const { version = 0, encoding = '' } = rows[0] ?? {};
  if (version < OLDEST_VERSION) throw new UnusableDatabase('PostgreSQL 14 or newer is needed');
  if (encoding !== 'UTF8')
    throw new UnusableDatabase(`the database's encoding is ${encoding}, not UTF8`);
}
