import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld } from '../../../test/admin-world.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

const create = async (body = {}) =>
  (await world.call(world.root, 'createInitialAccessToken', { body })).answer;

const list = async () => (await world.call(world.root, 'listInitialAccessTokens')).answer.items;

describe('an initial access token', () => {
  test('is shown once, and kept as a digest that is nowhere shown', async () => {
    const { token, id } = await create({ label: 'fleet', usesMax: 3 });
    expect(token).toMatch(/^tsi_[\w-]{49}$/);
    const [listed] = (await list()).filter((one) => one.id === id);
    expect(listed).toEqual({
      realm: 'alpha',
      id,
      label: 'fleet',
      status: 'active',
      scopes: null,
      uses: 0,
      usesMax: 3,
      createdAt: world.env.clock.now(),
      expiresAt: world.env.clock.now() + 7 * 86_400,
      revision: 1,
    });
    const digest = world.env.hasher.digest('registration', token);
    expect((await world.env.store.initialAccessTokens.findByDigest('alpha', digest))?.id).toBe(id);
    const { answer } = await world.call(world.root, 'listEvents', { query: { subjectId: id } });
    expect(answer.items.map(({ type }) => type)).toEqual(['initial-access-token.created']);
    expect(JSON.stringify(answer)).not.toContain(token);
    expect(JSON.stringify(answer)).not.toContain(digest);
  });

  test('is good for one client and a week unless something else is said', async () => {
    const { usesMax, expiresAt, createdAt } = await create();
    expect({ usesMax, for: expiresAt - createdAt }).toEqual({ usesMax: 1, for: 604_800 });
  });

  test('that is revoked is gone, and that is told', async () => {
    const { id } = await create();
    const params = { tokenId: id };
    const { status } = await world.call(world.root, 'revokeInitialAccessToken', { params });
    expect(status).toBe(204);
    expect((await list()).map((one) => one.id)).not.toContain(id);
    const query = { subjectId: id, type: 'initial-access-token.revoked' };
    const { answer } = await world.call(world.root, 'listEvents', { query });
    expect(answer.items).toHaveLength(1);
  });

  test.each([{ usesMax: 0 }, { usesMax: 1_001 }, { expiresIn: 59 }, { expiresIn: 367 * 86_400 }])(
    'cannot be made as %j',
    async (body) => {
      const { reason } = await world.call(world.root, 'createInitialAccessToken', { body });
      expect(reason).toBe('input_malformed');
    },
  );
});

describe('hosts of client id metadata documents', () => {
  const set = (clientIdMetadataHosts: string[]) =>
    world.call(world.root, 'updateProvider', { body: { clientIdMetadataHosts }, ifMatch: '*' });

  test.each(['*', '*.com', 'a.*.com', 'UPPER.example', 'host:443', 'https://host', 'a..b', ''])(
    '%j is none',
    async (host) => expect((await set([host])).reason).toBe('input_malformed'),
  );

  test('a name, a name below which all are meant, and an address are', async () => {
    const hosts = ['app.example.com', '*.example.com', '192.0.2.7', 'localhost'];
    expect((await set(hosts)).answer.clientIdMetadataHosts).toEqual(hosts);
  });
});

test('who registers itself may not learn of every token of the realm', async () => {
  const set = (registrationScopes: string[]) =>
    world.call(world.root, 'updateProvider', { body: { registrationScopes }, ifMatch: '*' });
  expect((await set(['read', 'am-introspect-all-tokens'])).reason).toBe('input_malformed');
  expect((await set(['read'])).answer.registrationScopes).toEqual(['read']);
});
