import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld } from '../../../test/admin-world.ts';
import { rotateSigningKeys } from '../../keys/rotate-signing-keys.ts';
import { ACCESS_TOKEN_LIFETIME_MAX } from '../../model/provider.ts';
import { PUBLISH_AHEAD } from '../../model/signing-key.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

let realms = 0;

/** A realm with one key, and a token that the key signed. */
async function setting() {
  const realm = `keys-${++realms}`;
  await world.call(world.root, 'createRealm', { body: { name: realm } });
  const token = await world.automate(realm, ['clients:read']);
  const states = async () => {
    const { answer } = await world.call(world.root, 'listSigningKeys', { params: { realm } });
    return answer.items.map(({ state }) => state).sort();
  };
  const first = (await world.call(world.root, 'listSigningKeys', { params: { realm } })).answer
    .items[0];
  const works = async (caller = token) =>
    (await world.call(caller, 'listClients', { params: { realm } })).status === 200;
  return { realm, kid: first?.kid ?? '', states, works };
}

/** What the job of the server does every minute. */
async function turnKeys(realm: string): Promise<void> {
  const provider = await world.env.store.providers.find(realm);
  if (provider !== undefined) await rotateSigningKeys(world.env, provider, world.env.clock.now());
}

describe('rotation', () => {
  test('publishes the next key first, and lets it sign once every cache can have it', async () => {
    const { realm, states, works } = await setting();
    const rotate = () =>
      world.call(world.root, 'rotateSigningKey', { params: { realm }, body: {} });
    const rotated = await rotate();
    expect(rotated.answer.items.find(({ state }) => state === 'published')?.signsFrom).toBe(
      world.env.clock.now() + PUBLISH_AHEAD,
    );
    await rotate();
    expect(await states()).toEqual(['published', 'signing']);
    expect(await works()).toBe(true);

    world.pass(PUBLISH_AHEAD);
    await turnKeys(realm);
    expect(await states()).toEqual(['retired', 'signing']);
    expect(await works(await world.automate(realm, ['clients:read']))).toBe(true);
  });

  test('at once retires the earlier key, whose tokens stay valid', async () => {
    const { realm, kid, states, works } = await setting();
    const { answer } = await world.call(world.root, 'rotateSigningKey', {
      params: { realm },
      body: { immediately: true },
    });
    expect(await states()).toEqual(['retired', 'signing']);
    expect(answer.items.find((key) => key.kid === kid)).toMatchObject({
      state: 'retired',
      publishedUntil: world.env.clock.now() + ACCESS_TOKEN_LIFETIME_MAX,
    });
    expect(await works()).toBe(true);
    expect(await works(await world.automate(realm, ['clients:read']))).toBe(true);
    await turnKeys(realm);
    expect(await states()).toEqual(['retired', 'signing']);
  });

  test('of an algorithm without a key makes the first, which signs at once', async () => {
    const { realm } = await setting();
    const { answer } = await world.call(world.root, 'rotateSigningKey', {
      params: { realm },
      body: { algorithm: 'PS256' },
    });
    expect(answer.items.find(({ algorithm }) => algorithm === 'PS256')?.state).toBe('signing');
  });
});

test('a retired key is replaced at once, and retiring it again changes nothing', async () => {
  const { realm, kid, states, works } = await setting();
  const said = { params: { realm, kid } };
  await world.call(world.root, 'retireSigningKey', said);
  await world.call(world.root, 'retireSigningKey', said);
  expect(await states()).toEqual(['retired', 'signing']);
  expect(await works()).toBe(true);
  expect(await works(await world.automate(realm, ['clients:read']))).toBe(true);
});

test('a revoked key takes its tokens with it, and another signs', async () => {
  const { realm, kid, states, works } = await setting();
  expect(await works()).toBe(true);
  await world.call(world.root, 'revokeSigningKey', { params: { realm, kid } });
  expect(await works()).toBe(false);
  expect(await states()).toEqual(['signing']);
  expect(await works(await world.automate(realm, ['clients:read']))).toBe(true);
  const { answer } = await world.call(world.root, 'listEvents', {
    params: { realm },
    query: { subjectKind: 'signing-key' },
  });
  expect(answer.items.map(({ type }) => type)).toEqual([
    'signing-key.created',
    'signing-key.revoked',
  ]);
  expect(JSON.stringify(answer)).not.toContain('sealed');
});

test('of several who rotate at once, one key signs in the end', async () => {
  const { realm, states } = await setting();
  await Promise.all(
    Array.from({ length: 5 }, () =>
      world.call(world.root, 'rotateSigningKey', {
        params: { realm },
        body: { immediately: true },
      }),
    ),
  );
  expect((await states()).filter((state) => state === 'signing')).toHaveLength(1);
});
