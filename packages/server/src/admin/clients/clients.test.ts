import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld, START } from '../../../test/admin-world.ts';
import { basic } from '../../../test/world.ts';

/* Shows RFC 3986 §5.2.4, RFC 6749 §2, §2.1, §3.1.2, RFC 6901 §3, RFC 7396 §2. */

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

/** A token request as the client would make it. */
async function requestToken(clientId: string, secret: string, scope?: string) {
  const response = await world.app.inject({
    method: 'POST',
    url: '/am/oauth2/realms/root/realms/alpha/access_token',
    headers: {
      authorization: basic(clientId, secret),
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: `grant_type=client_credentials${scope === undefined ? '' : `&scope=${scope}`}`,
  });
  return { status: response.statusCode, token: response.json().access_token as string };
}

describe('a client that nothing was said of', () => {
  test('is confidential, authenticates with a generated secret and may use the grant', async () => {
    const registered = await world.call(world.root, 'registerClient', { body: {} });
    const { clientId, secret } = registered.answer;
    expect(registered.status).toBe(201);
    expect(clientId).toMatch(/^[A-Za-z0-9._~-]+$/);
    expect(registered.headers['location']).toBe(`/api/realms/alpha/clients/${clientId}`);
    expect(registered.answer).toMatchObject({
      name: clientId,
      type: 'confidential',
      grantTypes: ['client_credentials'],
      authenticationMethod: 'client_secret_basic',
      enabled: true,
      scopes: [],
      accessTokenLifetime: null,
    });
    expect(secret).toMatchObject({ origin: 'generated', status: 'active', note: null });
    expect(secret?.secret.endsWith(secret.lastFour)).toBe(true);
  });
});

test('the client of the demonstration gets a token with its chosen secret', async () => {
  const { answer } = await world.call(world.root, 'registerClient', {
    body: { clientId: 'myClient', scopes: ['write'], secret: { secret: 'forgerock' } },
  });
  expect(answer.secret).toMatchObject({
    secret: 'forgerock',
    origin: 'chosen',
    lastFour: '',
    note: expect.stringContaining('may be guessed'),
  });
  expect((await requestToken('myClient', 'forgerock', 'write')).status).toBe(200);
  expect((await requestToken('myClient', 'forgerock')).status).toBe(400);
  await world.call(world.root, 'updateClient', {
    params: { clientId: 'myClient' },
    body: { defaultScopes: ['write'] },
    ifMatch: '*',
  });
  expect((await requestToken('myClient', 'forgerock')).status).toBe(200);
});

test('null clears what a client has of its own, and what is not named stays', async () => {
  const { clientId } = await world.register({ accessTokenLifetime: 60, tokenFormat: 'opaque' });
  const changed = await world.call(world.root, 'updateClient', {
    params: { clientId },
    body: { accessTokenLifetime: null },
    ifMatch: '"1"',
  });
  expect(changed.answer).toMatchObject({ accessTokenLifetime: null, tokenFormat: 'opaque' });
});

test('of two who change one revision, one is told that it is stale', async () => {
  const { clientId } = await world.register();
  const answers = await Promise.all(
    ['one', 'two', 'three', 'four'].map((name) =>
      world.call(world.root, 'updateClient', {
        params: { clientId },
        body: { name },
        ifMatch: '"1"',
      }),
    ),
  );
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 412, 412, 412]);
  const { answer } = await world.call(world.root, 'findClient', { params: { clientId } });
  expect(answer.revision).toBe(2);
});

test('a client id may have any printable character and still be found', async () => {
  for (const clientId of ['a/b?c=d&e#f', 'ünïcödé 漢字', '...', '%2e%2e', `x${'é'.repeat(254)}`]) {
    await world.register({ clientId });
    const found = await world.call(world.root, 'findClient', { params: { clientId } });
    expect(found.answer.clientId).toBe(clientId);
  }
});

test('disabling a client and revoking its tokens make void what it holds', async () => {
  const { clientId, secret } = await world.register({ scopes: ['read'] });
  const { token } = await requestToken(clientId, secret?.secret ?? '', 'read');
  const inspect = async () =>
    (await world.call(world.root, 'inspectToken', { body: { token } })).answer;
  expect(await inspect()).toMatchObject({ active: true, obstacle: null, format: 'jwt' });

  const set = (enabled: boolean) =>
    world.call(world.root, 'updateClient', {
      params: { clientId },
      body: { enabled },
      ifMatch: '*',
    });
  await set(false);
  expect(await inspect()).toMatchObject({ active: false, obstacle: 'client-disabled' });
  await set(true);
  expect((await inspect()).active).toBe(true);
  await world.call(world.root, 'revokeTokensOfClient', { params: { clientId } });
  expect(await inspect()).toMatchObject({ active: false, obstacle: 'client-tokens-revoked' });
});

