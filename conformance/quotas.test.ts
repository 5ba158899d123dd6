import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { keyedClients } from './keyed-client.ts';
import {
  type ClientCredentials,
  type RealmClient,
  readToken,
  realmClient,
  refusal,
} from './realm.ts';
import { newKey, proofOf } from './signed.ts';
import { type Answer, send } from './wire.ts';
import { onEachDatabase, type World } from './world.ts';

const EXCEEDED = refusal(429, 'temporarily_unavailable', 'The quota of access tokens is used up');

/** What was counted is in the database by then. Tests that wait for it wait together. */
const WRITTEN = 2_500;

/** Hours begin anew, and with them what a test counts: it begins where there is time for it. */
async function untilHourHasRoom(seconds = 60): Promise<void> {
  const left = 3_600 - (Math.floor(Date.now() / 1_000) % 3_600);
  if (left < seconds) await pause(left * 1_000 + 100);
}

type Counts = {
  readonly issued: number;
  readonly reused: number;
  readonly refused: number;
  readonly wasted: number;
};
type Usage = {
  readonly total: Counts;
  readonly quotas: readonly Readonly<Record<string, unknown>>[];
};
type Happened = {
  readonly subject: { readonly id: string };
  readonly details: Readonly<Record<string, unknown>>;
};

const usageOf = (world: World, path: string): Promise<Usage> =>
  world.administration.perform<Usage>('GET', `/api/realms/${path}/usage`);
const issuedTo = async (world: World, { clientId }: ClientCredentials): Promise<number> =>
  (await usageOf(world, `alpha/clients/${clientId}`)).total.issued;
const eventsOf = async (world: World, type: string, { clientId }: ClientCredentials) => {
  const path = `/api/realms/alpha/events?type=${type}&subjectId=${clientId}`;
  return (await world.administration.perform<{ items: readonly Happened[] }>('GET', path)).items;
};

async function statuses(realm: RealmClient, client: ClientCredentials, count: number) {
  const all: number[] = [];
  for (let index = 0; index < count; index++)
    all.push((await realm.request(client, { scope: 'read' })).status);
  return all;
}
const given = (all: readonly number[]): number => all.filter((status) => status === 200).length;

