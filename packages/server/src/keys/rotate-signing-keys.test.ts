import { seconds } from '@tessera/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from '../../test/world.ts';
import { PUBLISH_AHEAD } from '../model/signing-key.ts';
import { rotateSigningKeys } from './rotate-signing-keys.ts';

const PERIOD = 10 * 86_400;
let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.createRealm('alpha', { keyRotationPeriod: seconds(PERIOD) });
});
afterAll(() => world.close());

const rotate = async () => {
  const provider = await world.env.store.providers.find('alpha');
  if (provider === undefined) throw new Error('the realm has a provider');
  const steps = await rotateSigningKeys(world.env, provider, world.env.clock.now());
  return steps.map(({ step }) => step);
};
const states = async () =>
  (await world.env.store.signingKeys.all('alpha')).map(({ state }) => state).sort();

it('a key is published, signs, is retired and leaves, and tokens verify all the while', async () => {
  const { keyRing } = world.env;
  const claims = { iss: '', sub: '', aud: '', client_id: '', iat: 0, exp: 0, jti: '' };
  const old = await keyRing.sign('alpha', 'ES256', claims);

  expect(await rotate()).toEqual([]);
  world.pass(PERIOD - PUBLISH_AHEAD);
  expect(await rotate()).toEqual(['create']);
  expect(await states()).toEqual(['published', 'signing']);
  expect(await rotate()).toEqual([]);

  world.pass(PUBLISH_AHEAD);
  expect(await rotate()).toEqual(['sign', 'retire']);
  expect(await states()).toEqual(['retired', 'signing']);
  const next = await keyRing.sign('alpha', 'ES256', claims);
  expect(next.split('.')[0]).not.toBe(old.split('.')[0]);
  expect(await keyRing.verify('alpha', old)).toEqual(claims);
  expect(await keyRing.verify('alpha', next)).toEqual(claims);
});

it('two nodes that wake at once rotate once', async () => {
  world.pass(PERIOD - PUBLISH_AHEAD);
  const before = (await world.env.store.signingKeys.all('alpha')).length;
  const steps = await Promise.all([rotate(), rotate(), rotate()]);
  expect(steps.flat().filter((step) => step === 'create')).toHaveLength(1);
  expect((await world.env.store.signingKeys.all('alpha')).length).toBe(before + 1);
  const { items } = await world.env.store.events.list('alpha', {
    limit: 100,
    type: 'signing-key.created',
  });
  expect(items).toHaveLength(2);
});
