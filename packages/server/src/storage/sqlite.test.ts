import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CompiledQuery, sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeContract } from '../../test/store/contract.ts';
import { newSqliteUrl, openPlain, testClock } from '../../test/store/opened.ts';
import { anIdentifier } from '../../test/store/spending.ts';
import { StoreUnavailable } from '../environment.ts';
import { systemRandom } from '../system/random.ts';
import type { Database } from './database.ts';
import { keepThread } from './keep-thread.ts';
import { ensureMigrated } from './migrate.ts';
import { sqlStore } from './sql-store.ts';
import { openSqlite, sqlitePath } from './sqlite.ts';
import { startSqliteThread } from './sqlite-thread.ts';

describe('the store on SQLite', () => {
  const { url, remove } = newSqliteUrl();
  afterAll(remove);
  storeContract(() => openPlain(url));
});

it('what could not be kept on a full disk is not spent, and can be once there is room', async () => {
  const { url, remove } = newSqliteUrl();
  const database = await openSqlite(sqlitePath(url));
  await ensureMigrated(database, url, true);
  const clock = testClock();
  const store = sqlStore({ database, clock, random: systemRandom(clock), changed() {} });
  const limit = (pages: number) =>
    database.writer.executeQuery(CompiledQuery.raw(`pragma max_page_count = ${pages}`));
  const many = Array.from({ length: 2_000 }, () => anIdentifier());
  await limit(1);
  await expect(store.spend(many)).rejects.toBeInstanceOf(StoreUnavailable);
  await limit(1_000_000);
  expect(new Set(await store.spend(many))).toEqual(new Set(['spent']));
  expect(new Set(await store.spend(many))).toEqual(new Set(['already_spent']));
  await store.close();
  remove();
});

