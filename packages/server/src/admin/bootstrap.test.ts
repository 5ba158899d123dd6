import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../../test/world.ts';
import { bootstrap } from './bootstrap.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const everything = async () => ({
  realms: (await world.env.store.realms.list({ limit: 10 })).items.map(({ name }) => name),
  users: (await world.env.store.users.list('root', { limit: 10 })).items,
  keys: await world.env.store.signingKeys.all('root'),
  apis: (await world.env.store.apis.all('root')).map(({ id }) => id),
  events: (await world.env.store.events.list('root', { limit: 10 })).items.map(({ type }) => type),
});

test('an empty database gets the root realm and an administrator with a one-time password', async () => {
  const first = await bootstrap(world.env);
  expect(first).toEqual({ userName: 'admin', password: expect.stringMatching(/^[a-z2-9]{24}$/) });
  const made = await everything();
  expect(made).toMatchObject({
    realms: ['root'],
    users: [{ userName: 'admin', roles: ['administrator'], passwordOneTime: true }],
    keys: [{ algorithm: 'ES256', state: 'signing' }],
    apis: ['tessera-admin'],
    events: ['user.created', 'realm.created'],
  });
  expect(JSON.stringify(made.events)).not.toContain(first?.password);
});

test('a server that has both is left as it is', async () => {
  await bootstrap(world.env, 'given by the operator');
  const before = await everything();
  expect(await bootstrap(world.env, 'another password')).toBeUndefined();
  expect(await everything()).toEqual(before);
});

test('nodes that start at once make one of each', async () => {
  const made = await Promise.all(Array.from({ length: 5 }, () => bootstrap(world.env)));
  expect(made.filter((first) => first !== undefined)).toHaveLength(1);
  const { users, keys, events } = await everything();
  expect([users.length, keys.length, events.length]).toEqual([1, 1, 2]);
});

test('a password that is made is kept before there is anybody who needs it', async () => {
  const full = new Error('there is no room for it');
  const keep = (): never => {
    throw full;
  };
  await expect(bootstrap(world.env, undefined, keep)).rejects.toBe(full);
  expect((await everything()).users).toEqual([]);

  const kept: string[] = [];
  const first = await bootstrap(world.env, undefined, (password) => kept.push(password));
  expect(kept).toEqual([first?.password]);
});
