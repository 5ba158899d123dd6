import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld, START, STRANGER } from '../../../test/admin-world.ts';
import { PERMISSIONS } from '../../contract/permission.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

const realm = (name: string) => ({ params: { realm: name } });

describe('a new realm', () => {
  test('can issue tokens at once', async () => {
    const created = await world.call(world.root, 'createRealm', {
      body: { name: 'ready', displayName: 'Ready' },
    });
    expect(created.status).toBe(201);
    expect(created.headers['location']).toBe('/api/realms/ready');
    expect(created.answer).toEqual({
      name: 'ready',
      path: '/ready',
      issuer: 'http://localhost:8080/am/oauth2/realms/root/realms/ready',
      displayName: 'Ready',
      enabled: true,
      tokensValidFrom: 0,
      createdAt: START,
      revision: 1,
    });
    const keys = await world.call(world.root, 'listSigningKeys', realm('ready'));
    expect(keys.answer.items).toMatchObject([{ algorithm: 'ES256', state: 'signing' }]);
    expect(JSON.stringify(keys.answer)).not.toContain('sealed');
    const caller = await world.automate('ready', ['realms:read']);
    expect((await world.call(caller, 'findRealm', realm('ready'))).status).toBe(200);
  });

  test('has the administration API, whose scopes are the permissions', async () => {
    const { answer } = await world.call(world.root, 'findApi', {
      params: { apiId: 'tessera-admin' },
    });
    expect(answer.identifier).toBe('urn:tessera:admin');
    expect(answer.scopes.map(({ name }) => name)).toEqual(Object.keys(PERMISSIONS));
  });

  test('has the settings that a realm begins with', async () => {
    const { answer } = await world.call(world.root, 'findProvider');
    expect(answer).toEqual({
      realm: 'alpha',
      grantTypes: ['client_credentials'],
      defaultScopes: [],
      accessTokenLifetime: 3600,
      tokenFormat: 'jwt',
      signingAlgorithm: 'ES256',
      defaultAudience: null,
      securityProfile: 'standard',
      tokenBinding: 'optional',
      dpopNonces: false,
      statusLists: true,
      clientRegistration: 'off',
      registrationScopes: [],
      clientIdMetadataHosts: [],
      quotaMode: 'off',
      tokensPerHour: null,
      tokensPerDay: null,
      realmTokensPerHour: null,
      realmTokensPerDay: null,
      tokenReuseSeconds: 0,
      claims: [],
      secretLifetimeMax: null,
      secretRotationForced: false,
      rsaKeyBitsMin: 2048,
      keyRotationPeriod: 90 * 86_400,
      keptAttributes: null,
      revision: 1,
    });
  });
});

test('what is not named stays, and repeating a change makes none', async () => {
  await world.call(world.root, 'createRealm', { body: { name: 'patched' } });
  const said = { ...realm('patched'), body: { displayName: 'Patched' } };
  const first = await world.call(world.root, 'updateRealm', { ...said, ifMatch: '"1"' });
  expect(first.answer).toMatchObject({ displayName: 'Patched', enabled: true, revision: 2 });
  const again = await world.call(world.root, 'updateRealm', { ...said, ifMatch: '"2"' });
  expect(again.answer.revision).toBe(2);
  const events = await world.call(world.root, 'listEvents', realm('patched'));
  expect(events.answer.items.filter(({ type }) => type === 'realm.updated')).toHaveLength(1);
  expect(events.answer.items[0]?.details).toEqual({
    displayName: { from: 'patched', to: 'Patched' },
  });
});

test('deleting takes the name once more, and everything with it', async () => {
  await world.call(world.root, 'createRealm', { body: { name: 'doomed' } });
  await world.register({ clientId: 'doomed' }, 'doomed');
  const wrong = { ...realm('doomed'), ifMatch: '*', query: { confirm: 'dooomed' } };
  expect((await world.call(world.root, 'deleteRealm', wrong)).reason).toBe(
    'confirmation_mismatched',
  );
  const said = { ...realm('doomed'), ifMatch: '*', query: { confirm: 'doomed' } };
  expect((await world.call(world.root, 'deleteRealm', said)).status).toBe(204);
  expect((await world.call(world.root, 'findRealm', realm('doomed'))).reason).toBe('realm_unknown');

  const told = await world.call(world.root, 'listEvents', {
    ...realm('root'),
    query: { subjectId: 'doomed' },
  });
  expect(told.answer.items.map(({ type }) => type)).toEqual(['realm.deleted', 'realm.created']);
});