describe('a database file', () => {
  let path: string;
  let database: Database;
  let remove: () => void;

  beforeEach(async () => {
    const file = newSqliteUrl();
    remove = file.remove;
    path = join(dirname(sqlitePath(file.url)), 'made', 'here', 'tessera.db');
    database = await openSqlite(path);
    await run('create table words (word text primary key, n integer) strict');
  });
  afterEach(async () => {
    await database.close();
    remove();
  });
  const run = (text: string, ...values: unknown[]) =>
    database.writer.executeQuery(CompiledQuery.raw(text, values));
  const words = async (): Promise<unknown[]> =>
    (await database.read('select word from words order by word', [])).map(({ word }) => word);

  it('is made for the owner alone, as is the folder', () => {
    const mode = (of: string): number => statSync(of).mode & 0o777;
    expect(mode(path)).toBe(0o600);
    expect(mode(`${path}-wal`)).toBe(0o600);
    expect(mode(dirname(path))).toBe(0o700);
    expect(mode(dirname(dirname(path)))).toBe(0o700);
  });

  it('is written to disk before a write is acknowledged, and keeps its promises', async () => {
    const pragma = async (name: string) =>
      Object.values((await run(`pragma ${name}`)).rows[0] as Record<string, unknown>)[0];
    expect(await pragma('journal_mode')).toBe('wal');
    // 2: FULL, https://sqlite.org/pragma.html#pragma_synchronous
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    expect(await pragma('busy_timeout')).toBe(5_000);
  });

  it('has everything in it, and no log beside it, after an orderly close', async () => {
    await run('insert into words values (?, ?)', 'kept', 1);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    await database.close();
    expect(existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0).toBe(false);
    expect(readFileSync(path, 'latin1')).toContain('kept');
    database = await openSqlite(path);
    expect(await words()).toEqual(['kept']);
  });

  it('is closed for good', async () => {
    await database.close();
    await database.close();
    await expect(words()).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(run('select 1')).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('is usable after a statement that fails', async () => {
    await expect(run('no such statement')).rejects.toThrow('syntax error');
    await expect(run('insert into words values (?, ?)', 'a', 'text')).rejects.toThrow(
      'cannot store',
    );
    await expect(run('insert into words values (?, ?)', 'a', {})).rejects.toThrow(TypeError);
    await run('insert into words values (?, ?)', 'a', true);
    await expect(run('insert into words values (?, ?)', 'a', 1)).rejects.toThrow('UNIQUE');
    expect(await words()).toEqual(['a']);
  });

  it('shows an open transaction to nobody, and lets nobody slip into it', async () => {
    let slipped: Promise<unknown> = Promise.resolve();
    const failing = database.changing(async (transaction) => {
      await sql`insert into words values ('undone', 1)`.execute(transaction);
      slipped = run('insert into words values (?, ?)', 'mine', 1);
      expect(await words()).toEqual([]);
      throw new Error('roll back');
    });
    await expect(failing).rejects.toThrow('roll back');
    await slipped;
    expect(await words()).toEqual(['mine']);
  });

  it('is read while somebody writes', async () => {
    let go: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const writing = database.changing(async (transaction) => {
      await sql`insert into words values ('later', 1)`.execute(transaction);
      await held;
    });
    expect(await words()).toEqual([]);
    go();
    await writing;
    expect(await words()).toEqual(['later']);
  });

  it('is shared with another process that writes', async () => {
    const other = await openSqlite(path);
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        (index % 2 === 0 ? database : other).changing((transaction) =>
          sql`insert into words values (${`w${index}`}, 1)`.execute(transaction),
        ),
      ),
    );
    await other.close();
    expect(await words()).toHaveLength(40);
  });

  it('that is full is unavailable, and keeps what it has', async () => {
    await run('insert into words values (?, ?)', 'kept', 1);
    await run('pragma max_page_count = 10');
    const filling = database.changing(async (transaction) => {
      for (let index = 0; index < 50; index++)
        await sql`insert into words values (${`${index}${'x'.repeat(4_000)}`}, 1)`.execute(
          transaction,
        );
    });
    await expect(filling).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await words()).toEqual(['kept']);
    await run('pragma max_page_count = 1000000');
    await run('insert into words values (?, ?)', 'again', 1);
    expect(await words()).toEqual(['again', 'kept']);
  });

  it('outlives the thread that has it open', async () => {
    const thread = await startSqliteThread({ path, writable: true });
    const [outcome] = await thread.run('writer', [
      { sql: 'insert into words values (?, ?)', parameters: ['a', 1] },
    ]);
    expect(outcome?.changes).toBe(1);
    await thread.run('writer', [{ sql: 'begin immediate', parameters: [] }]);
    await thread.run('writer', [{ sql: 'delete from words', parameters: [] }]);
    const waiting = thread.run('reader', [{ sql: 'select 1', parameters: [] }]);
    const outcomes = Promise.allSettled([waiting]);
    await thread.close();
    await outcomes;
    expect(thread.alive).toBe(false);
    await expect(thread.run('reader', [])).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await words()).toEqual(['a']);
  });

  it('gets another thread when one has died, the same for all who ask', async () => {
    const threads = keepThread(() => startSqliteThread({ path, writable: true }));
    const first = await threads.current();
    expect(threads.current()).toBe(first);
    await first.close();
    const [second, same] = await Promise.all([threads.current(), threads.current()]);
    expect(second).toBe(same);
    expect([first.alive, second.alive]).toEqual([false, true]);
    await threads.close();
    expect(second.alive).toBe(false);
    expect(() => threads.current()).toThrow(StoreUnavailable);
  });

  it('is tried again by the next who asks when it could not be opened', async () => {
    let tries = 0;
    const threads = keepThread(() =>
      startSqliteThread({ path: ++tries === 1 ? dirname(path) : path, writable: true }),
    );
    await expect(threads.current()).rejects.toBeInstanceOf(StoreUnavailable);
    expect((await threads.current()).alive).toBe(true);
    await threads.close();
  });

  it('is not made by whoever only wants to read it', async () => {
    const elsewhere = `${path}-elsewhere`;
    await expect(openSqlite(elsewhere, { writable: false })).rejects.toBeInstanceOf(
      StoreUnavailable,
    );
    expect(existsSync(elsewhere)).toBe(false);
    const reading = await openSqlite(path, { writable: false });
    await expect(
      reading.writer.executeQuery(CompiledQuery.raw('delete from words')),
    ).rejects.toBeInstanceOf(StoreUnavailable);
    await reading.close();
  });
});

it.each([
  ['file:/data/tessera.db', '/data/tessera.db'],
  ['file:///data/tessera.db', '/data/tessera.db'],
  ['file:///data/a%20b.db', '/data/a b.db'],
  ['file:/data/a b.db', '/data/a b.db'],
  ['file:tessera.db', join(process.cwd(), 'tessera.db')],
])('%s is the file %s', (url, path) => {
  expect(sqlitePath(url)).toBe(path);
});
