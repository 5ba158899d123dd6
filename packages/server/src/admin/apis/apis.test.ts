import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld } from '../../../test/admin-world.ts';
import { ALL_PERMISSIONS } from '../../contract/permission.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

const create = async (id: string, scopes: readonly string[] = ['read', 'write']) =>
  (
    await world.call(world.root, 'createApi', {
      body: {
        id,
        name: id,
        identifier: `https://${id}.example`,
        scopes: scopes.map((name) => ({ name, description: `May ${name}` })),
      },
    })
  ).answer;

const grant = (clientId: string, apiId: string, scopes: readonly string[], ifMatch?: string) =>
  world.call(world.root, 'setClientGrant', {
    params: { clientId, apiId },
    body: { scopes },
    ...(ifMatch !== undefined && { ifMatch }),
  });

describe('an API', () => {
  test('is created, found, changed and deleted', async () => {
    const api = await create('orders');
    expect(api).toMatchObject({
      identifier: 'https://orders.example',
      scopes: [{ name: 'read', description: 'May read' }, { name: 'write' }],
      tokenFormat: null,
      revision: 1,
    });
    const params = { apiId: 'orders' };
    const changed = await world.call(world.root, 'updateApi', {
      params,
      body: { tokenFormat: 'opaque', scopes: [{ name: 'read' }] },
      ifMatch: '"1"',
    });
    expect(changed.answer).toMatchObject({
      tokenFormat: 'opaque',
      scopes: [{ name: 'read', description: '' }],
    });
    expect((await world.call(world.root, 'findApi', { params })).answer).toEqual(changed.answer);
    const gone = await world.call(world.root, 'deleteApi', { params, ifMatch: '"2"' });
    expect(gone.status).toBe(204);
  });

  test('cannot be given the identifier of another', async () => {
    await create('first');
    await create('second');
    const taken = await world.call(world.root, 'updateApi', {
      params: { apiId: 'second' },
      body: { identifier: 'https://first.example' },
      ifMatch: '*',
    });
    expect(taken.reason).toBe('api_identifier_taken');
  });

  test('goes with its client grants when that was said', async () => {
    await create('used');
    const { clientId } = await world.register();
    await grant(clientId, 'used', ['read']);
    const said = { params: { apiId: 'used' }, ifMatch: '*' };
    const refused = await world.call(world.root, 'deleteApi', said);
    expect(refused.problem?.detail).toContain(clientId);
    const gone = await world.call(world.root, 'deleteApi', { ...said, query: { cascade: 'true' } });
    expect(gone.status).toBe(204);
    const params = { clientId };
    const { answer } = await world.call(world.root, 'listGrantsOfClient', { params });
    expect(answer.items).toEqual([]);
  });

  test('of administration keeps its identifier, name and scopes', async () => {
    const params = { apiId: 'tessera-admin' };
    for (const body of [{ identifier: 'https://a.example' }, { name: 'A' }, { scopes: [] }]) {
      const said = { params, body, ifMatch: '*' };
      expect((await world.call(world.root, 'updateApi', said)).reason).toBe('admin_api_protected');
    }
    const shorter = await world.call(world.root, 'updateApi', {
      params,
      body: { accessTokenLifetime: 300 },
      ifMatch: '*',
    });
    expect(shorter.answer.accessTokenLifetime).toBe(300);
  });
});