onEachDatabase((world) => {
  const { alpha } = world;
  const limited = (perHour: number, members: object = {}) =>
    alpha.registerClient({ quotaMode: 'enforce', tokensPerHour: perHour, ...members });

  describe('RFC 6585 §4 a quota of tokens', () => {
    it('is what a client gets in an hour, and then 429 until the hour is over', async () => {
      await untilHourHasRoom();
      const client = await limited(3);
      const first = await alpha.request(client, { scope: 'read' });
      expect(first.headers['ratelimit-policy']).toBe('"hour";q=3;w=3600');
      expect(first.headers['ratelimit']).toMatch(/^"hour";r=2;t=\d+$/);
      expect(await statuses(alpha, client, 3)).toEqual([200, 200, 429]);
      const refused = await alpha.request(client, { scope: 'read' });
      expect(refused).toMatchObject(EXCEEDED);
      const wait = Number(refused.headers['retry-after']);
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBe(3_600 - (Math.floor(Date.now() / 1_000) % 3_600));
    });

    it('is left as it is by requests that are refused', async () => {
      await untilHourHasRoom();
      const client = await limited(1);
      for (let index = 0; index < 3; index++) {
        expect((await alpha.request(client, { scope: 'not-granted' })).status).toBe(400);
        expect(
          (await alpha.request({ ...client, secret: 'wrong' }, { scope: 'read' })).status,
        ).toBe(401);
      }
      expect(await statuses(alpha, client, 2)).toEqual([200, 429]);
    });

    it('is given out to the last token, and no further, by requests that come at once', async () => {
      await untilHourHasRoom();
      const client = await limited(10);
      const all = await Promise.all(Array.from({ length: 40 }, () => statuses(alpha, client, 1)));
      expect(given(all.flat())).toBe(10);
    });

    it.concurrent('of a realm is one for all of its clients', async () => {
      await untilHourHasRoom();
      const realm = await world.createRealm(`quota-${world.database.toLowerCase()}`);
      await realm.changeProvider({ quotaMode: 'enforce', realmTokensPerDay: 3, tokensPerHour: 2 });
      const [one, two] = [await realm.registerClient(), await realm.registerClient()];
      expect(await statuses(realm, one, 3)).toEqual([200, 200, 429]);
      expect(await statuses(realm, two, 2)).toEqual([200, 429]);
      await pause(WRITTEN);
      const { total, quotas } = await usageOf(world, realm.name);
      expect(total).toMatchObject({ issued: 3, refused: 2 });
      expect(quotas).toMatchObject([
        { of: 'realm', span: 'day', mode: 'enforce', limit: 3, issued: 3 },
      ]);
    });

    it.concurrent('that is observed refuses nothing, and is told once', async () => {
      await untilHourHasRoom();
      const client = await limited(1, { quotaMode: 'observe' });
      expect(await statuses(alpha, client, 4)).toEqual([200, 200, 200, 200]);
      await pause(WRITTEN);
      expect(await eventsOf(world, 'quota.exceeded', client)).toMatchObject([
        { details: { mode: 'observe', span: 'hour', limit: 1 } },
      ]);
    });

    it('goes on where it was when the server is started again', async () => {
      await untilHourHasRoom();
      const client = await limited(5);
      expect(await statuses(alpha, client, 3)).toEqual([200, 200, 200]);
      await world.restart();
      expect(await issuedTo(world, client)).toBe(3);
      expect(await statuses(alpha, client, 3)).toEqual([200, 200, 429]);
    }, 60_000);

    it('forgets no more than the last second when the server is killed', async () => {
      await untilHourHasRoom();
      const client = await limited(10);
      expect(given(await statuses(alpha, client, 6))).toBe(6);
      await pause(WRITTEN);
      expect(given(await statuses(alpha, client, 3))).toBe(3);
      await world.kill();
      const counted = await issuedTo(world, client);
      expect(counted).toBeGreaterThanOrEqual(6);
      expect(counted).toBeLessThanOrEqual(9);
      expect(given(await statuses(alpha, client, 10))).toBe(10 - counted);
    }, 60_000);
  });

  describe('usage', () => {
    it.concurrent('names the clients that ask for most, and is nothing for who may not see it', async () => {
      await untilHourHasRoom();
      const busy = await alpha.registerClient();
      await statuses(alpha, busy, 15);
      await pause(WRITTEN);
      const path = '/api/realms/alpha/usage/clients?top=200';
      const { items } = await world.administration.perform<{
        items: readonly (Counts & { clientId: string })[];
      }>('GET', path);
      expect(items.find(({ clientId }) => clientId === busy.clientId)).toMatchObject({
        issued: 15,
      });
      expect(items.map(({ issued }) => issued)).toEqual(
        items.map(({ issued }) => issued).toSorted((a, b) => b - a),
      );
      const token = await alpha.token(busy, { scope: 'read' });
      const headers = { authorization: `Bearer ${token}` };
      const answer = await send(world.port, { path: '/api/realms/alpha/usage', headers });
      expect(answer.status).toBe(401);
    });

    it('refuses a span that is too long, and says what would be right', async () => {
      const answer = await world.administration.call('GET', '/api/realms/alpha/usage?since=0');
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('at most 1000 hours before until');
    });

    it.concurrent('a client that keeps no token is named once, with what to do', async () => {
      await untilHourHasRoom();
      const client = await alpha.registerClient();
      await statuses(alpha, client, 64);
      await pause(WRITTEN);
      const { total } = await usageOf(world, `alpha/clients/${client.clientId}`);
      expect(total).toEqual({ issued: 64, reused: 0, refused: 0, wasted: 63 });
      const [event, ...more] = await eventsOf(world, 'tokens.wasted', client);
      expect(more).toEqual([]);
      expect(event?.details).toMatchObject({ wasted: 60, remedy: expect.stringContaining('Keep') });
    });
  });

  describe('a token that answers again', () => {
    const textOf = (answer: Answer): string => readToken(answer).access_token;
    const ask = (client: ClientCredentials) => alpha.request(client, { scope: 'read' });
    /** What a client is stays the same once its registration was read in the change log. */
    const reusing = async (members: object = {}) => {
      const client = await alpha.registerClient({ tokenReuseSeconds: 60, ...members });
      await pause(WRITTEN);
      return client;
    };

    it.concurrent.each(['jwt', 'opaque'])(
      '%s: is the same until it is revoked',
      async (tokenFormat) => {
        const client = await reusing({ tokenFormat });
        const first = textOf(await ask(client));
        const again = await ask(client);
        expect(textOf(again)).toBe(first);
        expect(readToken(again).expires_in).toBeLessThan(3_600);
        await alpha.revoke(first, client);
        const next = textOf(await ask(client));
        expect(next).not.toBe(first);
        expect((await alpha.introspect(next, client)).json).toMatchObject({ active: true });
      },
    );

    it('tells what is left of a quota as a new one does, and takes nothing of it', async () => {
      await untilHourHasRoom();
      const client = await reusing({ quotaMode: 'enforce', tokensPerHour: 3 });
      const first = await ask(client);
      for (let index = 0; index < 3; index++) {
        const again = await ask(client);
        expect(textOf(again)).toBe(textOf(first));
        expect(again.headers['ratelimit-policy']).toBe('"hour";q=3;w=3600');
        expect(again.headers['ratelimit']).toMatch(/^"hour";r=2;t=\d+$/);
      }
    });

    it.concurrent('is another one once the client has changed', async () => {
      const client = await reusing();
      const first = textOf(await ask(client));
      expect(textOf(await ask(client))).toBe(first);
      await alpha.changeClient(client, { description: 'changed' });
      expect(textOf(await ask(client))).not.toBe(first);
    });

    it.concurrent('is one for each key that it is bound to', async () => {
      const client = await reusing();
      const target = `${alpha.issuer}/access_token`;
      const bound = async (key: ReturnType<typeof newKey>) =>
        alpha.post(
          'access_token',
          { grant_type: 'client_credentials', scope: 'read' },
          { as: client, headers: { dpop: proofOf(key, target) } },
        );
      const [one, two] = [newKey(), newKey()];
      const first = textOf(await bound(one));
      expect(textOf(await bound(two))).not.toBe(first);
      expect(textOf(await bound(one))).toBe(first);
      expect(textOf(await ask(client))).not.toBe(first);
    });

    it.concurrent('RFC 7523 §3 spends the assertion all the same', async () => {
      const clients = keyedClients(world);
      const key = newKey();
      const client = await clients.keyed(key, alpha, { tokenReuseSeconds: 60 });
      await pause(WRITTEN);
      const first = textOf(await clients.ask(clients.assertionOf(client, key)));
      const assertion = clients.assertionOf(client, key);
      expect(textOf(await clients.ask(assertion))).toBe(first);
      expect(await clients.ask(assertion)).toMatchObject(refusal(400, 'invalid_client'));
    });
  });

  it('RFC 7662 §4 a caller that guesses is slowed down, whatever it asks between (attack 34)', async () => {
    const scanner = await alpha.registerClient({ scopes: ['read', 'am-introspect-all-tokens'] });
    const known = await alpha.token(scanner, { scope: 'read' });
    const scan = async (_: unknown, number: number) => {
      for (let index = 0; index < 200; index++) {
        const answer = await alpha.introspect(`eyJ.${number}.${index}`, scanner);
        if (answer.status !== 200) return answer;
        await alpha.introspect(known, scanner);
      }
      return undefined;
    };
    const [refused] = (await Promise.all(Array.from({ length: 20 }, scan))).filter(Boolean);
    expect(refused).toMatchObject(refusal(429, 'temporarily_unavailable'));
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    // What is signed is no guess, and another caller has a budget of its own.
    const fresh = await alpha.token(await alpha.registerClient(), { scope: 'read' });
    for (const asker of [
      scanner,
      await alpha.registerClient({ scopes: ['am-introspect-all-tokens'] }),
    ])
      expect((await alpha.introspect(fresh, asker)).json).toMatchObject({ active: true });
  }, 60_000);
});

