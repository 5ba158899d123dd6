import { numericDate } from '@tessera/protocol';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../test/postgres.ts';
import { storeContract } from '../../test/store/contract.ts';
import * as fixtures from '../../test/store/fixtures.ts';
import { change, newRealm } from '../../test/store/fixtures.ts';
import { newSqliteUrl, type Opened, openCached, testClock } from '../../test/store/opened.ts';

describe('the cached store over SQLite', () => {
  const { url, remove } = newSqliteUrl();
  afterAll(remove);
  storeContract(() => openCached(url));
});

describe('the cached store over PostgreSQL', () => {
  storeContract(async () => openCached(await freshDatabase()));
});

describe('two nodes on one PostgreSQL', () => twoNodes(freshDatabase));

describe('two programs on one SQLite file', () => {
  const { url, remove } = newSqliteUrl();
  afterAll(remove);
  twoNodes(async () => url);
});

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Waits until the answer is the one expected, and tells how long it took. */
async function seen<T>(ask: () => Promise<T>, isIt: (answer: T) => boolean): Promise<number> {
  const startedAt = performance.now();
  while (!isIt(await ask())) {
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return performance.now() - startedAt;
}

function twoNodes(newUrl: () => Promise<string>): void {
  let here: Opened;
  let there: Opened;
  const clock = testClock();
  beforeAll(async () => {
    const url = await newUrl();
    [here, there] = await Promise.all([openCached(url), openCached(url, { clock })]);
  });
  afterAll(async () => {
    await Promise.all([here.close(), there.close()]);
  });

  it('what one changes, the other sees', async () => {
    const realm = await newRealm(here.store, 'c1');
    const { store } = there;
    await seen(
      () => store.realms.find(realm),
      (found) => found !== undefined,
    );
    expect((await store.clients.find(realm, 'c1'))?.credentials).toEqual([]);
    expect(await store.clients.find(realm, 'c2')).toBeUndefined();
    expect(await store.apis.all(realm)).toEqual([]);
    expect(await store.signingKeys.all(realm)).toEqual([]);
    expect(await store.providers.find(realm)).toBeUndefined();
    expect(await store.users.find(realm, 'u1')).toBeUndefined();
    expect(await store.revokedTokens.find(realm, 'j1')).toBeUndefined();

    await change(here.store, realm, async (rows) => {
      await rows.clients.insert(fixtures.aClient(realm, 'c2'));
      await rows.credentials.insert(fixtures.aCredential(realm, 'c1', 'k1'));
      await rows.apis.insert(fixtures.anApi(realm, 'a1'));
      await rows.signingKeys.insert(fixtures.aSigningKey(realm, 'kid1'));
      await rows.providers.insert(fixtures.aProvider(realm));
      await rows.users.insert(fixtures.aUser(realm, 'u1'));
      await rows.sessions.insert(fixtures.aSession(realm, 'u1', `${realm} s1`));
      await rows.revokedTokens.insert({ realm, jti: 'j1', expiresAt: numericDate(1) });
    });
    await seen(
      () => store.revokedTokens.find(realm, 'j1'),
      (found) => found !== undefined,
    );
    expect((await store.clients.find(realm, 'c1'))?.credentials).toHaveLength(1);
    expect(await store.clients.find(realm, 'c2')).toBeDefined();
    expect(await store.apis.all(realm)).toHaveLength(1);
    expect(await store.signingKeys.all(realm)).toHaveLength(1);
    expect(await store.providers.find(realm)).toBeDefined();
    expect(await store.users.find(realm, 'u1')).toBeDefined();
    expect(await store.sessions.find(`${realm} s1`)).toBeDefined();

    await here.store.insertToken(fixtures.aToken(realm, 'c1', `${realm} t1`));
    expect(await store.tokens.find(`${realm} t1`)).toBeDefined();
    await change(here.store, realm, (rows) => rows.users.delete(realm, 'u1'));
    await seen(
      () => store.sessions.find(`${realm} s1`),
      (found) => found === undefined,
    );
    await change(here.store, realm, (rows) => rows.clients.delete(realm, 'c1'));
    await seen(
      () => store.tokens.find(`${realm} t1`),
      (found) => found === undefined,
    );
    expect(await store.clients.find(realm, 'c1')).toBeUndefined();
    await change(here.store, realm, (rows) => rows.realms.delete(realm));
    await seen(
      () => store.realms.find(realm),
      (found) => found === undefined,
    );
    expect(await store.revokedTokens.find(realm, 'j1')).toBeUndefined();
    expect(await store.clients.find(realm, 'c2')).toBeUndefined();
  });

  it('a node that missed a part of the change log forgets everything', async () => {
    const realm = await newRealm(here.store, 'c1', 'c2');
    await seen(
      () => there.store.realms.find(realm),
      (found) => found !== undefined,
    );
    await there.store.clients.find(realm, 'c1');
    // Behind the back of both: no change tells of it, and the log no longer reaches back.
    await sql`update clients set enabled = 0 where realm = ${realm} and client_id = 'c1'`.execute(
      here.database.writer,
    );
    await sql`delete from changes`.execute(here.database.writer);
    expect((await there.store.clients.find(realm, 'c1'))?.client.enabled).toBe(true);
    await change(here.store, realm, (rows) => rows.clients.delete(realm, 'c2'));
    await seen(
      () => there.store.clients.find(realm, 'c1'),
      (found) => found?.client.enabled === false,
    );
  });

  it('a node looks when somebody has seen more of the revocations than it has', async () => {
    const realm = await newRealm(here.store);
    await seen(
      () => there.store.realms.find(realm),
      (found) => found !== undefined,
    );
    await there.store.revocations.ofRealm(realm);
    for (let index = 0; index < 10; index++) {
      const revoked = { realm, jti: `j${index}`, expiresAt: numericDate(fixtures.NOW + 60) };
      await change(here.store, realm, (rows) => rows.revokedTokens.insert(revoked));
      const { position } = await here.store.revocations.ofRealm(realm);
      const asked = await there.store.revocations.ofRealm(realm, position);
      expect(asked.position).toBe(position);
      expect(asked.expiry.has(revoked.jti)).toBe(true);
      // A node looks as often as this for those who ask, and not for each of them.
      clock.pass(0.06);
    }
  });

  it('of two nodes that revoke at once, neither names a position before it has all up to it', async () => {
    const realm = await newRealm(here.store);
    await seen(
      () => there.store.realms.find(realm),
      (found) => found !== undefined,
    );
    for (let index = 0; index < 20; index++)
      await Promise.all(
        [here, there].map(async ({ store, database }, node) => {
          const revoked = {
            ...{ realm, jti: `${node} ${index}`, statusList: `h/${node}`, statusIndex: index },
            expiresAt: numericDate(fixtures.NOW + 60),
          };
          await change(store, realm, (rows) => rows.revokedTokens.insert(revoked));
          const { position, expiry } = await store.revocations.ofRealm(realm);
          const known = [...expiry.keys()];
          const { rows } = await sql<{ readonly jti: string }>`
            select jti from revoked_tokens
            where realm = ${realm} and position <= ${position}`.execute(database.reader);
          expect(known).toEqual(expect.arrayContaining(rows.map(({ jti }) => jti)));
          expect(known).toContain(revoked.jti);
        }),
      );
  });

  it('of a client asked for at the moment it changes, no node keeps the old state', async () => {
    const realm = await newRealm(here.store, 'c1');
    for (let revision = 1; revision <= 30; revision++) {
      let asking = true;
      const askers = [here, there].map(async ({ store }) => {
        for (; asking; await nextTurn()) await store.clients.find(realm, 'c1');
      });
      await change(here.store, realm, (rows) =>
        rows.clients.update({ ...fixtures.aClient(realm, 'c1'), revision }),
      );
      expect((await here.store.clients.find(realm, 'c1'))?.client.revision).toBe(revision + 1);
      asking = false;
      await Promise.all(askers);
    }
    await seen(
      () => there.store.clients.find(realm, 'c1'),
      (found) => found?.client.revision === 31,
    );
  });
}

it('on PostgreSQL a hint makes the other node look at once', async () => {
  const url = await freshDatabase();
  const [here, there] = await Promise.all([openCached(url), openCached(url)]);
  const realm = await newRealm(here.store, 'c1');
  await seen(
    () => there.store.realms.find(realm),
    (found) => found !== undefined,
  );
  const delays: number[] = [];
  for (let index = 0; index < 50; index++) {
    await change(here.store, realm, (rows) =>
      rows.revokedTokens.insert({ realm, jti: `j${index}`, expiresAt: numericDate(1) }),
    );
    delays.push(
      await seen(
        () => there.store.revokedTokens.find(realm, `j${index}`),
        (found) => found !== undefined,
      ),
    );
  }
  delays.sort((a, b) => a - b);
  // Without the hint half of them would have to wait a second and more for the next turn.
  expect(delays[25]).toBeLessThan(500);
  await Promise.all([here.close(), there.close()]);
});

it('the last use of a credential is seen in what is remembered', async () => {
  const { url, remove } = newSqliteUrl();
  const { store, close } = await openCached(url);
  const realm = await newRealm(store, 'c1');
  await change(store, realm, (rows) =>
    rows.credentials.insert(fixtures.aCredential(realm, 'c1', 'k1')),
  );
  const before = await store.clients.find(realm, 'c1');
  const address = '192.0.2.1';
  const at = numericDate(fixtures.NOW + 1);
  const use = { realm, clientId: 'c1', credentialId: 'k1', at, address };
  await store.touchCredentials([use, { ...use, at: fixtures.NOW }]);
  const after = await store.clients.find(realm, 'c1');
  expect(before?.credentials[0]?.lastUsedAt).toBeUndefined();
  expect(after?.credentials[0]?.lastUsedAt).toBe(fixtures.NOW + 1);
  expect(await store.clients.find(realm, 'c1')).toBe(after);
  await close();
  remove();
});

it('a node that starts knows of revocations that have expired on its own clock alone', async () => {
  const { url, remove } = newSqliteUrl();
  const here = await openCached(url);
  const realm = await newRealm(here.store);
  await change(here.store, realm, (rows) =>
    rows.revokedTokens.insert({ realm, jti: 'j1', expiresAt: numericDate(fixtures.NOW + 10) }),
  );
  const clock = testClock();
  clock.pass(129);
  const ahead = await openCached(url, { clock });
  expect(await ahead.store.revokedTokens.find(realm, 'j1')).toBeDefined();
  await Promise.all([here.close(), ahead.close()]);
  remove();
});