test('a later client of the same id inherits nothing', async () => {
  const { clientId, secret } = await world.register({ clientId: 'reborn', scopes: ['read'] });
  const { token } = await requestToken(clientId, secret?.secret ?? '', 'read');
  await world.call(world.root, 'createApi', {
    body: {
      id: 'heir',
      name: 'Heir',
      identifier: 'https://heir.example',
      introspectionClients: [clientId],
    },
  });
  const params = { clientId, apiId: 'heir' };
  await world.call(world.root, 'deleteClient', { params, ifMatch: '*' });
  world.pass(1);
  await world.register({ clientId });
  const inspected = await world.call(world.root, 'inspectToken', { body: { token } });
  expect(inspected.answer.obstacle).toBe('client-tokens-revoked');
  const { answer } = await world.call(world.root, 'findApi', { params });
  expect(answer.introspectionClients).toEqual([]);
  expect((await requestToken(clientId, secret?.secret ?? '', 'read')).status).toBe(401);
});

describe('what a client may do', () => {
  test('says where each setting comes from', async () => {
    await world.call(world.root, 'createApi', {
      body: {
        id: 'orders',
        name: 'Orders',
        identifier: 'https://orders.example',
        scopes: [{ name: 'orders:read', description: 'Read' }, { name: 'orders:write' }],
        tokenFormat: 'opaque',
      },
    });
    const { clientId } = await world.register({ scopes: ['read'], accessTokenLifetime: 120 });
    await world.call(world.root, 'setClientGrant', {
      params: { clientId, apiId: 'orders' },
      body: { scopes: ['orders:read'] },
    });
    const { answer } = await world.call(world.root, 'findClientAccess', { params: { clientId } });
    expect(answer).toMatchObject({
      usable: true,
      obstacles: [],
      grantTypes: ['client_credentials'],
      defaultScopes: { value: [], from: 'provider' },
      apis: [
        {
          apiId: null,
          scopes: ['read'],
          accessTokenLifetime: { value: 120, from: 'client' },
          tokenFormat: { value: 'jwt', from: 'provider' },
        },
        {
          apiId: 'orders',
          identifier: 'https://orders.example',
          scopes: ['orders:read'],
          accessTokenLifetime: { value: 120, from: 'client' },
          tokenFormat: { value: 'opaque', from: 'api' },
          signingAlgorithm: { value: 'ES256', from: 'provider' },
        },
      ],
    });
  });

  test('says which claims its tokens have and whose they are, and what it has to expect of a hook', async () => {
    await world.call(world.root, 'updateProvider', {
      body: {
        claims: [
          { name: 'region', value: 'eu' },
          { name: 'tier', value: 1 },
        ],
      },
      ifMatch: '*',
    });
    await world.call(world.root, 'createApi', {
      body: {
        id: 'payroll',
        name: 'Payroll',
        identifier: 'https://payroll.example',
        scopes: [{ name: 'payroll:read' }],
        claims: [
          { name: 'tier', value: [2] },
          { name: 'team', template: '{{client.attributes.team}}' },
          { name: 'desk', template: '{{client.attributes.desk}}' },
        ],
        claimsHook: { url: 'https://claims.example.com/payroll', onFailure: 'omit' },
      },
    });
    const { clientId } = await world.register({ attributes: { team: 'payments' } });
    await world.call(world.root, 'setClientGrant', {
      params: { clientId, apiId: 'payroll' },
      body: { scopes: ['payroll:read'] },
    });
    const { answer } = await world.call(world.root, 'findClientAccess', { params: { clientId } });
    const region = { name: 'region', value: 'eu', from: 'provider' };
    expect(answer.apis.map(({ claims, claimsHook }) => ({ claims, claimsHook }))).toEqual([
      { claims: [region, { name: 'tier', value: 1, from: 'provider' }], claimsHook: null },
      {
        claims: [
          region,
          { name: 'tier', value: [2], from: 'api' },
          { name: 'team', value: 'payments', from: 'api' },
        ],
        // Where it is, only those who may read the API are told.
        claimsHook: { timeoutMilliseconds: 500, onFailure: 'omit', cacheSeconds: 60 },
      },
    ]);
    await world.call(world.root, 'updateProvider', {
      body: { claims: [] },
      ifMatch: '*',
    });
  });

  test('says everything that stands in the way', async () => {
    const { clientId } = await world.register({
      type: 'public',
      authenticationMethod: 'none',
      grantTypes: [],
      enabled: false,
    });
    const { answer } = await world.call(world.root, 'findClientAccess', { params: { clientId } });
    expect(answer.usable).toBe(false);
    expect(answer.obstacles).toHaveLength(3);
  });
});

