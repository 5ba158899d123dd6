import { numericDate } from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, type Caller, createAdminWorld } from '../../../test/admin-world.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

test('a client acts for one application', async () => {
  const client = { body: { name: 'First', client: { clientId: 'taken-once' } } };
  expect((await world.call(world.root, 'createApplication', client)).status).toBe(201);
  const second = { body: { name: 'Second', clientId: 'taken-once' } };
  expect((await world.call(world.root, 'createApplication', second)).reason).toBe(
    'client_has_application',
  );
});

describe('an application', () => {
  test('comes with its client and a secret in one step', async () => {
    const created = await world.call(world.root, 'createApplication', {
      body: { name: 'Billing', description: 'Sends invoices', client: { scopes: ['invoices'] } },
    });
    const { answer } = created;
    expect(created.status).toBe(201);
    expect(created.headers['location']).toBe(`/api/realms/alpha/applications/${answer.id}`);
    expect(answer).toMatchObject({
      name: 'Billing',
      template: 'service',
      owners: [],
      client: { name: 'Billing', description: 'Sends invoices', scopes: ['invoices'] },
      secret: { origin: 'generated' },
    });
    expect(answer.client.clientId).toBe(answer.clientId);
    const { answer: events } = await world.call(world.root, 'listEvents', {
      query: { limit: '3' },
    });
    expect(events.items.map(({ type }) => type)).toEqual([
      'application.created',
      'secret.added',
      'client.registered',
    ]);
  });

  test('that cannot be created leaves no client behind', async () => {
    const said = { body: { name: 'Half', owners: ['nobody'], client: { clientId: 'half' } } };
    expect((await world.call(world.root, 'createApplication', said)).reason).toBe('owner_unknown');
    const found = await world.call(world.root, 'findClient', { params: { clientId: 'half' } });
    expect(found.reason).toBe('client_unknown');
  });

  test('can take a client that exists', async () => {
    const { clientId } = await world.register({ clientId: 'waiting' });
    const created = await world.call(world.root, 'createApplication', {
      body: { name: 'Late', clientId },
    });
    expect(created.answer).toMatchObject({ clientId, secret: null, client: { clientId } });
  });

  test('is created by those who may register clients only', async () => {
    const token = await world.automate('alpha', ['applications:write']);
    const refused = await world.call(token, 'createApplication', { body: { name: 'Sly' } });
    expect(refused.problem).toMatchObject({
      type: 'urn:tessera:problem:permission_missing',
      detail: expect.stringContaining('clients:write'),
    });
  });

  test('is given owners by those who may change its client only', async () => {
    const { answer } = await world.call(world.root, 'createApplication', { body: { name: 'A' } });
    const token = await world.automate('alpha', ['applications:write']);
    const change = (body: { readonly name?: string; readonly owners?: readonly string[] }) =>
      world.call(token, 'updateApplication', {
        params: { applicationId: answer.id },
        body,
        ifMatch: '*',
      });
    expect((await change({ name: 'B' })).status).toBe(200);
    expect((await change({ owners: [] })).reason).toBe('member_not_permitted');
  });

  test('can be deleted alone or with its client', async () => {
    const make = async (name: string) =>
      (await world.call(world.root, 'createApplication', { body: { name } })).answer;
    const alone = await make('Alone');
    const withClient = await make('With client');
    const remove = (applicationId: string, query = {}) =>
      world.call(world.root, 'deleteApplication', {
        params: { applicationId },
        query,
        ifMatch: '"1"',
      });
    expect((await remove(alone.id)).status).toBe(204);
    expect((await remove(withClient.id, { withClient: 'true' })).status).toBe(204);
    const find = ({ clientId }: { clientId: string }) =>
      world.call(world.root, 'findClient', { params: { clientId } });
    expect((await find(alone)).status).toBe(200);
    expect((await find(withClient)).status).toBe(404);
  });
});

