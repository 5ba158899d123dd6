import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld, START } from '../../../test/admin-world.ts';
import { basic } from '../../../test/world.ts';
import { isOfKind } from '../../model/credential.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

async function isBelieved(clientId: string, secret: string): Promise<boolean> {
  const response = await world.app.inject({
    method: 'POST',
    url: '/am/oauth2/realms/root/realms/alpha/access_token',
    headers: {
      authorization: basic(clientId, secret),
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: 'grant_type=client_credentials&scope=read',
  });
  return response.statusCode === 200;
}

async function client() {
  const { clientId, secret } = await world.register({ scopes: ['read'] });
  if (secret === null) throw new Error('a secret was made');
  return { clientId, params: { clientId }, first: secret };
}

test('several secrets work side by side, each known by its label and its end', async () => {
  const { clientId, params, first } = await client();
  const added = await world.call(world.root, 'addSecret', {
    params,
    body: { label: 'blue', expiresIn: 60 },
  });
  expect(added.status).toBe(201);
  expect(added.answer).toMatchObject({
    label: 'blue',
    origin: 'generated',
    expiresAt: START + 60,
    secret: expect.stringMatching(/^tsk_[A-Za-z0-9_-]{49}$/),
  });
  expect(await isBelieved(clientId, first.secret)).toBe(true);
  expect(await isBelieved(clientId, added.answer.secret)).toBe(true);
  const { answer } = await world.call(world.root, 'listSecrets', { params });
  expect(answer.items.map(({ label }) => label)).toEqual(['', 'blue']);
  expect(JSON.stringify(answer)).not.toContain(added.answer.secret);
  expect(JSON.stringify(answer)).not.toMatch(/digest|argon2/);
});

test('rotation overlaps and ends by itself', async () => {
  const { clientId, params, first } = await client();
  const rotated = await world.call(world.root, 'rotateSecret', { params, body: { overlap: 60 } });
  expect(rotated.answer.replaced).toMatchObject([{ id: first.id, revision: 2 }]);
  const end = rotated.answer.replaced[0]?.expiresAt ?? 0;
  expect(await isBelieved(clientId, first.secret)).toBe(true);
  expect(await isBelieved(clientId, rotated.answer.secret)).toBe(true);
  world.pass(end - world.env.clock.now());
  expect(await isBelieved(clientId, first.secret)).toBe(false);
  expect(await isBelieved(clientId, rotated.answer.secret)).toBe(true);
  const { answer } = await world.call(world.root, 'listSecrets', { params });
  expect(answer.items.map(({ status }) => status)).toEqual(['expired', 'active']);
});

test('rotation without overlap ends the earlier secrets at once', async () => {
  const { clientId, params, first } = await client();
  await world.call(world.root, 'rotateSecret', { params, body: { overlap: 0 } });
  expect(await isBelieved(clientId, first.secret)).toBe(false);
});

test('rotation never gives an earlier secret a longer life', async () => {
  const { params, first } = await client();
  const { revision, id } = first;
  await world.call(world.root, 'updateSecret', {
    params: { ...params, secretId: id },
    body: { expiresAt: world.env.clock.now() + 10 },
    ifMatch: `"${revision}"`,
  });
  const rotated = await world.call(world.root, 'rotateSecret', { params, body: {} });
  expect(rotated.answer.replaced[0]?.expiresAt).toBe(world.env.clock.now() + 10);
});

test('a revoked secret stops working at once', async () => {
  const { clientId, params, first } = await client();
  expect(await isBelieved(clientId, first.secret)).toBe(true);
  const said = { params: { ...params, secretId: first.id } };
  expect((await world.call(world.root, 'revokeSecret', said)).status).toBe(204);
  expect(await isBelieved(clientId, first.secret)).toBe(false);
  expect((await world.call(world.root, 'revokeSecret', said)).reason).toBe('secret_unknown');
});

test('chosen secrets of a client share a salt, so that one computation verifies them all', async () => {
  const { clientId } = await world.register({ secret: { secret: 'first of three' } });
  for (const secret of ['second of three', 'third of three'])
    await world.call(world.root, 'addSecret', { params: { clientId }, body: { secret } });
  const registered = await world.env.store.clients.find('alpha', clientId);
  const digests = registered?.credentials
    .filter((credential) => isOfKind(credential, 'secret'))
    .map(({ material }) => material.digest);
  expect(new Set(digests?.map((digest) => digest.split('$')[4])).size).toBe(1);
  expect(new Set(digests).size).toBe(3);
});

test('expired secrets give way when there is no room otherwise', async () => {
  const { params } = await client();
  for (let i = 0; i < 9; i++)
    await world.call(world.root, 'addSecret', { params, body: { expiresIn: 5 } });
  const full = await world.call(world.root, 'addSecret', { params, body: {} });
  expect(full.reason).toBe('credentials_too_many');
  world.pass(5);
  expect((await world.call(world.root, 'addSecret', { params, body: {} })).status).toBe(201);
  const { answer } = await world.call(world.root, 'listSecrets', { params });
  expect(answer.items).toHaveLength(2);
});

test('twenty who add a secret at once never make it more than ten', async () => {
  const { params } = await client();
  const added = await Promise.all(
    Array.from({ length: 20 }, () => world.call(world.root, 'addSecret', { params, body: {} })),
  );
  expect(added.filter(({ status }) => status === 201)).toHaveLength(9);
  const { answer } = await world.call(world.root, 'listSecrets', { params });
  expect(answer.items).toHaveLength(10);
});

describe('a client that may administer', () => {
  test('gets a secret only from those who may do as much', async () => {
    const { clientId, secret } = await world.register();
    await world.call(world.root, 'setClientGrant', {
      params: { clientId, apiId: 'tessera-admin' },
      body: { scopes: ['users:write'] },
    });
    const token = await world.automate('alpha', ['credentials:read', 'credentials:write']);
    const said = { params: { clientId }, body: {} };
    expect((await world.call(token, 'addSecret', said)).reason).toBe('right_not_held');
    expect((await world.call(token, 'rotateSecret', said)).reason).toBe('right_not_held');
    const longer = await world.call(token, 'updateSecret', {
      params: { clientId, secretId: secret?.id ?? '' },
      body: { expiresAt: null },
      ifMatch: '*',
    });
    expect(longer.reason).toBe('right_not_held');
    const able = await world.automate('alpha', ['credentials:write', 'users:write']);
    expect((await world.call(able, 'addSecret', said)).status).toBe(201);
  });

  test('gets none from its owner either', async () => {
    const owner = await world.enter('alpha', []);
    const { answer } = await world.call(world.root, 'createApplication', {
      body: { name: 'Powerful', owners: [owner.id] },
    });
    const params = { clientId: answer.clientId, apiId: 'tessera-admin' };
    expect((await world.call(owner.caller, 'addSecret', { params, body: {} })).status).toBe(201);
    await world.call(world.root, 'setClientGrant', { params, body: { scopes: ['users:write'] } });
    const refused = await world.call(owner.caller, 'rotateSecret', { params, body: {} });
    expect(refused.reason).toBe('right_not_held');
  });
});
