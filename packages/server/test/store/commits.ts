import { ok, refuse } from '@tessera/protocol';
import { type Kysely, sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Schema } from '../../src/storage/schema.ts';
import * as fixtures from './fixtures.ts';
import { aClient, anEvent, change, newRealm } from './fixtures.ts';
import type { Opened } from './opened.ts';

export type LoggedChange = { readonly seq: number; readonly kind: string; readonly id: string };

/** A realm's part of the change log. */
export async function changesOf(db: Kysely<Schema>, realm: string): Promise<LoggedChange[]> {
  const { rows } = await sql<LoggedChange>`
    select seq, kind, id from changes where realm = ${realm} order by seq`.execute(db);
  return rows;
}

export function commitContract(current: () => Opened): void {
  it('writes rows, events and changes together', async () => {
    const { store, database } = current();
    const realm = await newRealm(store);
    const before = (await changesOf(database.reader, realm)).length;
    const outcome = await store.commit(
      [anEvent(realm, { type: 'client.registered' }), anEvent(realm, { type: 'secret.added' })],
      async (rows) => {
        await rows.clients.insert(aClient(realm, 'c1'));
        await rows.credentials.insert(fixtures.aCredential(realm, 'c1', 'k1'));
        return ok('value');
      },
    );
    expect(outcome).toEqual(ok('value'));
    expect((await store.clients.find(realm, 'c1'))?.credentials).toHaveLength(1);
    const { items } = await store.events.list(realm, { limit: 2 });
    expect(items.map(({ type }) => type).sort()).toEqual(['client.registered', 'secret.added']);
    expect(items[0]).toEqual({ ...anEvent(realm), id: expect.any(String), type: items[0]?.type });
    const changes = (await changesOf(database.reader, realm)).slice(before);
    expect(changes.map(({ kind, id }) => [kind, id])).toEqual([['clients', 'c1']]);
  });

  it('tells events of what the work found', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    await store.commit(
      (name: string) => anEvent(realm, { type: 'client.updated', details: { name } }),
      async (rows) => ok((await rows.clients.find(realm, 'c1'))?.name ?? ''),
    );
    const { items } = await store.events.list(realm, { limit: 10, type: 'client.updated' });
    expect(items.map(({ details }) => details)).toEqual([{ name: 'Client c1' }]);
  });

  it('leaves no row, event or change of a commit that was refused', async () => {
    const { store, database } = current();
    const realm = await newRealm(store);
    const before = await changesOf(database.reader, realm);
    const events = (await store.events.list(realm, { limit: 100 })).items;
    const outcome = await store.commit(anEvent(realm), async (rows) => {
      await rows.clients.insert(aClient(realm, 'c1'));
      expect(await rows.clients.find(realm, 'c1')).toBeDefined();
      return refuse({ reason: 'because' });
    });
    expect(outcome).toEqual(refuse({ reason: 'because' }));
    expect(await store.clients.find(realm, 'c1')).toBeUndefined();
    expect((await store.events.list(realm, { limit: 100 })).items).toEqual(events);
    expect(await changesOf(database.reader, realm)).toEqual(before);
  });

  it('leaves no row, event or change of a commit that failed', async () => {
    const { store, database } = current();
    const realm = await newRealm(store);
    const before = await changesOf(database.reader, realm);
    const events = (await store.events.list(realm, { limit: 100 })).items;
    const failing = [
      store.commit(anEvent(realm), async (rows) => {
        await rows.clients.insert(aClient(realm, 'c1'));
        throw new Error('a fault');
      }),
      // The realm does not exist: the database itself refuses.
      store.commit(anEvent(realm), async (rows) => {
        await rows.clients.insert(aClient(realm, 'c1'));
        return ok(await rows.clients.insert(aClient('no-such-realm', 'c1')));
      }),
      store.commit(
        () => {
          throw new Error('no event, no change');
        },
        async (rows) => ok(await rows.clients.insert(aClient(realm, 'c1'))),
      ),
    ];
    for (const commit of failing) await expect(commit).rejects.toThrow();
    expect(await store.clients.find(realm, 'c1')).toBeUndefined();
    expect((await store.events.list(realm, { limit: 100 })).items).toEqual(events);
    expect(await changesOf(database.reader, realm)).toEqual(before);
  });

  it('lets one of twenty who register one id at once win', async () => {
    const { store, database } = current();
    const realm = await newRealm(store);
    const before = (await changesOf(database.reader, realm)).length;
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.commit(anEvent(realm, { details: { index } }), async (rows) => {
          const client = { ...aClient(realm, 'c1'), name: `${index}` };
          return (await rows.clients.insert(client)) === 'taken' ? refuse('taken') : ok(index);
        }),
      ),
    );
    const winners = outcomes.filter(({ ok }) => ok);
    expect(winners).toHaveLength(1);
    const winner = winners[0]?.ok === true ? winners[0].value : undefined;
    expect((await store.clients.find(realm, 'c1'))?.client.name).toBe(`${winner}`);
    const { items } = await store.events.list(realm, { limit: 100 });
    expect(items.map(({ details }) => details['index'])).toContain(winner);
    expect(items.filter(({ details }) => 'index' in details)).toHaveLength(1);
    expect((await changesOf(database.reader, realm)).length).toBe(before + 1);
  });

  it('lets one of twenty who update one revision at once win', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.commit(anEvent(realm), async (rows) =>
          ok(await rows.clients.update({ ...aClient(realm, 'c1'), name: `${index}` })),
        ),
      ),
    );
    expect(outcomes.filter((one) => one.ok && one.value === 'updated')).toHaveLength(1);
    expect((await store.clients.find(realm, 'c1'))?.client.revision).toBe(2);
  });

  it('keeps a rule that every commit checks: a count is never exceeded', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.commit(anEvent(realm), async (rows) => {
          if ((await rows.credentials.ofClient(realm, 'c1')).length >= 5) return refuse('full');
          return ok(await rows.credentials.insert(fixtures.aCredential(realm, 'c1', `k${index}`)));
        }),
      ),
    );
    expect((await store.clients.find(realm, 'c1'))?.credentials).toHaveLength(5);
  });

  it('logs every change of concurrent commits, in an order that a reader can follow', async () => {
    const { store, database } = current();
    const realm = await newRealm(store);
    const seen: number[] = [];
    let last = (await changesOf(database.reader, realm)).at(-1)?.seq ?? 0;
    let done = false;
    const reading = (async () => {
      for (let once = false; !once; ) {
        once = done;
        const fresh = (await changesOf(database.reader, realm)).filter(({ seq }) => seq > last);
        seen.push(...fresh.map(({ seq }) => seq));
        last = fresh.at(-1)?.seq ?? last;
      }
    })();
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        change(store, realm, (rows) => rows.clients.insert(aClient(realm, `c${index}`))),
      ),
    );
    done = true;
    await reading;
    expect(seen).toHaveLength(60);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('shows a change to whoever asks once it is committed, and not before', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    await store.commit(anEvent(realm), async (rows) => {
      await rows.clients.update({ ...aClient(realm, 'c1'), enabled: false });
      expect((await store.clients.find(realm, 'c1'))?.client.enabled).toBe(true);
      return ok(undefined);
    });
    expect((await store.clients.find(realm, 'c1'))?.client.enabled).toBe(false);
  });

  it('deletes a client with its credentials, grants and opaque tokens, for good', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1', 'c2');
    await change(store, realm, async (rows) => {
      await rows.apis.insert(fixtures.anApi(realm, 'a1'));
      await rows.credentials.insert(fixtures.aCredential(realm, 'c1', 'k1'));
      await rows.clientGrants.insert(fixtures.aClientGrant(realm, 'c1', 'a1'));
    });
    await store.insertToken(fixtures.aToken(realm, 'c1', `${realm} c1`));
    await store.insertToken(fixtures.aToken(realm, 'c2', `${realm} c2`));
    expect(await store.tokens.find(`${realm} c1`)).toBeDefined();

    await change(store, realm, (rows) => rows.clients.delete(realm, 'c1'));
    expect(await store.clients.find(realm, 'c1')).toBeUndefined();
    expect(await store.tokens.find(`${realm} c1`)).toBeUndefined();
    expect(await store.tokens.find(`${realm} c2`)).toBeDefined();
    expect((await store.clientGrants.list(realm, { limit: 10 })).items).toEqual([]);

    await change(store, realm, (rows) => rows.clients.insert(aClient(realm, 'c1')));
    expect(await store.clients.find(realm, 'c1')).toEqual({
      client: aClient(realm, 'c1'),
      credentials: [],
      grants: [],
    });
    expect(await store.tokens.find(`${realm} c1`)).toBeUndefined();
  });

  it('deletes an API with its client grants', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    await change(store, realm, async (rows) => {
      await rows.apis.insert(fixtures.anApi(realm, 'a1'));
      await rows.clientGrants.insert(fixtures.aClientGrant(realm, 'c1', 'a1'));
      expect(await rows.clientGrants.ofApi(realm, 'a1')).toHaveLength(1);
      expect(await rows.clientGrants.ofClient(realm, 'c1')).toHaveLength(1);
    });
    expect((await store.clients.find(realm, 'c1'))?.grants).toHaveLength(1);
    await change(store, realm, (rows) => rows.apis.delete(realm, 'a1'));
    expect((await store.clients.find(realm, 'c1'))?.grants).toEqual([]);
  });

  it('deletes a user with their sessions, and takes them from the owners', async () => {
    const { store } = current();
    const realm = await newRealm(store);
    const application = { ...fixtures.anApplication(realm, 'app1'), owners: ['u2', 'u1'] };
    await change(store, realm, async (rows) => {
      await rows.users.insert(fixtures.aUser(realm, 'u1'));
      await rows.users.insert(fixtures.aUser(realm, 'u2'));
      await rows.applications.insert(application);
      await rows.sessions.insert(fixtures.aSession(realm, 'u1', `${realm} s1`));
      await rows.sessions.insert(fixtures.aSession(realm, 'u2', `${realm} s2`));
      expect(await rows.applications.ofOwner(realm, 'u1')).toEqual([application]);
      expect(await rows.applications.ofClient(realm, 'client-of-app1')).toEqual([application]);
      expect(await rows.users.withRole(realm, 'auditor')).toHaveLength(2);
      expect(await rows.users.withRole(realm, 'administrator')).toEqual([]);
    });
    expect((await store.sessions.find(`${realm} s1`))?.userId).toBe('u1');
    await change(store, realm, (rows) => rows.users.delete(realm, 'u1'));
    expect(await store.sessions.find(`${realm} s1`)).toBeUndefined();
    expect(await store.sessions.find(`${realm} s2`)).toBeDefined();
    const after = { ...application, owners: ['u2'], revision: 2 };
    expect(await store.applications.find(realm, 'app1')).toEqual(after);
    expect((await store.applications.list(realm, { limit: 9, owner: 'u1' })).items).toEqual([]);
    expect((await store.applications.list(realm, { limit: 9, owner: 'u2' })).items).toEqual([
      after,
    ]);
  });

  it('closes one session, or all of a user', async () => {
    const { store } = current();
    const realm = await newRealm(store);
    const digests = ['s1', 's2', 's3'].map((name) => `${realm} ${name}`);
    const [first = '', ...others] = digests;
    await change(store, realm, async (rows) => {
      await rows.users.insert(fixtures.aUser(realm, 'u1'));
      for (const digest of digests)
        await rows.sessions.insert(fixtures.aSession(realm, 'u1', digest));
    });
    expect(await store.sessions.find(first)).toEqual(fixtures.aSession(realm, 'u1', first));
    await change(store, realm, async (rows) => {
      expect(await rows.sessions.delete(first)).toBe('deleted');
      expect(await rows.sessions.delete(first)).toBe('absent');
    });
    expect(await store.sessions.find(first)).toBeUndefined();
    await change(store, realm, (rows) => rows.sessions.deleteOfUser(realm, 'u1'));
    for (const digest of others) expect(await store.sessions.find(digest)).toBeUndefined();
  });

  it('deletes a realm with everything in it', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    const other = await newRealm(store, 'c1');
    for (const name of [realm, other]) {
      await change(store, name, async (rows) => {
        await rows.providers.insert(fixtures.aProvider(name));
        await rows.users.insert(fixtures.aUser(name, 'u1'));
        await rows.applications.insert(fixtures.anApplication(name, 'app1'));
        await rows.apis.insert(fixtures.anApi(name, 'a1'));
        await rows.signingKeys.insert(fixtures.aSigningKey(name, 'kid1'));
        await rows.sessions.insert(fixtures.aSession(name, 'u1', `${name} s`));
        await rows.revokedTokens.insert({ realm: name, jti: 'j1', expiresAt: fixtures.NOW });
      });
      await store.insertToken(fixtures.aToken(name, 'c1', `${name} t`));
      await store.appendEvents([fixtures.aTrafficEvent(name, 'e1')]);
    }
    const everything = async (name: string) =>
      Promise.all([
        store.realms.find(name),
        store.providers.find(name),
        store.users.find(name, 'u1'),
        store.users.findByUserName(name, 'name.of.u1'),
        store.applications.find(name, 'app1'),
        store.clients.find(name, 'c1'),
        store.apis.find(name, 'a1'),
        store.sessions.find(`${name} s`),
        store.tokens.find(`${name} t`),
        store.revokedTokens.find(name, 'j1'),
        store.apis.all(name).then(([first]) => first),
        store.signingKeys.all(name).then(([first]) => first),
        store.events.list(name, { limit: 1 }).then(({ items }) => items[0]),
      ]);
    for (const found of await everything(realm)) expect(found).toBeDefined();
    await store.commit(anEvent('root'), async (rows) => ok(await rows.realms.delete(realm)));
    for (const found of await everything(realm)) expect(found).toBeUndefined();
    for (const found of await everything(other)) expect(found).toBeDefined();
  });
}
