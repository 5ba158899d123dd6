import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kysely, sql } from 'kysely';
import { StoreUnavailable } from '../environment.ts';
import { bindValue } from './bind-value.ts';
import type { Database, Dialect, OpenOptions } from './database.ts';
import { keepThread } from './keep-thread.ts';
import { SQLITE_DDL } from './migrations/ddl.ts';
import type { Schema } from './schema.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { startSqliteThread } from './sqlite-thread.ts';
import { writeTurn } from './write-turn.ts';

/** The file of `file:/path/to.db`, `file:///path/to.db` or `file:relative.db`. */
export const sqlitePath = (url: string): string =>
  url.startsWith('file://') ? fileURLToPath(url) : resolve(url.replace(/^file:/, ''));

/** Opens the file, creating it for the owner's eyes alone. */
export async function openSqlite(
  path: string,
  { writable = true, patient = false }: OpenOptions = {},
): Promise<Database> {
  if (writable) createPrivately(path);
  const threads = keepThread(() => startSqliteThread({ path, writable }, patient));
  await threads.current();
  const turn = writeTurn();
  const listeners = new Set<() => void>();
  const writer = new Kysely<Schema>({
    dialect: sqliteDialect('writer', async () => {
      const release = await turn.take();
      try {
        return { thread: await threads.current(), release };
      } catch (error) {
        release();
        throw error;
      }
    }),
  });
  const alone: Database['alone'] = (work) => writer.transaction().execute(work);
  return {
    dialect: SQLITE,
    reader: new Kysely<Schema>({
      dialect: sqliteDialect('reader', async () => ({
        thread: await threads.current(),
        release() {},
      })),
    }),
    writer,
    async read(text, values) {
      const found = threads.current();
      const thread = found instanceof Promise ? await found : found;
      const parameters = values.map(bindValue);
      const [outcome] = await thread.run('reader', [{ sql: text, parameters }]);
      return outcome?.rows ?? [];
    },
    // One writer at a time: numbers are taken and become visible in the same order.
    alone,
    async changing(work) {
      const value = await alone(work);
      for (const listener of listeners) listener();
      return value;
    },
    onHint(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => threads.close(),
  };
}

const SQLITE: Dialect = {
  name: 'sqlite',
  ddl: SQLITE_DDL,
  tabulate: (json, columns) =>
    sql`(select ${sql.join(
      columns.map(({ name }, index) => sql`value ->> ${sql.lit(index)} as ${sql.ref(name)}`),
    )} from json_each(${json}))`,
  size: sql`(select page_count * page_size from pragma_page_count, pragma_page_size)`,
  position: sql`instr`,
  listRows: (columns, rows) =>
    sql`(select json_group_array(json_array(${sql.join(columns.map((name) => sql.ref(name)))}))
      from (${rows}))`,
};

function createPrivately(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw new StoreUnavailable(`the database file cannot be opened: ${String(error)}`);
  }
}
