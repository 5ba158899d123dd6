import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Store } from '../../src/environment.ts';
import { aClient, anEvent, aTrafficEvent, aUser, change, newName, newRealm } from './fixtures.ts';
import type { Opened } from './opened.ts';

const TEXTS = [
  '',
  ' ',
  "Robert'); drop table clients; --",
  `" or "1"="1`,
  '%_\\',
  '$1 ? :name @name',
  '日本語 العربية हिन्दी',
  '👩‍👩‍👧‍👦 🇺🇳',
  'line\nline\r\n\ttab',
  '__proto__',
  'constructor',
  '{"json":[1,2]}',
  'null',
  'a'.repeat(100_000),
];

export function textContract(current: () => Opened): void {
  it('keeps every text as it is', async () => {
    const { store } = current();
    const realm = await newRealm(store);
    for (const [index, text] of TEXTS.entries()) {
      const client = {
        ...aClient(realm, `c${index}`),
        name: text,
        description: text,
        scopes: [text, text],
      };
      await change(store, realm, (rows) => rows.clients.insert(client));
      expect((await store.clients.find(realm, `c${index}`))?.client).toEqual(client);
    }
  });

  it('keeps keys that look like something else', async () => {
    const { store } = current();
    const realm = await newRealm(store);
    for (const text of TEXTS.filter(({ length }) => length > 0 && length < 1_000)) {
      await change(store, realm, (rows) => rows.clients.insert(aClient(realm, text)));
      expect((await store.clients.find(realm, text))?.client.clientId).toBe(text);
    }
    expect((await store.clients.list(realm, { limit: 100 })).items).toHaveLength(12);
  });

  it('keeps the details of events as they are', async () => {
    const { store } = current();
    const realm = newName('realm');
    const details = JSON.parse('{"__proto__":{"polluted":true},"list":[1,null,"\\u0000\\ud800"]}');
    await store.appendEvents([aTrafficEvent(realm, 'e1', { details })]);
    const [event] = (await store.events.list(realm, { limit: 1 })).items;
    expect(event?.details).toEqual(details);
    expect(Object.getPrototypeOf(event?.details)).toBe(Object.prototype);
  });

  it('keeps what cannot be kept as U+FFFD, and refuses no batch because of it', async () => {
    const { store } = current();
    const realm = newName('realm');
    await store.appendEvents([
      aTrafficEvent(realm, 'e1', { actor: { kind: 'client', id: 'nul\0 half\ud83d end' } }),
      aTrafficEvent(realm, 'e2', { actor: { kind: 'client', id: '\\u0000 👍' } }),
    ]);
    const { items } = await store.events.list(realm, { limit: 10 });
    expect(items.map(({ actor }) => actor.id).sort()).toEqual([
      '\\u0000 👍',
      'nul\uFFFD half\uFFFD end',
    ]);
  });

  it('finds nothing under a text that cannot be kept', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    expect(await store.clients.find(realm, 'c1\0')).toBeUndefined();
    expect(await store.clients.find(`${realm}\0`, 'c1')).toBeUndefined();
    expect(await store.tokens.find('\0')).toBeUndefined();
    expect(await store.realms.find('\ud800')).toBeUndefined();
  });

  it('answers any search and any cursor, whatever the text', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1', 'c2');
    await store.commit(anEvent(realm), async () => ({ ok: true, value: undefined }));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        await readEverything(store, realm, text);
      }),
      { numRuns: 30 },
    );
  });

  it('takes user names that differ by case or width for the same', async () => {
    const { store } = current();
    const realm = await newRealm(store);
    const ada = { ...aUser(realm, 'u1'), userName: 'Ada.ÉMILE' };
    await change(store, realm, (rows) => rows.users.insert(ada));
    for (const userName of ['Ada.ÉMILE', 'ada.émile', 'ADA.ÉMILE', 'ａｄａ.émile']) {
      expect(await store.users.findByUserName(realm, userName)).toEqual(ada);
      await change(store, realm, async (rows) => {
        expect(await rows.users.findByUserName(realm, userName)).toEqual(ada);
        expect(await rows.users.insert({ ...aUser(realm, 'u2'), userName })).toBe('taken');
      });
    }
    expect(await store.users.findByUserName(realm, 'ada.emile')).toBeUndefined();
  });
}

async function readEverything(store: Store, realm: string, text: string): Promise<void> {
  const page = { limit: 5, search: text, after: text };
  expect((await store.clients.list(realm, page)).items.length).toBeLessThanOrEqual(2);
  await store.realms.list(page);
  await store.users.list(realm, page);
  await store.apis.list(realm, page);
  await store.applications.list(realm, { ...page, owner: text, clientId: text });
  await store.clientGrants.list(realm, { ...page, clientId: text, apiId: text });
  await store.events.list(realm, { ...page, actorId: text, subjectId: text, type: text });
}
