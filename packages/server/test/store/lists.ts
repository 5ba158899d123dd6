import { ok } from '@tessera/protocol';
import { expect, it } from 'vitest';
import type { Listed, Page } from '../../src/environment.ts';
import * as fixtures from './fixtures.ts';
import { aClient, anEvent, aTrafficEvent, change, newName, newRealm } from './fixtures.ts';
import type { Opened } from './opened.ts';

/** Every item, page by page. */
async function readPages<T>(limit: number, list: (page: Page) => Promise<Listed<T>>): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = await list({ limit, after });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
}

export function listContract(current: () => Opened): void {
  it('gives every item once, in the order of the keys by code point', async () => {
    const { store } = current();
    const realm = await newRealm(
      store,
      'b',
      'a',
      'B',
      'é',
      'z',
      '_',
      'a/b',
      'a b',
      '日',
      '😀',
      '10',
      '9',
    );
    await newRealm(store, 'elsewhere');
    const sorted = ['10', '9', 'B', '_', 'a', 'a b', 'a/b', 'b', 'z', 'é', '日', '😀'];
    for (const limit of [1, 2, 5, 11, 12, 100]) {
      const clients = await readPages(limit, (page) => store.clients.list(realm, page));
      expect(clients.map(({ clientId }) => clientId)).toEqual(sorted);
    }
  });

  it('says that there is no next page when there is none', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'a', 'b');
    expect((await store.clients.list(realm, { limit: 2 })).next).toBeUndefined();
    expect((await store.clients.list(realm, { limit: 1 })).next).toBe('a');
    const none = { items: [], next: undefined };
    expect(await store.clients.list('no-such-realm', { limit: 5 })).toEqual(none);
  });

  it('loses and repeats nothing when rows come and go between pages', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'b', 'd', 'f', 'h');
    const first = await store.clients.list(realm, { limit: 2 });
    await change(store, realm, async (rows) => {
      await rows.clients.insert(aClient(realm, 'a'));
      await rows.clients.delete(realm, 'd');
      await rows.clients.insert(aClient(realm, 'e'));
    });
    const second = await store.clients.list(realm, { limit: 10, after: first.next });
    expect(second.items.map(({ clientId }) => clientId)).toEqual(['e', 'f', 'h']);
  });

  it('finds what contains a text in id or name, whatever the case', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'payments', 'Pay%roll', 'other');
    const named = { ...aClient(realm, 'zz'), name: 'ÜBER Payments_2' };
    await change(store, realm, (rows) => rows.clients.insert(named));
    const search = async (text: string): Promise<string[]> =>
      (await readPages(1, (page) => store.clients.list(realm, { ...page, search: text }))).map(
        ({ clientId }) => clientId,
      );
    expect(await search('PAYMENTS')).toEqual(['payments', 'zz']);
    expect(await search('über')).toEqual(['zz']);
    expect(await search('y%r')).toEqual(['Pay%roll']);
    expect(await search('s_2')).toEqual(['zz']);
    expect(await search('_')).toEqual(['zz']);
    expect(await search('client o')).toEqual(['other']);
    expect(await search('nothing')).toEqual([]);
    expect(await search('')).toHaveLength(4);
  });

  it('searches realms, users, applications and APIs by what they are called', async () => {
    const { store } = current();
    const realm = await newRealm(store);
    await change(store, realm, async (rows) => {
      await rows.users.insert(fixtures.aUser(realm, 'u1'));
      await rows.users.insert({ ...fixtures.aUser(realm, 'u2'), familyName: 'Hopper' });
      await rows.applications.insert(fixtures.anApplication(realm, 'app1'));
      await rows.apis.insert(fixtures.anApi(realm, 'a1'));
    });
    const count = async (list: Promise<Listed<unknown>>) => (await list).items.length;
    const page = { limit: 10 };
    expect(await count(store.users.list(realm, { ...page, search: 'LOVE' }))).toBe(1);
    expect(await count(store.users.list(realm, { ...page, search: 'example.com' }))).toBe(2);
    expect(await count(store.applications.list(realm, { ...page, search: 'ion APP' }))).toBe(1);
    expect(await count(store.apis.list(realm, { ...page, search: 'https://a1' }))).toBe(1);
    expect(await count(store.realms.list({ ...page, search: `realm ${realm}` }))).toBe(1);
  });

  it('lists realms by name', async () => {
    const { store } = current();
    const names = [newName('listed'), newName('listed'), newName('listed')];
    await change(store, 'root', async (rows) => {
      for (const name of names) await rows.realms.insert(fixtures.aRealm(name));
    });
    const realms = await readPages(2, (page) => store.realms.list(page));
    const found = realms.map(({ name }) => name);
    expect(found).toEqual([...found].sort());
    expect(found).toEqual(expect.arrayContaining(names));
  });

  it('lists client grants by client and API, of either', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c/1', 'c2', 'c3');
    const pairs = ['c/1', 'c2', 'c3'].flatMap((c) => ['a/1', 'a2'].map((a) => [c, a] as const));
    await change(store, realm, async (rows) => {
      for (const api of ['a/1', 'a2']) await rows.apis.insert(fixtures.anApi(realm, api));
      for (const [c, a] of pairs)
        await rows.clientGrants.insert(fixtures.aClientGrant(realm, c, a));
    });
    const read = async (filter: { clientId?: string; apiId?: string }, limit = 1) =>
      (
        await readPages(limit, (page) => store.clientGrants.list(realm, { ...page, ...filter }))
      ).map(({ clientId, apiId }) => [clientId, apiId]);
    for (const limit of [1, 2, 4, 10]) expect(await read({}, limit)).toEqual(pairs);
    expect(await read({ clientId: 'c2' })).toEqual(pairs.filter(([c]) => c === 'c2'));
    expect(await read({ apiId: 'a/1' })).toEqual(pairs.filter(([, a]) => a === 'a/1'));
    expect(await read({ clientId: 'c2', apiId: 'a2' })).toEqual([['c2', 'a2']]);
  });

  it('lists the clients with a grant at an API, finds grants among clients, and counts them', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1', 'c2', 'c3');
    const elsewhere = await newRealm(store, 'c1');
    await change(store, realm, async (rows) => {
      for (const id of ['a1', 'a2', 'a3']) await rows.apis.insert(fixtures.anApi(realm, id));
      for (const [c, a] of [
        ['c1', 'a1'],
        ['c3', 'a1'],
        ['c3', 'a2'],
      ] as const)
        await rows.clientGrants.insert(fixtures.aClientGrant(realm, c, a));
    });
    const holders = async (grantedAt: string, limit = 1) =>
      (await readPages(limit, (page) => store.clients.list(realm, { ...page, grantedAt }))).map(
        ({ clientId }) => clientId,
      );
    expect(await holders('a1')).toEqual(['c1', 'c3']);
    expect(await holders('a3')).toEqual([]);
    const searched = { limit: 5, grantedAt: 'a1', search: 'C3' };
    expect((await store.clients.list(realm, searched)).items).toMatchObject([{ clientId: 'c3' }]);
    const among = await store.clientGrants.among(realm, 'a1', ['c1', 'c2']);
    expect(among).toEqual([fixtures.aClientGrant(realm, 'c1', 'a1')]);
    expect(await store.clientGrants.among(realm, 'a1', [])).toEqual([]);
    expect(await store.clientGrants.among(elsewhere, 'a1', ['c1'])).toEqual([]);
    const counted = await store.clientGrants.count(realm, ['a1', 'a2', 'a3', 'a4'], 10);
    expect(Object.fromEntries(counted)).toEqual({ a1: 2, a2: 1, a3: 0 });
    expect((await store.clientGrants.count(realm, ['a1'], 1)).get('a1')).toBe(1);
    expect((await store.clientGrants.count(realm, [], 1)).size).toBe(0);
  });

  it('lists the applications of an owner, and of a client', async () => {
    const { store } = current();
    const realm = await newRealm(store);
    await change(store, realm, async (rows) => {
      for (const [id, owners] of [
        ['app1', ['u1']],
        ['app2', ['u1', 'u2']],
        ['app3', []],
      ] as const)
        await rows.applications.insert({ ...fixtures.anApplication(realm, id), owners });
    });
    const read = async (filter: { owner?: string; clientId?: string }) =>
      (await readPages(1, (page) => store.applications.list(realm, { ...page, ...filter }))).map(
        ({ id }) => id,
      );
    expect(await read({})).toEqual(['app1', 'app2', 'app3']);
    expect(await read({ owner: 'u1' })).toEqual(['app1', 'app2']);
    expect(await read({ owner: 'u3' })).toEqual([]);
    expect(await read({ clientId: 'client-of-app3' })).toEqual(['app3']);
    await change(store, realm, async (rows) => {
      const application = await rows.applications.find(realm, 'app2');
      if (application !== undefined)
        await rows.applications.update({ ...application, owners: ['u3', 'u3'] });
    });
    expect(await read({ owner: 'u1' })).toEqual(['app1']);
    expect(await read({ owner: 'u3' })).toEqual(['app2']);
  });

  it('lists APIs and signing keys of a realm whole', async () => {
    const { store } = current();
    const realm = await newRealm(store);
    await change(store, realm, async (rows) => {
      for (const id of ['b', 'a', 'c']) {
        await rows.apis.insert(fixtures.anApi(realm, id));
        await rows.signingKeys.insert(fixtures.aSigningKey(realm, id));
      }
      expect((await rows.apis.all(realm)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect((await rows.signingKeys.all(realm)).map(({ kid }) => kid)).toEqual(['a', 'b', 'c']);
    });
    expect((await store.apis.all(realm)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect((await store.signingKeys.all(realm)).map(({ kid }) => kid)).toEqual(['a', 'b', 'c']);
    expect(await store.apis.all('no-such-realm')).toEqual([]);
    expect(await store.signingKeys.all('no-such-realm')).toEqual([]);
    const taken = { ...fixtures.anApi(realm, 'd'), identifier: 'https://a.example.com' };
    await change(store, realm, async (rows) => expect(await rows.apis.insert(taken)).toBe('taken'));
  });

  it('lists events newest first, each once, by any filter', async () => {
    const { store } = current();
    const realm = newName('realm');
    const at = (seconds: number) => ({ at: (fixtures.NOW + seconds) as typeof fixtures.NOW });
    await store.appendEvents([
      aTrafficEvent(realm, 'e1', at(1)),
      aTrafficEvent(realm, 'e3', { ...at(2), type: 'token.refused' }),
      aTrafficEvent(realm, 'e2', { ...at(2), actor: { kind: 'client', id: 'c9' } }),
      aTrafficEvent(realm, 'e0', { ...at(3), subject: { kind: 'user', id: 'c1' } }),
    ]);
    await store.commit(anEvent(realm, { ...at(4), type: 'realm.updated' }), async () =>
      ok(undefined),
    );
    const read = async (filter: Parameters<typeof store.events.list>[1], limit = 2) =>
      (await readPages(limit, (page) => store.events.list(realm, { ...filter, ...page }))).map(
        ({ id, type }) => (type === 'realm.updated' ? 'change' : id),
      );
    const page = { limit: 2 };
    for (const limit of [1, 2, 5, 9])
      expect(await read(page, limit)).toEqual(['change', 'e0', 'e3', 'e2', 'e1']);
    expect(await read({ ...page, type: 'token.refused' })).toEqual(['e3']);
    expect(await read({ ...page, actorId: 'c9' })).toEqual(['e2']);
    expect(await read({ ...page, subjectKind: 'user' })).toEqual(['e0']);
    expect(await read({ ...page, subjectId: 'c1', type: 'token.issued' })).toEqual([
      'e0',
      'e2',
      'e1',
    ]);
    expect(await read({ ...page, since: at(2).at, until: at(3).at })).toEqual(['e3', 'e2']);
    expect(await read({ ...page, search: 'C9' })).toEqual(['e2']);
    expect(await read({ ...page, after: 'not a cursor' }, 100)).toHaveLength(5);
    expect((await store.events.list(realm, { ...page, after: 'not a cursor' })).items).toEqual([]);
  });
}