onEachDatabase(
  (world) => {
    const { alpha } = world;

    it('two nodes are beyond a quota by what one issues in a second at most, and then both refuse', async () => {
      await untilHourHasRoom();
      const other = realmClient(await world.startNode(), 'alpha');
      const client = await alpha.registerClient({ quotaMode: 'enforce', tokensPerHour: 20 });
      let issued = 0;
      let last = 0;
      for (let index = 0; index < 30; index++) {
        issued += given(await statuses(alpha, client, 1));
        issued += given(await statuses(other, client, 1));
        if (index % 5 === 4) await pause(WRITTEN);
        if (index === 14) last = issued;
      }
      // Five at a time are issued between two writes of a node.
      expect(issued).toBeGreaterThanOrEqual(20);
      expect(issued).toBeLessThanOrEqual(20 + 2 * 5);
      expect(issued).toBe(last);
      expect(await statuses(alpha, client, 2)).toEqual([429, 429]);
      expect(await statuses(other, client, 2)).toEqual([429, 429]);
      expect(await issuedTo(world, client)).toBe(issued);
    }, 90_000);

    it('while the database is away, what is remembered is enforced, and counted when it is back', async () => {
      await untilHourHasRoom();
      const client = await alpha.registerClient({ quotaMode: 'enforce', tokensPerHour: 5 });
      await pause(WRITTEN);
      expect(await statuses(alpha, client, 2)).toEqual([200, 200]);
      await pause(WRITTEN);
      await world.setDatabase('refusing');
      expect(await statuses(alpha, client, 5)).toEqual([200, 200, 200, 429, 429]);
      await world.setDatabase('reachable');
      await expect.poll(() => issuedTo(world, client).catch(() => 0), { timeout: 20_000 }).toBe(5);
      expect(await statuses(alpha, client, 1)).toEqual([429]);
    }, 90_000);
  },
  { databases: ['PostgreSQL'] },
);
