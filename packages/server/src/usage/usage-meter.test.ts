import { numericDate, seconds } from '@tessera/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { basic, createWorld, type World } from '../../test/world.ts';
import { recorder } from '../events/recorder.ts';
import { endOf, startOf } from '../model/usage.ts';
import { introspectionBudget } from './introspection-budget.ts';
import { usageMeter, WASTED_TOLD } from './usage-meter.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let realm = '';
let secret = '';
let realms = 0;
/** Each test begins an hour of its own. */
beforeEach(async () => {
  world.pass(endOf('hour', world.env.clock.now()) - world.env.clock.now());
  realm = `realm-${++realms}`;
});

const setUp = async (
  provider: Parameters<World['createRealm']>[1],
  client: Parameters<World['registerClient']>[2] = {},
) => {
  await world.createRealm(realm, provider);
  secret = await world.registerClient(realm, 'c1', client);
  await settle();
};

/** Once the change log has been read to its end, what the store gives stays the same. */
const settle = async () => {
  world.pass(600);
  await world.env.store.realms.find(realm);
};

const ask = async (form = 'scope=read', clientId = 'c1', with_ = secret) => {
  const answer = await world.app.inject({
    method: 'POST',
    url: `/am/oauth2/realms/root/realms/${realm}/access_token`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: basic(clientId, with_),
    },
    payload: `grant_type=client_credentials&${form}`,
  });
  return { ...answer, status: answer.statusCode, json: answer.json<Record<string, unknown>>() };
};
const statuses = async (count: number, ...asked: Parameters<typeof ask>) => {
  const all: number[] = [];
  for (let index = 0; index < count; index++) all.push((await ask(...asked)).status);
  return all;
};
const usage = async (clientId?: string) => {
  await world.env.recorder.flush();
  const now = world.env.clock.now();
  const [bucket] = await world.env.store.usage.list(
    { realm, clientId },
    'hour',
    startOf('hour', now),
    endOf('hour', now),
  );
  return (
    bucket && {
      issued: bucket.issued,
      reused: bucket.reused,
      refused: bucket.refused,
      wasted: bucket.wasted,
    }
  );
};
const events = async (type: string) => {
  await world.env.recorder.flush();
  return (await world.env.store.events.list(realm, { limit: 50, type })).items;
};

describe('counting', () => {
  it('issued and refused are counted for the client and its realm, failed authentication is not', async () => {
    await setUp({});
    await world.registerClient(realm, 'c2');
    expect(await statuses(3)).toEqual([200, 200, 200]);
    expect((await ask('scope=nothing-of-it')).status).toBe(400);
    expect((await ask('scope=read', 'c1', 'wrong')).status).toBe(401);
    expect(await usage('c1')).toMatchObject({ issued: 3, refused: 1 });
    expect(await usage()).toMatchObject({ issued: 3, refused: 1 });
    expect(await usage('c2')).toBeUndefined();
  });

  it('what could not be written waits, and is counted once', async () => {
    await setUp({});
    const { store, metrics, clock, random, log } = world.env;
    let away = true;
    const written: number[] = [];
    const records = recorder({ store, random, metrics, log });
    const meter = usageMeter({
      recorder: records,
      metrics,
      clock,
      store: {
        ...store,
        async addUsage(deltas) {
          if (away) throw new Error('away');
          written.push(...deltas.map(({ issued }) => issued));
        },
      },
    });
    const { provider } = await world.callerOf(realm);
    const client = (await store.clients.find(realm, 'c1'))?.client;
    if (client === undefined) throw new Error('no client');
    const occasion = { now: clock.now(), requestId: '' };
    await meter.take(provider, client, occasion);
    await records.flush();
    await meter.take(provider, client, occasion);
    await meter.take(provider, client, occasion);
    meter.giveBack(client, occasion.now);
    away = false;
    await records.flush();
    await records.close();
    expect(written.reduce((sum, one) => sum + one, 0)).toBe(2);
  });
});