describe('an algorithm of its own', () => {
  test('is one that the realm has a key for from then on', async () => {
    const { clientId, secret } = await world.register({
      scopes: ['read'],
      signingAlgorithm: 'EdDSA',
    });
    const { status } = await requestToken(clientId, secret?.secret ?? '', 'read');
    expect(status).toBe(200);
    const { answer } = await world.call(world.root, 'listSigningKeys');
    expect(answer.items.filter(({ algorithm }) => algorithm === 'EdDSA')).toHaveLength(1);
  });
});

describe('input', () => {
  test.each([
    [{ clientId: '' }, '/clientId', 'must have at least 1 character'],
    [{ clientId: '..' }, '/clientId', 'must be neither . nor ..'],
    [{ clientId: 'a\u0000b' }, '/clientId', 'must be 1 to 255 printable characters'],
    [{ clientId: 'a\ud800' }, '/clientId', 'must be 1 to 255 printable characters'],
    [{ clientId: 'x'.repeat(256) }, '/clientId', 'must have at most 255 characters'],
    [{ name: '   ' }, '/name', 'must be a name of 1 to 100 characters'],
    [
      { scopes: ['a b'] },
      '/scopes/0',
      'must be 1 to 200 printable ASCII characters without space, quotation mark or backslash',
    ],
    [
      { redirectUris: ['https://a.example/#x'] },
      '/redirectUris/0',
      'must be an absolute URI without a fragment, such as https://api.example.com/',
    ],
    [{ accessTokenLifetime: 1.5 }, '/accessTokenLifetime', 'must be a whole number'],
    [{ accessTokenLifetime: -1 }, '/accessTokenLifetime', 'must be at least 1'],
    [{ secret: { secret: 'short' } }, '/secret/secret', 'must have at least 8 characters'],
    [{ clientSecret: 'x' }, '/clientSecret', 'is unknown here'],
    [{ type: 'trusted' }, '/type', 'must be one of "confidential", "public"'],
    [JSON.parse('{"__proto__":{"enabled":false}}'), '/__proto__', 'is unknown here'],
    [{ 'a/b~c': 1 }, '/a~1b~0c', 'is unknown here'],
  ])('%j', async (body, pointer, detail) => {
    const { status, problem } = await world.call(world.root, 'registerClient', { body });
    expect(status).toBe(400);
    expect(problem?.errors).toEqual([{ pointer, detail }]);
  });

  test('with several mistakes is told all of them', async () => {
    const { problem } = await world.call(world.root, 'registerClient', {
      body: { name: '', scopes: ['a b', 'c"'], enabled: 'yes' } as never,
    });
    expect(problem?.errors?.map(({ pointer }) => pointer)).toEqual([
      '/name',
      '/enabled',
      '/scopes/0',
      '/scopes/1',
    ]);
  });
});

test('what happened to a client is told with what differed, and never with a secret', async () => {
  const { clientId, secret } = await world.register({ secret: { secret: 'chosen by hand' } });
  await world.call(world.root, 'updateClient', {
    params: { clientId },
    body: { name: 'Renamed', scopes: ['read'] },
    ifMatch: '*',
  });
  const { answer } = await world.call(world.root, 'listEvents', {
    query: { subjectKind: 'client', subjectId: clientId },
  });
  expect(answer.items.map(({ type }) => type)).toEqual([
    'client.updated',
    'secret.added',
    'client.registered',
  ]);
  expect(answer.items[0]).toMatchObject({
    at: START + 1,
    actor: { kind: 'user' },
    details: {
      name: { from: clientId, to: 'Renamed' },
      scopes: { from: [], to: ['read'] },
    },
  });
  expect(answer.items[0]?.requestId).not.toBe('');
  expect(JSON.stringify(answer)).not.toContain('chosen by hand');
  expect(JSON.stringify(answer)).not.toContain('argon2');
  expect(secret?.secret).toBe('chosen by hand');
});
