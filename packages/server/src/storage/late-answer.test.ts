import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../environment.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { type SqliteThread, startSqliteThread } from './sqlite-thread.ts';

type Numbers = { readonly numbers: { readonly n: number } };

/** A thread that does what it is told and whose first answers nobody waits for long enough. */
function impatient(thread: SqliteThread, late: number): SqliteThread {
  let answers = 0;
  return {
    ...thread,
    get alive() {
      return thread.alive;
    },
    run(on, statements) {
      const answer = thread.run(on, statements);
      if (++answers > late) return answer;
      answer.catch(() => {});
      return Promise.reject(new StoreUnavailable('the database did not answer in time'));
    },
  };
}

it('a transaction that began too late for whoever asked stays open for nobody', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-late-'));
  const path = join(directory, 'late.db');
  const thread = await startSqliteThread({ path, writable: true });
  const other = await startSqliteThread({ path, writable: true });
  try {
    const open = (given: SqliteThread) =>
      new Kysely<Numbers>({
        dialect: sqliteDialect('writer', async () => ({ thread: given, release() {} })),
      });
    await sql`create table numbers (n integer)`.execute(open(thread));
    const late = open(impatient(thread, 1));
    await expect(
      late.transaction().execute((one) => one.insertInto('numbers').values({ n: 1 }).execute()),
    ).rejects.toBeInstanceOf(StoreUnavailable);

    await open(thread).insertInto('numbers').values({ n: 2 }).execute();
    const seen = await open(other).selectFrom('numbers').select('n').execute();
    expect(seen).toEqual([{ n: 2 }]);
    await open(thread)
      .transaction()
      .execute((one) => one.insertInto('numbers').values({ n: 3 }).execute());
  } finally {
    await thread.close();
    await other.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
