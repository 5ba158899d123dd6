import { numericDate, REVOKED_FOREVER } from '@tessera/protocol';
import { describe, expect, it } from 'vitest';
import { ACCESS_TOKEN_LIFETIME_MAX } from '../../src/model/provider.ts';
import { UNKNOWN_LIST } from '../../src/model/token.ts';
import * as fixtures from './fixtures.ts';
import { aClient, change, newRealm } from './fixtures.ts';
import type { Opened } from './opened.ts';

export function revocationsContract(current: () => Opened): void {
  const expiresAt = numericDate(fixtures.NOW + 60);

  describe('of tokens', () => {
    it('are known by their list, whatever it and the jti are made of', async () => {
      const { store } = current();
      const realm = await newRealm(store);
      const listed = { realm, jti: 'a b', expiresAt, statusList: 'h.i/s-1', statusIndex: 7 };
      const unlisted = { realm, jti: 'c d', expiresAt, statusList: UNKNOWN_LIST };
      const opaque = { realm, jti: 'e f', expiresAt };
      for (const token of [listed, unlisted, opaque])
        await change(store, realm, (rows) => rows.revokedTokens.insert(token));
      const { byList, unlisted: jtis, expiry } = await store.revocations.ofRealm(realm);
      expect([...byList]).toEqual([['h.i/s-1', new Map([['a b', 7]])]]);
      expect([...jtis]).toEqual(['c d']);
      expect([...expiry.keys()].sort()).toEqual(['a b', 'c d', 'e f']);
    });

    it('find their list once somebody has the token, and keep it', async () => {
      const { store } = current();
      const realm = await newRealm(store);
      const unlisted = { realm, jti: 'j1', expiresAt, statusList: UNKNOWN_LIST };
      const listed = { ...unlisted, statusList: 'h/s', statusIndex: 3 };
      for (const token of [unlisted, listed, unlisted])
        await change(store, realm, (rows) => rows.revokedTokens.insert(token));
      const { byList, unlisted: jtis } = await store.revocations.ofRealm(realm);
      expect([...byList]).toEqual([['h/s', new Map([['j1', 3]])]]);
      expect(jtis.size).toBe(0);
    });
  });

  describe('their position', () => {
    const positionOf = async (realm: string) =>
      (await current().store.revocations.ofRealm(realm)).position;

    it('rises with every commit that voids a token, and with no other', async () => {
      const { store } = current();
      const realm = await newRealm(store, 'c1');
      const before = await positionOf(realm);
      expect(before).toBeGreaterThanOrEqual(fixtures.NOW * 1_000);
      const update = (members: Partial<ReturnType<typeof aClient>>) =>
        change(store, realm, async (rows) => {
          const client = await rows.clients.find(realm, 'c1');
          if (client === undefined) throw new Error('no client');
          await rows.clients.update({ ...client, ...members });
        });
      await update({ description: 'another' });
      await change(store, realm, (rows) => rows.clients.insert(aClient(realm, 'c2')));
      expect(await positionOf(realm)).toBe(before);

      const seen = [before];
      const rise = async (work: () => Promise<unknown>) => {
        await work();
        seen.push(await positionOf(realm));
      };
      const revoked = { realm, jti: 'j1', expiresAt, statusList: 'h/s', statusIndex: 1 };
      await rise(() => change(store, realm, (rows) => rows.revokedTokens.insert(revoked)));
      await rise(() => update({ enabled: false }));
      await rise(() => update({ enabled: true }));
      await rise(() => change(store, realm, (rows) => rows.clients.delete(realm, 'c2')));
      await rise(() =>
        change(store, realm, async (rows) => {
          const found = await rows.realms.find(realm);
          if (found === undefined) throw new Error('no realm');
          await rows.realms.update({ ...found, enabled: false });
        }),
      );
      expect(seen.every((one, at) => at === 0 || one > (seen[at - 1] ?? 0))).toBe(true);
      const { positions } = await store.revocations.ofRealm(realm);
      expect(positions.lists.get('h/s')).toBe(seen[1]);
      expect(positions.holders.get('c2')).toBe(seen[4]);
    });

    it('is none twice, also for a later realm of the name', async () => {
      const { store } = current();
      const realm = await newRealm(store);
      const before = await positionOf(realm);
      await change(store, 'root', (rows) => rows.realms.delete(realm));
      await change(store, 'root', (rows) => rows.realms.insert(fixtures.aRealm(realm)));
      expect(await positionOf(realm)).toBeGreaterThan(before);
    });
  });

  describe('of all tokens of a client', () => {
    const { NOW } = fixtures;

    const holderOf = async (realm: string) =>
      (await current().store.revocations.ofRealm(realm)).holders.get('c1');

    const update = async (realm: string, members: Partial<ReturnType<typeof aClient>>) => {
      const { store } = current();
      await change(store, realm, async (rows) => {
        const client = await rows.clients.find(realm, 'c1');
        if (client === undefined) throw new Error('no client');
        await rows.clients.update({ ...client, ...members });
      });
    };

    it('are told of none that was made and changed', async () => {
      const realm = await newRealm(current().store, 'c1');
      await update(realm, { description: 'another' });
      expect(await holderOf(realm)).toBeUndefined();
    });

    it('follow the client: revoked, disabled, enabled, deleted, made anew', async () => {
      const { store } = current();
      const realm = await newRealm(store, 'c1');
      const since = numericDate(NOW + 5);
      await update(realm, { tokensValidFrom: since });
      const revoked = {
        realm,
        clientId: 'c1',
        revokedBefore: since,
        expiresAt: since + ACCESS_TOKEN_LIFETIME_MAX,
      };
      expect(await holderOf(realm)).toEqual(revoked);
      await update(realm, { enabled: false });
      expect(await holderOf(realm)).toMatchObject({ revokedBefore: REVOKED_FOREVER });
      await update(realm, { enabled: true });
      expect(await holderOf(realm)).toEqual(revoked);

      await change(store, realm, (rows) => rows.clients.delete(realm, 'c1'));
      expect(await holderOf(realm)).toMatchObject({ revokedBefore: REVOKED_FOREVER });
      await change(store, realm, async (rows) => {
        expect(await rows.revokedHolders.find(realm, 'c1')).toBeDefined();
        const tokensValidFrom = numericDate(NOW + 9);
        await rows.clients.insert({ ...aClient(realm, 'c1'), tokensValidFrom });
      });
      expect(await holderOf(realm)).toMatchObject({ revokedBefore: NOW + 9 });
    });

    it('go with the realm', async () => {
      const { store } = current();
      const realm = await newRealm(store, 'c1');
      await update(realm, { enabled: false });
      await change(store, 'root', (rows) => rows.realms.delete(realm));
      expect((await store.revocations.ofRealm(realm)).holders.size).toBe(0);
    });
  });
}
