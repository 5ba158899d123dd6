import { setTimeout as pause } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { realmClient } from './realm.ts';
import { aggregationOf, below, judge, referenceOf, statusInList } from './status-lists.ts';
import { onEachDatabase } from './world.ts';

/* draft-ietf-oauth-status-list-20 §9: the aggregation by which resource servers follow all lists. */

onEachDatabase((world) => {
  const { alpha } = world;

  const issue = async (members = {}) => {
    const client = await alpha.registerClient(members);
    return { client, token: await alpha.token(client, { scope: 'read' }) };
  };

  describe('§9 the aggregation', () => {
    it('§9.1 is named by the metadata and by every list', async () => {
      const { json } = await alpha.read('.well-known/oauth-authorization-server');
      expect(json).toMatchObject({
        status_list_aggregation_endpoint: `${alpha.issuer}/status-lists`,
      });
    });

    it('§9.3 is JSON for everybody that costs next to nothing while nothing changes', async () => {
      const { client, token } = await issue();
      const first = await alpha.read('status-lists');
      expect(first.headers).toMatchObject({
        'content-type': expect.stringMatching(/^application\/json/),
        'access-control-allow-origin': '*',
        'cache-control': 'no-cache',
      });
      const { etag = '' } = first.headers;
      expect(etag).toMatch(/^"[\w-]+"$/);
      const same = await alpha.read('status-lists', { 'if-none-match': etag });
      expect({ status: same.status, text: same.text }).toEqual({ status: 304, text: '' });
      await alpha.revoke(token, client);
      const changed = await alpha.read('status-lists', { 'if-none-match': etag });
      expect(changed.status).toBe(200);
      expect((changed.json as { status_lists: string[] }).status_lists).toContain(
        referenceOf(token).uri,
      );
    });

    it('versions rise with every revocation, and a list can be asked for by one', async () => {
      const client = await alpha.registerClient();
      let before = (await aggregationOf(alpha)).version ?? 0;
      for (let count = 0; count < 3; count++) {
        const token = await alpha.token(client, { scope: 'read' });
        await alpha.revoke(token, client);
        const { version = 0, lists } = await aggregationOf(alpha);
        expect(version).toBeGreaterThan(before);
        const { uri } = referenceOf(token);
        expect(lists.get(uri)).toBe(version);
        const { text } = await alpha.read(`${below(alpha, uri)}?version=${version}`);
        expect(decodeJwt(text)['version']).toBeGreaterThanOrEqual(version);
        before = version;
      }
    });

    it('names nobody', async () => {
      const { client } = await issue({ clientId: `known-by-name-${world.database}` });
      await alpha.changeClient(client, { enabled: false });
      const { text } = await alpha.read('status-lists');
      expect(text).not.toContain('known-by-name');
    });

    it('leaves a client out that nothing was ever revoked of', async () => {
      const { client } = await issue();
      const before = (await aggregationOf(alpha)).revokedBefore.size;
      await alpha.changeClient(client, { description: 'another' });
      expect((await aggregationOf(alpha)).revokedBefore.size).toBe(before);
    });
  });
});

onEachDatabase(
  (world) => {
    it('is the same at every node, as soon as the change has reached it', async () => {
      const { alpha } = world;
      const there = realmClient(await world.startNode(), 'alpha');
      const client = await alpha.registerClient();
      const [one, two] = await Promise.all(
        [alpha, there].map((realm) => realm.token(client, { scope: 'read' })),
      );
      if (one === undefined || two === undefined) throw new Error('no tokens');
      for (const token of [one, two])
        for (const realm of [alpha, there]) expect(await statusInList(realm, token)).toBe(0);

      const started = performance.now();
      await alpha.revoke(two, client);
      for (;;) {
        const { status } = judge(await aggregationOf(there), two);
        if (status === 'in_list' && (await statusInList(there, two)) === 1) break;
        expect(performance.now() - started).toBeLessThan(5_000);
        await pause(10);
      }
      expect(await statusInList(there, one)).toBe(0);
      const documents = await Promise.all(
        [alpha, there].map((realm) => realm.read('status-lists')),
      );
      expect(documents[0]?.text).toBe(documents[1]?.text);
      expect(documents[0]?.headers.etag).toBe(documents[1]?.headers.etag);
    });
  },
  { databases: ['PostgreSQL'] },
);
