import { DatabaseSync } from '@photostructure/sqlite';
import { numericDate } from '@tessera/protocol';
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSqliteUrl } from '../../test/store/opened.ts';
import { summarizeClients } from './client-summaries.ts';
import type { Database } from './database.ts';
import { ensureMigrated } from './migrate.ts';
import type { Schema } from './schema.ts';
import { openSqlite, sqlitePath } from './sqlite.ts';

const { url, remove } = newSqliteUrl();
let database: Database;
let file: InstanceType<typeof DatabaseSync>;
beforeAll(async () => {
  database = await openSqlite(sqlitePath(url));
  await ensureMigrated(database, url, true);
  file = new DatabaseSync(sqlitePath(url));
});
afterAll(async () => {
  file.close();
  await database.close();
  remove();
});

/** What would be asked of the database. */
async function collectQueries(): Promise<readonly string[]> {
  const asked: string[] = [];
  const reader = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    log({ query }) {
      asked.push(query.sql);
    },
  });
  const summarize = summarizeClients({ ...database, reader });
  await summarize('alpha', ['one', 'two'], numericDate(1_700_000_000));
  return asked;
}

it('SQLite looks up each client of a page, and reads no table from end to end', async () => {
  const queries = await collectQueries();
  expect(queries).toHaveLength(4);
  for (const query of queries) {
    const plan = file
      .prepare(`explain query plan ${query}`)
      .all()
      .map((step) => String((step as { readonly detail: unknown }).detail));
    expect(
      plan.filter((step) => step.includes('found')),
      query,
    ).toEqual([expect.stringMatching(/^SEARCH found USING .*\(realm=\? AND client_id=\?/)]);
  }
});