describe('quotas', () => {
  it('RFC 6585 §4 beyond it 429 until the hour ends, which begins anew', async () => {
    await setUp({ quotaMode: 'enforce', tokensPerHour: 2 });
    const first = await ask();
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"hour";q=2;w=3600',
      ratelimit: '"hour";r=1;t=3000',
    });
    expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers).toMatchObject({
      'retry-after': '3000',
      ratelimit: '"hour";r=0;t=3000',
      'cache-control': 'no-store',
    });
    expect(refused.json).toEqual({
      error_description: 'The quota of access tokens is used up',
      error: 'temporarily_unavailable',
    });
    world.pass(3_000);
    expect((await ask()).status).toBe(200);
  });

  it('requests that come at once get what is left and no more', async () => {
    await setUp({ quotaMode: 'enforce', tokensPerHour: 5 });
    const all = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(5);
  });

  it('what got no token takes nothing of it', async () => {
    await setUp({ quotaMode: 'enforce', tokensPerHour: 2 });
    await statuses(5, 'scope=nothing-of-it');
    await statuses(5, 'scope=read', 'c1', 'wrong');
    expect(await statuses(3)).toEqual([200, 200, 429]);
    await statuses(3);
    expect(await usage('c1')).toMatchObject({ issued: 2 });
  });

  it('of the day: hours do not give it back, the next day does', async () => {
    world.pass(endOf('day', world.env.clock.now()) - world.env.clock.now());
    await setUp({ quotaMode: 'enforce', tokensPerDay: 3 });
    expect(await statuses(2)).toEqual([200, 200]);
    world.pass(3_000);
    expect(await statuses(2)).toEqual([200, 429]);
    world.pass(3_600);
    expect((await ask()).headers['retry-after']).toBe(String(22 * 3_600));
    world.pass(22 * 3_600);
    expect((await ask()).status).toBe(200);
  });

  it('a client has its own or the default, and the realm one for all of them', async () => {
    await setUp(
      { quotaMode: 'enforce', tokensPerHour: 2, realmTokensPerHour: 5 },
      { tokensPerHour: 4 },
    );
    const other = await world.registerClient(realm, 'c2');
    const exempt = await world.registerClient(realm, 'c3', { quotaMode: 'off' });
    expect(await statuses(3, 'scope=read', 'c2', other)).toEqual([200, 200, 429]);
    expect(await statuses(3)).toEqual([200, 200, 200]);
    const refused = await ask('scope=read', 'c3', exempt);
    expect(refused.status).toBe(429);
    expect(refused.headers['ratelimit']).toBeUndefined();
  });

  it('a meter that starts goes on where the database is, and so does one that shares it', async () => {
    await setUp({ quotaMode: 'enforce', tokensPerHour: 3, realmTokensPerHour: 4 });
    await statuses(2);
    await world.env.recorder.flush();
    const { store, recorder, metrics, clock } = world.env;
    const second = usageMeter({ store, recorder, metrics, clock });
    const { provider } = await world.callerOf(realm);
    const client = (await store.clients.find(realm, 'c1'))?.client;
    if (client === undefined) throw new Error('no client');
    const occasion = { now: clock.now(), requestId: '' };
    expect((await second.take(provider, client, occasion)).ok).toBe(true);
    expect((await second.take(provider, client, occasion)).ok).toBe(false);
    // The first has not heard of it: what it then issues is beyond the quota, once.
    expect((await ask()).status).toBe(200);
    await recorder.flush();
    expect((await ask()).status).toBe(429);
  });

  it('observe tells it once an hour, counts it, and refuses nothing', async () => {
    await setUp({ quotaMode: 'observe', tokensPerHour: 2 });
    expect(await statuses(5)).toEqual([200, 200, 200, 200, 200]);
    expect(await events('quota.exceeded')).toMatchObject([
      {
        actor: { kind: 'client', id: 'c1' },
        subject: { kind: 'client', id: 'c1' },
        details: {
          mode: 'observe',
          span: 'hour',
          limit: 2,
          endsAt: endOf('hour', world.env.clock.now()),
        },
      },
    ]);
    expect((await ask()).headers['ratelimit']).toBeUndefined();
  });

  it('enforce leaves one event and a count, not an event for each refusal', async () => {
    await setUp({ quotaMode: 'enforce', tokensPerHour: 1 });
    await statuses(6);
    expect(await events('quota.exceeded')).toHaveLength(1);
    expect(await events('token.refused')).toEqual([]);
    expect(await usage('c1')).toMatchObject({ issued: 1, refused: 5 });
  });

  it('without the totals of others, what is remembered is enforced and nothing is invented', async () => {
    await setUp({ quotaMode: 'enforce', tokensPerHour: 2 });
    const { store, recorder, metrics, clock } = world.env;
    const away = {
      ...store,
      usage: { ...store.usage, totals: () => new Promise<never>(() => {}) },
    };
    const meter = usageMeter({ store: away, recorder, metrics, clock });
    const { provider } = await world.callerOf(realm);
    const client = (await store.clients.find(realm, 'c1'))?.client;
    if (client === undefined) throw new Error('no client');
    const occasion = { now: clock.now(), requestId: '' };
    const outcomes: boolean[] = [];
    const started = performance.now();
    for (let index = 0; index < 3; index++)
      outcomes.push((await meter.take(provider, client, occasion)).ok);
    expect(outcomes).toEqual([true, true, false]);
    // It waits for them once.
    expect(performance.now() - started).toBeLessThan(1_900);
  });
});

describe('waste', () => {
  it('a client that keeps no token is told once an hour, with what to do', async () => {
    await setUp({});
    await statuses(WASTED_TOLD + 5);
    const [event, ...more] = await events('tokens.wasted');
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      subject: { kind: 'client', id: 'c1' },
      details: { wasted: WASTED_TOLD, remedy: expect.stringContaining('Keep the token') },
    });
    expect(await usage('c1')).toMatchObject({ issued: WASTED_TOLD + 5, wasted: WASTED_TOLD + 4 });
  });

  it('who asks for another scope, or in time, wastes nothing', async () => {
    await setUp({ accessTokenLifetime: seconds(100) });
    await statuses(1, 'scope=read');
    await statuses(1, 'scope=write');
    await statuses(1, 'scope=read+write');
    world.pass(50);
    await statuses(1, 'scope=read');
    expect(await usage('c1')).toMatchObject({ issued: 4, wasted: 0 });
  });
});