test('administrators of one realm see that one alone', async () => {
  const { caller } = await world.enter('alpha', ['auditor']);
  const { answer } = await world.call(caller, 'listRealms');
  expect(answer.items.map(({ name }) => name)).toEqual(['alpha']);
});

test('a disabled realm lets nobody of its own in, and an administrator of all can enable it', async () => {
  await world.call(world.root, 'createRealm', { body: { name: 'asleep' } });
  const { caller } = await world.enter('asleep', ['realm-administrator']);
  const token = await world.automate('asleep', ['clients:read']);
  const set = (enabled: boolean) =>
    world.call(world.root, 'updateRealm', { ...realm('asleep'), body: { enabled }, ifMatch: '*' });

  await set(false);
  expect((await world.call(caller, 'listClients', realm('asleep'))).status).toBe(401);
  expect((await world.call(token, 'listClients', realm('asleep'))).status).toBe(401);
  await set(true);
  expect((await world.call(caller, 'listClients', realm('asleep'))).status).toBe(200);
  expect((await world.call(token, 'listClients', realm('asleep'))).status).toBe(200);
});

test('revoking every token of a realm makes void what was issued until now', async () => {
  const token = await world.automate('alpha', ['clients:read']);
  expect((await world.call(token, 'listClients')).status).toBe(200);
  await world.call(world.root, 'revokeTokensOfRealm');
  expect((await world.call(token, 'listClients')).status).toBe(401);
  const fresh = await world.automate('alpha', ['clients:read']);
  expect((await world.call(fresh, 'listClients')).status).toBe(200);
});

describe('the settings of a realm', () => {
  test('name an algorithm for which a key is made at once', async () => {
    const changed = await world.call(world.root, 'updateProvider', {
      body: { signingAlgorithm: 'EdDSA', tokenFormat: 'jwt', accessTokenLifetime: 60 },
      ifMatch: '*',
    });
    expect(changed.answer).toMatchObject({ signingAlgorithm: 'EdDSA', accessTokenLifetime: 60 });
    const { answer } = await world.call(world.root, 'listSigningKeys');
    expect(answer.items.map(({ algorithm, state }) => `${algorithm} ${state}`).sort()).toEqual([
      'ES256 signing',
      'EdDSA signing',
    ]);
    const token = await world.automate('alpha', ['providers:read']);
    expect((await world.call(token, 'findProvider')).status).toBe(200);
  });

  test.each([
    ['accessTokenLifetime', 0, 'must be at least 1'],
    ['accessTokenLifetime', 30 * 86_400 + 1, 'must be at most 2592000'],
    ['accessTokenLifetime', '60', 'must be a number'],
    ['accessTokenLifetime', null, 'must be a number'],
    ['signingAlgorithm', 'HS256', 'must be one of "ES256", "PS256", "RS256", "EdDSA"'],
    [
      'defaultAudience',
      '/relative',
      'must be an absolute URI without a fragment, such as https://api.example.com/',
    ],
    ['grantTypes', ['a', 'a'], 'must not contain one item twice'],
    ['keyRotationPeriod', 60, 'must be at least 86400'],
  ])('%s cannot be %j', async (member, value, detail) => {
    const { status, problem } = await world.call(world.root, 'updateProvider', {
      body: { [member]: value },
      ifMatch: '*',
    });
    expect(status).toBe(400);
    expect(problem?.errors).toEqual([{ pointer: `/${member}`, detail }]);
  });
});

test('strangers learn nothing, not even which realms there are', async () => {
  const there = await world.call(STRANGER, 'findRealm');
  const absent = await world.call(STRANGER, 'findRealm', realm('absent'));
  expect(there.status).toBe(401);
  expect({ ...absent.problem, requestId: '' }).toEqual({ ...there.problem, requestId: '' });
});
