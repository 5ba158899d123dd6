import { ok } from '@tessera/protocol';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../test/postgres.ts';
import * as fixtures from '../../test/store/fixtures.ts';
import { anEvent, change } from '../../test/store/fixtures.ts';
import { newSqliteUrl, openCached, testClock, testLog } from '../../test/store/opened.ts';
import { openRelay } from '../../test/store/relay.ts';
import { anIdentifier } from '../../test/store/spending.ts';
import { type Store, StoreUnavailable } from '../environment.ts';
import { openStore } from './open-store.ts';

const REALM = 'alpha';
const LOST = anIdentifier();

/** How long it takes until all of it is known to be unavailable, milliseconds. */
async function timeUnavailable(...work: readonly Promise<unknown>[]): Promise<number> {
  const startedAt = performance.now();
  for (const outcome of await Promise.allSettled(work))
    expect(outcome).toEqual({ status: 'rejected', reason: expect.any(StoreUnavailable) });
  return performance.now() - startedAt;
}

/** Resolves when the client is remembered for good: a node also reads of its own changes. */
async function remember(store: Store, clientId: string): Promise<void> {
  let before: unknown;
  for (;;) {
    const now = await store.clients.find(REALM, clientId);
    if (now === before) return;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

async function eventually(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (tries === 100 || !(error instanceof StoreUnavailable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe('while PostgreSQL is away', () => {
  const clock = testClock();
  const log = testLog();
  let databaseUrl: string;
  let relay: Awaited<ReturnType<typeof openRelay>>;
  let opened: Awaited<ReturnType<typeof openCached>>;
  let store: Store;

  beforeAll(async () => {
    databaseUrl = await freshDatabase();
    relay = await openRelay(databaseUrl);
    opened = await openCached(relay.url, { clock, log, staleAfter: 300 });
    ({ store } = opened);
    await change(store, REALM, async (rows) => {
      await rows.realms.insert(fixtures.aRealm(REALM));
      for (const id of ['known', 'unknown', 'unheard'])
        await rows.clients.insert(fixtures.aClient(REALM, id));
    });
  });
  afterEach(async () => {
    relay.open();
    await eventually(() => store.check());
  });
  afterAll(async () => {
    await opened.close();
    await relay.close();
  });

  const everyWrite = (): readonly Promise<unknown>[] => [
    store.commit(anEvent(REALM), async (rows) =>
      ok(await rows.clients.insert(fixtures.aClient(REALM, 'lost'))),
    ),
    store.insertToken(fixtures.aToken(REALM, 'known', 'lost')),
    store.spend([LOST]),
    store.appendEvents([
      fixtures.aTrafficEvent(REALM, 'lost', { type: 'token.issued' }),
      fixtures.aTrafficEvent(REALM, 'lost', { type: 'token.refused' }),
    ]),
    store.touchCredentials([
      { realm: REALM, clientId: 'known', credentialId: 'k1', at: fixtures.NOW, address: '::1' },
    ]),
  ];

  it('what is remembered is answered, and nothing else is made up', async () => {
    await remember(store, 'known');
    relay.cut();
    expect((await store.clients.find(REALM, 'known'))?.client.clientId).toBe('known');
    expect((await store.realms.find(REALM))?.name).toBe(REALM);
    expect(await store.realms.find('no-such-realm')).toBeUndefined();
    expect(await store.signingKeys.all(REALM)).toEqual([]);
    expect(await store.revokedTokens.find(REALM, 'j1')).toBeUndefined();
    const unanswered: readonly Promise<unknown>[] = [
      store.clients.find(REALM, 'unknown'),
      store.tokens.find('t1'),
      store.sessions.find('s1'),
      store.clients.list(REALM, { limit: 1 }),
      store.check(),
      ...everyWrite(),
    ];
    expect(await timeUnavailable(...unanswered)).toBeLessThan(3_000);
  });

  it('everything works again as soon as it is back', async () => {
    relay.cut();
    await expect(store.clients.find(REALM, 'unheard')).rejects.toBeInstanceOf(StoreUnavailable);
    relay.open();
    await eventually(() => store.check());
    expect((await store.clients.find(REALM, 'unheard'))?.client.clientId).toBe('unheard');
    await store.insertToken(fixtures.aToken(REALM, 'known', 't2'));
    expect((await store.tokens.find('t2'))?.clientId).toBe('known');
    expect(await store.tokens.find('lost')).toBeUndefined();
    // Refused while it was away: what was lost on the way did not count.
    expect(await store.spend([LOST])).toEqual(['spent']);
    expect(await store.spend([LOST])).toEqual(['already_spent']);
  });

  it('a network that swallows everything is noticed within seconds', async () => {
    relay.silence();
    const questions: readonly Promise<unknown>[] = [
      store.tokens.find('t3'),
      store.check(),
      store.realms.list({ limit: 1 }),
    ];
    expect(await timeUnavailable(...questions)).toBeLessThan(4_000);
  });

  it('nothing is answered from memory once the change log has not been read for too long', async () => {
    await remember(store, 'known');
    const remembered: readonly (() => Promise<unknown>)[] = [
      () => store.clients.find(REALM, 'known'),
      () => store.realms.find(REALM),
      () => store.providers.find(REALM),
      () => store.apis.all(REALM),
      () => store.signingKeys.all(REALM),
    ];
    const vouched: readonly (() => Promise<unknown>)[] = [
      () => store.revokedTokens.find(REALM, 'j1'),
      () => store.tokens.find('d1'),
      () => store.sessions.find('s1'),
    ];
    await store.apis.all(REALM);
    relay.cut();
    clock.pass(7);
    expect(await timeUnavailable(...vouched.map((find) => find()))).toBeLessThan(3_000);
    clock.pass(292);
    for (const find of remembered) await find();
    clock.pass(2);
    expect(await timeUnavailable(...remembered.map((find) => find()))).toBeLessThan(3_000);
    relay.open();
    for (const find of remembered) await eventually(find);
  });

  it('an outage is told once, and its end', async () => {
    log.lines.length = 0;
    relay.cut();
    await expect(store.check()).rejects.toBeInstanceOf(StoreUnavailable);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(log.lines).toEqual(['the change log cannot be read']);
    relay.open();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(log.lines).toEqual([
      'the change log cannot be read',
      'the change log can be read again',
    ]);
  });

  it('connections that the database ends are replaced', async () => {
    const admin = new Client({ connectionString: databaseUrl });
    await admin.connect();
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await admin.end();
    await eventually(() => store.check());
    await eventually(() => store.insertToken(fixtures.aToken(REALM, 'known', 't4')));
    expect((await store.tokens.find('t4'))?.clientId).toBe('known');
  });

  it('a change that was made meanwhile is seen afterwards', async () => {
    await remember(store, 'known');
    relay.cut();
    const other = await openCached(databaseUrl);
    await change(other.store, REALM, (rows) => rows.clients.delete(REALM, 'unheard'));
    await other.close();
    relay.open();
    await expect
      .poll(() => store.clients.find(REALM, 'unheard').catch(() => 'away'), { timeout: 5_000 })
      .toBeUndefined();
  });
});

describe('a store cannot be opened', () => {
  const open = (url: string) => {
    const clock = testClock();
    const random = { bytes: () => new Uint8Array(), uuid: () => '' };
    return openStore({ url, clock, random, log: testLog() });
  };

  it('where nothing listens', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/nothing';
    expect(await timeUnavailable(open(url))).toBeLessThan(3_000);
  });

  it('where no database can be', async () => {
    await expect(open('file:/dev/null/tessera.db')).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(open('mysql://host/db')).rejects.toThrow('a database URL begins with');
  });

  it('by somebody the database does not know', async () => {
    const url = new URL(await freshDatabase());
    url.username = 'somebody-else';
    await expect(open(url.href)).rejects.toThrow('somebody-else');
  });

  it('in a file that is something else', async () => {
    const { url, remove } = newSqliteUrl();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(url.slice(5), 'This is not a database. '.repeat(100));
    await expect(open(url)).rejects.toBeInstanceOf(StoreUnavailable);
    remove();
  });
});