describe('reuse', () => {
  const textOf = async (form = 'scope=read') => String((await ask(form)).json['access_token']);

  it('without it every request has a token of its own', async () => {
    await setUp({});
    expect(await textOf()).not.toBe(await textOf());
  });

  it.each(['jwt', 'opaque'] as const)(
    '%s: the same token until the time is over, with what is left of it',
    async (tokenFormat) => {
      await setUp({ tokenFormat, tokenReuseSeconds: seconds(30) });
      const first = await textOf();
      world.pass(20);
      const again = await ask();
      expect(again.json).toMatchObject({ access_token: first, expires_in: 3_600 - 20 - 1 });
      expect(await textOf('scope=write')).not.toBe(first);
      world.pass(10);
      expect(await textOf()).not.toBe(first);
      expect(await usage('c1')).toMatchObject({ issued: 3, reused: 1, wasted: 1 });
      expect(await events('token.reused')).toHaveLength(1);
      expect(await events('token.issued')).toHaveLength(3);
    },
  );

  it('never what has lived half of its life', async () => {
    await setUp({ accessTokenLifetime: seconds(40), tokenReuseSeconds: seconds(300) });
    const first = await textOf();
    world.pass(19);
    expect(await textOf()).toBe(first);
    world.pass(1);
    expect(await textOf()).not.toBe(first);
  });

  it('a client can have it where the realm does not, and the other way round', async () => {
    await setUp({ tokenReuseSeconds: seconds(30) }, { tokenReuseSeconds: seconds(0) });
    expect(await textOf()).not.toBe(await textOf());
  });

  it('takes nothing of a quota', async () => {
    await setUp({ tokenReuseSeconds: seconds(30), quotaMode: 'enforce', tokensPerHour: 1 });
    expect(await statuses(4)).toEqual([200, 200, 200, 200]);
    expect((await ask('scope=write')).status).toBe(429);
  });

  it.each<[string, (text: string) => Promise<void>]>([
    [
      'the token was revoked',
      async (text) => {
        const claims = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString());
        await world.change((rows) =>
          rows.revokedTokens.insert({ realm, jti: claims.jti, expiresAt: numericDate(claims.exp) }),
        );
      },
    ],
    [
      'all tokens of the client were revoked',
      () =>
        world.change(async (rows) => {
          const client = await rows.clients.find(realm, 'c1');
          const tokensValidFrom = numericDate(world.env.clock.now() + 1);
          if (client !== undefined) await rows.clients.update({ ...client, tokensValidFrom });
        }),
    ],
    ['a credential of the client changed', async () => void (await world.addSecret(realm, 'c1'))],
    [
      'the realm changed',
      () =>
        world.change(async (rows) => {
          const found = await rows.realms.find(realm);
          if (found !== undefined) await rows.realms.update({ ...found, displayName: 'Other' });
        }),
    ],
    [
      'the provider changed',
      () =>
        world.change(async (rows) => {
          const found = await rows.providers.find(realm);
          if (found !== undefined)
            await rows.providers.update({ ...found, tokenReuseSeconds: seconds(31) });
        }),
    ],
    ['an API changed', () => world.createApi(realm, 'api')],
    [
      'a signing key changed',
      () =>
        world.change(async (rows) => {
          const [key] = await rows.signingKeys.all(realm);
          if (key !== undefined) await rows.signingKeys.update(key);
        }),
    ],
  ])('is over at once when %s', async (_, change) => {
    await setUp({ tokenReuseSeconds: seconds(300) });
    const text = await textOf();
    expect(await textOf()).toBe(text);
    await change(text);
    expect(await textOf()).not.toBe(text);
  });
});

describe('introspection as a scanner (attack 34)', () => {
  it('RFC 7662 §4 is 429 with Retry-After beyond the budget, and never for tokens in use', async () => {
    await setUp({});
    const text = String((await ask()).json['access_token']);
    const introspect = (token: string) =>
      world.app.inject({
        method: 'POST',
        url: `/am/oauth2/realms/root/realms/${realm}/introspect`,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: basic('c1', secret),
        },
        payload: `token=${token}`,
      });
    const limits = { capacity: 5, refillPerSecond: 0.1, refillPerActive: 1 };
    Object.assign(world.env, { introspectionBudget: introspectionBudget(world.env.clock, limits) });
    for (let index = 0; index < 3; index++)
      expect((await introspect(`no-token-${index}`)).json()).toEqual({ active: false });
    expect((await introspect(text)).json()).toMatchObject({ active: true });
    let answer = await introspect('no-token');
    for (let index = 0; index < 5; index++) answer = await introspect(`no-token-${index}`);
    expect(answer.statusCode).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.json()).toMatchObject({ error: 'temporarily_unavailable' });
    expect((await introspect(text)).json()).toMatchObject({ active: true });
  });
});