describe('an owner', () => {
  const setting = async () => {
    const owner = await world.enter('alpha', []);
    const { answer: own } = await world.call(world.root, 'createApplication', {
      body: { name: 'Own', owners: [owner.id], client: { scopes: ['read'] } },
    });
    const { answer: foreign } = await world.call(world.root, 'createApplication', {
      body: { name: 'Foreign' },
    });
    return { owner: owner.caller, id: owner.id, own, foreign };
  };

  test('sees what is owned and nothing else', async () => {
    const { owner, own, foreign, id } = await setting();
    const applications = await world.call(owner, 'listApplications');
    expect(applications.answer.items.map((one) => one.id)).toEqual([own.id]);
    const others = await world.call(owner, 'listApplications', { query: { owner: 'another' } });
    expect(others.answer.items).toEqual([]);
    const clients = await world.call(owner, 'listClients');
    expect(clients.answer.items.map(({ clientId }) => clientId)).toEqual([own.clientId]);
    const params = { clientId: own.clientId, applicationId: own.id };
    for (const name of [
      'findClient',
      'findClientAccess',
      'listSecrets',
      'listGrantsOfClient',
      'findApplication',
    ] as const) {
      expect((await world.call(owner, name, { params })).status, name).toBe(200);
      const refused = await world.call(owner, name, {
        params: { clientId: foreign.clientId, applicationId: foreign.id },
      });
      expect(refused.reason, name).toBe('not_owned');
      const unknown = await world.call(owner, name, {
        params: { clientId: 'unknown', applicationId: 'unknown' },
      });
      expect(unknown.problem?.detail, name).toBe(refused.problem?.detail);
    }
    expect(id).not.toBe('');
  });

  test('manages it: profile, secrets, tokens', async () => {
    const { owner, own } = await setting();
    const params = { clientId: own.clientId, applicationId: own.id };
    const renamed = await world.call(owner, 'updateApplication', {
      params,
      body: { name: 'Renamed' },
      ifMatch: '"1"',
    });
    expect(renamed.answer.name).toBe('Renamed');
    const changed = await world.call(owner, 'updateClient', {
      params,
      body: { description: 'Mine', defaultScopes: ['read'] },
      ifMatch: '"1"',
    });
    expect(changed.answer).toMatchObject({ description: 'Mine', defaultScopes: ['read'] });
    expect((await world.call(owner, 'rotateSecret', { params, body: {} })).status).toBe(200);
    expect((await world.call(owner, 'revokeTokensOfClient', { params })).status).toBe(200);
  });

  test('gives the client no rights', async () => {
    const { owner, own } = await setting();
    const params = { clientId: own.clientId, applicationId: own.id, apiId: 'tessera-admin' };
    for (const body of [
      { scopes: ['am-introspect-all-tokens'] },
      { grantTypes: ['password'] },
      { accessTokenLifetime: 2_000_000 },
      { type: 'public' as const },
    ]) {
      const said = { params, body, ifMatch: '*' };
      expect((await world.call(owner, 'updateClient', said)).reason).toBe('member_not_permitted');
    }
    const granted = await world.call(owner, 'setClientGrant', {
      params,
      body: { scopes: ['clients:read'] },
    });
    expect(granted.reason).toBe('permission_missing');
    const deleted = await world.call(owner, 'deleteApplication', { params, ifMatch: '*' });
    expect(deleted.reason).toBe('permission_missing');
  });

  test('who owns no longer sees no longer', async () => {
    const { owner, own } = await setting();
    await world.call(world.root, 'updateApplication', {
      params: { applicationId: own.id },
      body: { owners: [] },
      ifMatch: '*',
    });
    const said = { params: { clientId: own.clientId } };
    expect((await world.call(owner, 'findClient', said)).reason).toBe('not_owned');
  });
});

describe('summaries', () => {
  const summaries = async (caller: Caller, query: Readonly<Record<string, string>>) =>
    (await world.call(caller, 'listApplicationSummaries', { query })).answer.items;

  test('tell how the client of each application stands, at one go', async () => {
    const owner = await world.enter('alpha', []);
    const { answer: made } = await world.call(world.root, 'createApplication', {
      body: {
        name: 'Summed up',
        owners: [owner.id],
        client: { clientId: 'summed-up', secret: { expiresIn: 86_400 } },
      },
    });
    const { answer: api } = await world.call(world.root, 'createApi', {
      body: {
        id: 'ledger',
        name: 'Ledger',
        identifier: 'https://ledger.test/',
        scopes: [{ name: 'read' }],
      },
    });
    await world.call(world.root, 'setClientGrant', {
      params: { clientId: 'summed-up', apiId: api.id },
      body: { scopes: ['read'] },
    });
    const now = world.env.clock.now();
    const hour = numericDate(now - (now % 3_600));
    const counts = { issued: 3, reused: 2, refused: 0, wasted: 0 };
    await world.env.store.addUsage([{ realm: 'alpha', clientId: 'summed-up', hour, ...counts }]);
    const credentialId = made.secret?.id ?? '';
    await world.env.store.touchCredentials([
      { realm: 'alpha', clientId: 'summed-up', credentialId, at: now, address: '192.0.2.1' },
    ]);
    const [one, ...others] = await summaries(world.root, { search: 'summed-up' });
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      name: 'Summed up',
      owners: [{ id: owner.id, userName: owner.userName }],
      enabled: true,
      authenticationMethod: 'client_secret_basic',
      apis: [{ id: 'ledger', name: 'Ledger' }],
      lastUsedAt: now,
      expiresAt: now + 86_400,
      answeredByDay: [0, 0, 0, 0, 0, 0, 5],
    });
    expect(await summaries(owner.caller, {})).toEqual([one]);
  });

  test('can be asked for by state, by use and by what expires', async () => {
    const now = world.env.clock.now();
    const create = (name: string, secret: { expiresIn?: number } = {}) =>
      world.call(world.root, 'createApplication', {
        body: { name, client: { clientId: name, secret } },
      });
    await create('told-idle');
    await create('told-expiring', { expiresIn: 600 });
    const { answer: off } = await create('told-off');
    await world.call(world.root, 'updateClient', {
      params: { clientId: off.clientId },
      ifMatch: '*',
      body: { enabled: false },
    });
    const namesOf = async (query: Readonly<Record<string, string>>) =>
      (await summaries(world.root, { search: 'told-', ...query })).map(({ name }) => name).sort();
    expect(await namesOf({ enabled: 'false' })).toEqual(['told-off']);
    expect(await namesOf({ enabled: 'true' })).toEqual(['told-expiring', 'told-idle']);
    expect(await namesOf({ expiringBefore: String(now + 601) })).toEqual(['told-expiring']);
    expect(await namesOf({ unusedSince: String(now) })).toEqual([]);
    world.pass(10);
    expect(await namesOf({ unusedSince: String(now + 5) })).toHaveLength(3);
  });

  test('take every permission of what they tell', async () => {
    const machine = await world.automate('alpha', ['applications:read', 'clients:read']);
    const { problem } = await world.call(machine, 'listApplicationSummaries');
    expect(problem?.detail).toContain('credentials:read');
  });
});
