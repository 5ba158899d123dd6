import { numericDate } from '@tessera/protocol';
import { CompiledQuery } from 'kysely';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/storage/open-database.ts';
import { changesOf } from './commits.ts';
import * as fixtures from './fixtures.ts';
import { aClient, aToken, aTrafficEvent, change, newName, newRealm } from './fixtures.ts';
import type { Opened } from './opened.ts';

export function trafficContract(current: () => Opened): void {
  it('finds an opaque token under its digest, as it was inserted', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    const token = aToken(realm, 'c1', `${realm} t1`);
    expect(await store.tokens.find(token.digest)).toBeUndefined();
    await store.insertToken(token);
    expect(await store.tokens.find(token.digest)).toEqual(token);
  });

  it('has made a token durable when it says so: another connection sees it', async () => {
    const { store, url } = current();
    const realm = await newRealm(store, 'c1');
    await store.insertToken(aToken(realm, 'c1', `${realm} t1`));
    const other = await openDatabase(url);
    try {
      const { rows } = await other.reader.executeQuery(
        CompiledQuery.raw(`select 1 as one from tokens where digest = '${realm} t1'`),
      );
      expect(rows).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  it('takes a thousand tokens at once', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    const tokens = Array.from({ length: 1_000 }, (_, index) =>
      aToken(realm, 'c1', `${realm} ${index}`),
    );
    await Promise.all(tokens.map((token) => store.insertToken(token)));
    // Inserts share transactions; lookups would wait for a connection longer than they may.
    const found: unknown[] = [];
    while (found.length < tokens.length) {
      const some = tokens.slice(found.length, found.length + 50);
      found.push(...(await Promise.all(some.map(({ digest }) => store.tokens.find(digest)))));
    }
    expect(found).toEqual(tokens);
  });

  it('keeps no token of a client or realm that is not there', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    await Promise.all([
      store.insertToken(aToken(realm, 'c2', `${realm} t1`)),
      store.insertToken(aToken(realm, 'c1', `${realm} t2`)),
      store.insertToken(aToken('no-such-realm', 'c1', `${realm} t3`)),
    ]);
    expect(await store.tokens.find(`${realm} t1`)).toBeUndefined();
    expect(await store.tokens.find(`${realm} t2`)).toBeDefined();
    expect(await store.tokens.find(`${realm} t3`)).toBeUndefined();
    await change(store, realm, (rows) => rows.clients.insert(aClient(realm, 'c2')));
    expect(await store.tokens.find(`${realm} t1`)).toBeUndefined();
  });

  it('remembers a revocation, and does not mind a second one', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    const revoked = { realm, jti: 'a b', expiresAt: numericDate(fixtures.NOW + 60) };
    expect(await store.revokedTokens.find(realm, 'a b')).toBeUndefined();
    for (let times = 0; times < 2; times++)
      await change(store, realm, (rows) => rows.revokedTokens.insert(revoked));
    expect(await store.revokedTokens.find(realm, 'a b')).toEqual(revoked);
    expect(await store.revokedTokens.find('other', 'a b')).toBeUndefined();
  });

  it('appends events in batches of any size, each once', async () => {
    const { store } = current();
    const realm = newName('realm');
    const events = Array.from({ length: 12_000 }, (_, index) =>
      aTrafficEvent(realm, `e${String(index).padStart(5, '0')}`),
    );
    await store.appendEvents([]);
    await Promise.all([store.appendEvents(events), store.appendEvents(events.slice(0, 10))]);
    const { items } = await store.events.list(realm, { limit: 2 });
    expect(items).toEqual(events.slice(-2).reverse());
  });

  it('refuses to let more wait than it can hold', async () => {
    const { store } = current();
    const realm = newName('realm');
    const events = Array.from({ length: 15_000 }, (_, index) => aTrafficEvent(realm, `e${index}`));
    const first = store.appendEvents(events);
    await expect(store.appendEvents(events)).rejects.toMatchObject({ name: 'StoreUnavailable' });
    await first;
  });

  it('folds in when credentials were last used, without a change or a revision', async () => {
    const { store, database } = current();
    const realm = await newRealm(store, 'c1');
    await change(store, realm, async (rows) => {
      for (const id of ['k1', 'k2', 'k3'])
        await rows.credentials.insert(fixtures.aCredential(realm, 'c1', id));
    });
    await store.clients.find(realm, 'c1');
    const changes = await changesOf(database.reader, realm);
    const use = (credentialId: string, seconds: number) => ({
      realm,
      clientId: 'c1',
      credentialId,
      at: numericDate(fixtures.NOW + seconds),
      address: `192.0.2.${seconds}`,
    });
    await store.touchCredentials([use('k1', 5), use('k1', 9), use('k2', 3), use('unknown', 1)]);
    await store.touchCredentials([use('k2', 1), { ...use('k1', 99), clientId: 'unknown' }]);
    await store.touchCredentials([]);
    const credentials = (await store.clients.find(realm, 'c1'))?.credentials ?? [];
    expect(
      credentials.map(({ id, lastUsedAt, lastUsedAddress, revision }) => [
        id,
        lastUsedAt,
        lastUsedAddress,
        revision,
      ]),
    ).toEqual([
      ['k1', fixtures.NOW + 9, '192.0.2.9', 1],
      ['k2', fixtures.NOW + 3, '192.0.2.3', 1],
      ['k3', undefined, undefined, 1],
    ]);
    expect(await changesOf(database.reader, realm)).toEqual(changes);

    await change(store, realm, (rows) =>
      rows.credentials.update({ ...fixtures.aCredential(realm, 'c1', 'k1'), label: 'renamed' }),
    );
    expect((await store.clients.find(realm, 'c1'))?.credentials[0]).toMatchObject({
      label: 'renamed',
      lastUsedAt: fixtures.NOW + 9,
      lastUsedAddress: '192.0.2.9',
    });
  });
}
