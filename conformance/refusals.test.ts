import { describe, expect, it } from 'vitest';
import { keyedClients } from './keyed-client.ts';
import { readToken } from './realm.ts';
import { newKey, now } from './signed.ts';
import { onEachDatabase, type World } from './world.ts';

type OfClient = {
  readonly clientId: string | null;
  readonly refused: number;
  readonly details: Readonly<Record<string, unknown>>;
};
type Item = {
  readonly reason: string;
  readonly error: string;
  readonly cause: string;
  readonly remedy: string;
  readonly refused: number;
  readonly clientCount: number;
  readonly clients: readonly OfClient[];
  readonly hours: readonly { readonly refused: number }[];
};
type Refusals = { readonly total: number; readonly items: readonly Item[] };

const refusalsOf = (world: World, path: string): Promise<Refusals> =>
  world.administration.perform<Refusals>('GET', `/api/realms/${path}/refusals`);

/** What was counted is written a moment later. */
const reasonOf = async (world: World, path: string, reason: string, refused: number) => {
  let found: Item | undefined;
  await expect
    .poll(
      async () => {
        found = (await refusalsOf(world, path)).items.find((item) => item.reason === reason);
        return found?.refused;
      },
      { timeout: 20_000 },
    )
    .toBe(refused);
  return found;
};

onEachDatabase((world) => {
  const { alpha } = world;

  describe('what token requests are refused for', () => {
    it('is counted by cause and client, with what the caller was not told', async () => {
      const client = await alpha.registerClient({ scopes: ['read'] });
      for (let times = 0; times < 3; times++)
        await alpha.request({ ...client, secret: 'not-its-secret' });
      await alpha.request(client, { scope: 'more-than-it-has' });
      const path = `alpha/clients/${client.clientId}`;
      expect(await reasonOf(world, path, 'secret_wrong', 3)).toMatchObject({
        error: 'invalid_client',
        cause: 'Wrong secret',
        clientCount: 1,
        clients: [{ clientId: client.clientId, refused: 3, details: {} }],
        hours: [{ refused: 3 }],
      });
      expect(await reasonOf(world, path, 'scope_not_granted', 1)).toMatchObject({
        error: 'invalid_scope',
        clients: [{ details: { scope: ['more-than-it-has'] } }],
      });
      expect((await refusalsOf(world, path)).total).toBe(4);
    });

    it('says by how many seconds a clock is wrong', async () => {
      const { keyed, assertionOf, ask } = keyedClients(world);
      const key = newKey();
      const client = await keyed(key);
      await ask(assertionOf(client, key, { claims: { iat: now() - 400, exp: now() - 340 } }));
      const path = `alpha/clients/${client.clientId}`;
      const found = await reasonOf(world, path, 'assertion_expired', 1);
      const { seconds } = found?.clients[0]?.details ?? {};
      expect(Number(seconds)).toBeGreaterThanOrEqual(339);
      expect(Number(seconds)).toBeLessThan(400);
    });

    it('keeps no name that a stranger made up: all of them are one row', async () => {
      for (let times = 0; times < 5; times++)
        await alpha.request({ clientId: `<img src=x onerror=alert(${times})>`, secret: 'x' }, {});
      await expect
        .poll(async () => {
          const { items } = await refusalsOf(world, 'alpha');
          return items.find(({ reason }) => reason === 'client_unknown')?.refused ?? 0;
        })
        .toBeGreaterThanOrEqual(5);
      const text = JSON.stringify(await refusalsOf(world, 'alpha'));
      expect(text).not.toContain('<img');
      const { items } = JSON.parse(text) as Refusals;
      expect(items.find(({ reason }) => reason === 'client_unknown')?.clients).toMatchObject([
        { clientId: null, details: {} },
      ]);
    });
  });

  describe('how many requests there are and how long they take', () => {
    it('is told by the minute, refused ones too', async () => {
      const client = await alpha.registerClient({ scopes: ['read'] });
      type Rates = {
        readonly total: { readonly issued: number; readonly refused: number; readonly p50: number };
        readonly items: readonly unknown[];
      };
      const ratesOf = () =>
        world.administration.perform<Rates>('GET', '/api/realms/alpha/usage/minutes?minutes=60');
      const before = (await ratesOf()).total;
      readToken(await alpha.request(client, { scope: 'read' }));
      readToken(await alpha.request(client, { scope: 'read' }));
      await alpha.request(client, { scope: 'more-than-it-has' });
      await expect
        .poll(async () => (await ratesOf()).total.issued, { timeout: 20_000 })
        .toBeGreaterThanOrEqual(before.issued + 2);
      const { total, items } = await ratesOf();
      expect(total.refused).toBeGreaterThan(before.refused);
      expect(total.p50).toBeGreaterThan(0);
      expect(items).toHaveLength(60);
    });
  });
});