describe('a client grant', () => {
  test('is set, replaced, listed from both sides and removed', async () => {
    await create('stock');
    const { clientId } = await world.register();
    const params = { clientId, apiId: 'stock' };
    expect((await grant(clientId, 'stock', ['read'])).answer).toMatchObject({
      scopes: ['read'],
      revision: 1,
    });
    expect((await grant(clientId, 'stock', ['write'])).answer).toMatchObject({
      scopes: ['write'],
      revision: 2,
    });
    for (const name of ['listGrantsOfClient', 'listGrantsOfApi'] as const) {
      const { answer } = await world.call(world.root, name, { params });
      expect(answer.items, name).toMatchObject([{ ...params, scopes: ['write'] }]);
    }
    expect((await world.call(world.root, 'removeClientGrant', { params })).status).toBe(204);
    const { answer } = await world.call(world.root, 'listGrantsOfApi', { params });
    expect(answer.items).toEqual([]);
  });

  test('that another administrator changed meanwhile is left alone', async () => {
    await create('contested');
    const { clientId } = await world.register();
    expect((await grant(clientId, 'contested', ['read'], '"1"')).reason).toBe('revision_stale');
    await grant(clientId, 'contested', ['read']);
    expect((await grant(clientId, 'contested', ['write'], '"1"')).status).toBe(200);
    expect((await grant(clientId, 'contested', ['read'], '"1"')).reason).toBe('revision_stale');
  });

  test('names what the API does not have', async () => {
    await create('narrow', ['read']);
    const { clientId } = await world.register();
    const { problem } = await grant(clientId, 'narrow', ['read', 'admin']);
    expect(problem?.errors).toEqual([{ pointer: '/scopes/1', detail: 'is not of this API' }]);
  });

  test('at the administration API gives no more than its giver may do', async () => {
    const { clientId } = await world.register();
    const params = { clientId, apiId: 'tessera-admin' };
    const token = await world.automate('alpha', ['client-grants:write', 'clients:read']);
    const more = await world.call(token, 'setClientGrant', {
      params,
      body: { scopes: ['clients:read', 'users:write'] },
    });
    expect(more.reason).toBe('right_not_held');
    const same = await world.call(token, 'setClientGrant', {
      params,
      body: { scopes: ['clients:read'] },
    });
    expect(same.status).toBe(200);
  });

  test('of the root realm reaches every realm, so only who reaches them gives it', async () => {
    const { clientId } = await world.register({}, 'root');
    const { caller } = await world.enter('root', ['realm-administrator']);
    const said = {
      params: { realm: 'root', clientId, apiId: 'tessera-admin' },
      body: { scopes: ['clients:read'] },
    };
    expect((await world.call(caller, 'setClientGrant', said)).reason).toBe('right_not_held');
    expect((await world.call(world.root, 'setClientGrant', said)).status).toBe(200);
  });
});

describe('a token for the administration', () => {
  test('does no more once the client grant says less', async () => {
    const token = await world.automate('alpha', ['clients:read', 'users:read']);
    const { id: clientId } = (await world.call(token, 'findSession')).answer;
    expect((await world.call(token, 'listUsers')).status).toBe(200);
    await grant(clientId, 'tessera-admin', ['clients:read']);
    expect((await world.call(token, 'listUsers')).reason).toBe('permission_missing');
    expect((await world.call(token, 'listClients')).status).toBe(200);
  });

  test('is for it alone: scopes granted at another API do not count', async () => {
    await create('impostor', [...ALL_PERMISSIONS]);
    const { clientId, secret } = await world.register();
    await grant(clientId, 'tessera-admin', ['clients:read']);
    await grant(clientId, 'impostor', ['users:write', 'users:read']);
    const request = async (scope: string, ...resources: readonly string[]) => {
      const response = await world.app.inject({
        method: 'POST',
        url: '/am/oauth2/realms/root/realms/alpha/access_token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams([
          ['grant_type', 'client_credentials'],
          ['client_id', clientId],
          ['client_secret', secret?.secret ?? ''],
          ['scope', scope],
          ...resources.map((resource): [string, string] => ['resource', resource]),
        ]).toString(),
      });
      return { authorization: `Bearer ${response.json<{ access_token: string }>().access_token}` };
    };
    const impostor = await request('users:read', 'https://impostor.example');
    expect((await world.call(impostor, 'listUsers')).reason).toBe('credentials_invalid');
    const both = await request('users:read', 'urn:tessera:admin', 'https://impostor.example');
    expect((await world.call(both, 'listUsers')).reason).toBe('credentials_invalid');
    const genuine = await request('clients:read', 'urn:tessera:admin');
    expect((await world.call(genuine, 'listClients')).status).toBe(200);
  });
});
