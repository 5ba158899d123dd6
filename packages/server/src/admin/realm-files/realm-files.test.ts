import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminWorld, createAdminWorld, START } from '../../../test/admin-world.ts';
import { issueAuthority } from '../../../test/certificates.ts';
import type { Body } from '../../contract/routes.ts';

type File = Body<'applyRealm'>['file'];

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

let made = 0;
const freshName = (): string => `r${made++}`;
const realm = (name: string) => ({ params: { realm: name } });

const importFile = (file: File, name = freshName()) =>
  world.call(world.root, 'importRealm', { body: { file, name } });
const exportOf = async (name: string): Promise<File> =>
  (await world.call(world.root, 'exportRealm', realm(name))).answer as unknown as File;
const apply = (name: string, file: File, options: { prune?: boolean; dryRun?: boolean } = {}) =>
  world.call(world.root, 'applyRealm', { ...realm(name), body: { file, ...options } });
const eventsOf = async (name: string) =>
  (await world.call(world.root, 'listEvents', { ...realm(name), query: { limit: '200' } })).answer
    .items;

const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
} as const;

const AUTHORITY = issueAuthority('Workloads', {
  notBefore: new Date(START * 1000),
  notAfter: new Date((START + 365 * 86_400) * 1000),
}).pem;

/** A realm with something of everything that a file can hold. */
const FULL: File = {
  format: 'tessera-realm/1',
  realm: { name: 'shop', displayName: 'Shop' },
  provider: { accessTokenLifetime: 600, defaultScopes: ['read'], signingAlgorithm: 'EdDSA' },
  trust: {
    authorities: [{ name: 'Workloads', certificate: AUTHORITY }],
    issuers: [
      { name: 'GitHub', preset: 'github' },
      {
        name: 'Cluster',
        preset: 'kubernetes',
        issuer: 'https://cluster.example.com',
        jwks: { keys: [{ ...KEY, kid: 'c' }] },
      },
    ],
  },
  users: [{ userName: 'avery', givenName: 'Avery', roles: ['auditor'] }, { userName: 'Robin' }],
  apis: [
    {
      id: 'orders',
      identifier: 'https://orders.example.com',
      name: 'Orders',
      scopes: [{ name: 'orders:read', description: 'See orders' }, { name: 'orders:write' }],
      introspectionClients: ['gateway'],
      claims: [{ name: 'team', value: 'orders' }],
    },
    { id: 'tessera-admin', accessTokenLifetime: 120 },
  ],
  clients: [
    {
      clientId: 'gateway',
      authenticationMethod: 'private_key_jwt',
      attributes: { team: 'edge' },
      keys: [{ jwk: KEY, label: 'first', expiresAt: '2030-01-31' }],
      certificates: [{ sanDns: 'gateway.example.com' }],
      grants: [
        { api: 'orders', scopes: ['orders:read'] },
        { api: 'tessera-admin', scopes: ['clients:read'] },
      ],
    },
    {
      clientId: 'deploy',
      secrets: [{ label: 'ci' }],
      workloads: [
        {
          issuer: 'https://token.actions.githubusercontent.com',
          conditions: [
            { claim: 'sub', value: 'repo:example/shop:ref:refs/heads/main' },
            { claim: 'repository_id', value: '1' },
          ],
        },
      ],
    },
  ],
  applications: [{ name: 'Gateway', clientId: 'gateway', owners: ['Robin', 'avery'] }],
};

describe('a realm that is made from a file', () => {
  test('is what the file says, and exports as that again', async () => {
    const name = freshName();
    const imported = await importFile(FULL, name);
    expect(imported.problem).toBeUndefined();
    expect(imported.status).toBe(201);
    const { secrets } = imported.answer;
    expect(secrets).toMatchObject([{ clientId: 'deploy', label: 'ci' }]);

    const exported = await exportOf(name);
    expect(exported.clients).toEqual([
      {
        clientId: 'deploy',
        name: 'deploy',
        secrets: [{ label: 'ci' }],
        workloads: [FULL.clients?.[1]?.workloads?.[0]].map((workload) => ({
          ...workload,
          conditions: workload?.conditions.map((one) => ({ operator: 'equals', ...one })),
        })),
      },
      {
        ...FULL.clients?.[0],
        name: 'gateway',
        keys: [{ jwk: KEY, label: 'first', expiresAt: '2030-01-31T00:00:00Z' }],
      },
    ]);
    expect(exported.apis?.map(({ id }) => id)).toEqual(['orders', 'tessera-admin']);
    expect(exported.provider).toEqual(FULL.provider);
    expect(JSON.stringify(exported)).not.toContain(secrets[0]?.secret);

    const again = await apply(name, exported, { prune: true });
    expect(again.answer).toMatchObject({ applied: true, changes: [], keptCount: 0, secrets: [] });
  });

  test('answers to the secret that was shown', async () => {
    const name = freshName();
    const { answer } = await importFile(FULL, name);
    const [deploy] = answer.secrets;
    const response = await world.app.inject({
      method: 'POST',
      url: `/am/oauth2/realms/root/realms/${name}/access_token`,
      headers: {
        authorization: `Basic ${Buffer.from(`deploy:${deploy?.secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: 'grant_type=client_credentials&scope=read',
    });
    expect(response.json()).toMatchObject({ scope: 'read', expires_in: 599 });
  });

  test('is not made when it exists, nor under a reserved name', async () => {
    expect(await importFile(FULL, 'alpha')).toMatchObject({
      status: 409,
      problem: { errors: [{ pointer: '/file/realm/name' }] },
    });
    expect((await importFile(FULL, 'token')).reason).toBe('realm_file_refused');
  });
});

describe('applying a file', () => {
  test('changes what differs, keeps what it does not name, and does it once', async () => {
    const name = freshName();
    await importFile(FULL, name);
    const file: File = {
      format: 'tessera-realm/1',
      realm: { name: 'elsewhere' },
      clients: [{ clientId: 'gateway', description: 'At the edge', keys: [{ jwk: KEY }] }],
    };
    const first = await apply(name, file);
    expect(first.answer.changes).toMatchObject([
      {
        action: 'update',
        kind: 'client',
        name: 'gateway',
        pointer: '/clients/0',
        members: {
          description: { from: '', to: 'At the edge' },
          authenticationMethod: { from: 'private_key_jwt', to: 'client_secret_basic' },
          attributes: { from: { team: 'edge' }, to: {} },
        },
      },
      { action: 'update', kind: 'key', members: { label: { from: 'first', to: '' } } },
    ]);
    expect(first.answer.keptCount).toBe(5);
    expect((await apply(name, file)).answer.changes).toEqual([]);
    const { answer } = await world.call(world.root, 'findClient', {
      params: { realm: name, clientId: 'gateway' },
    });
    expect(answer).toMatchObject({ description: 'At the edge', attributes: {} });
  });

  test('takes away what it does not name when it is to, in its sections alone', async () => {
    const name = freshName();
    await importFile(FULL, name);
    const { apis: _apis, ...file } = await exportOf(name);
    const pruned = await apply(
      name,
      { ...file, clients: [], applications: [], users: [] },
      { prune: true },
    );
    expect(pruned.problem).toBeUndefined();
    expect(
      pruned.answer.changes.map(({ action, kind, name: what }) => [action, kind, what]),
    ).toEqual([
      ['delete', 'application', 'Gateway'],
      ['delete', 'client', 'deploy'],
      ['delete', 'client', 'gateway'],
      ['delete', 'user', 'avery'],
      ['delete', 'user', 'Robin'],
    ]);
    const left = await exportOf(name);
    expect(left).toMatchObject({ clients: [], applications: [], users: [] });
    expect(left.apis?.map(({ id }) => id)).toEqual(['orders', 'tessera-admin']);
  });

  test('makes one realm like another, which keeps its own name', async () => {
    const [from, to] = [freshName(), freshName()];
    await importFile(FULL, from);
    await world.call(world.root, 'createRealm', { body: { name: to, displayName: 'Copy' } });
    await apply(to, await exportOf(from), { prune: true });
    expect(await exportOf(to)).toEqual({
      ...(await exportOf(from)),
      realm: { name: to, displayName: 'Copy' },
    });
  });

  test('an expired credential is no part of a realm', async () => {
    const name = freshName();
    const refused = await importFile(
      {
        ...FULL,
        clients: [{ clientId: 'late', keys: [{ jwk: KEY, expiresAt: '2001-01-01' }] }],
        apis: [],
        applications: [],
      },
      name,
    );
    expect(refused.problem?.errors).toMatchObject([
      { pointer: '/file/clients/0/keys/0/expiresIn' },
    ]);
  });
});

describe('what is refused', () => {
  const broken: File = {
    ...FULL,
    clients: [
      ...(FULL.clients ?? []),
      { clientId: 'last', grants: [{ api: 'orders', scopes: ['orders:read', 'orders:delete'] }] },
    ],
  };

  test('is told with its place, and nothing of the rest is there', async () => {
    const name = freshName();
    await world.call(world.root, 'createRealm', { body: { name } });
    const before = await eventsOf(name);
    const refused = await apply(name, broken);
    expect(refused.status).toBe(409);
    expect(refused.problem).toMatchObject({
      type: 'urn:tessera:problem:realm_file_refused',
      errors: [{ pointer: '/file/clients/2/grants/0/scopes/1' }],
    });
    expect(await exportOf(name)).toMatchObject({ clients: [], users: [], apis: [] });
    expect(await eventsOf(name)).toEqual(before);
    expect((await importFile(broken, 'never-there')).status).toBe(409);
    expect((await world.call(world.root, 'findRealm', realm('never-there'))).status).toBe(404);
  });

  test.each([
    [{ clients: [{ clientId: 'a', colour: 'red' }] }, '/file/clients/0/colour'],
    [{ clients: [{ clientId: 'a' }, { clientId: 'a' }] }, '/file/clients/1/clientId'],
    [{ users: [{ userName: 'b' }, { userName: 'B' }] }, '/file/users/1/userName'],
    [{ applications: [{ name: 'A', clientId: 'gone' }] }, '/file/applications/0/clientId'],
    [
      {
        clients: [{ clientId: 'a' }],
        applications: [{ name: 'A', clientId: 'a', owners: ['nobody'] }],
      },
      '/file/applications/0/owners/0',
    ],
    [
      {
        clients: [
          {
            clientId: 'a',
            workloads: [
              { issuer: 'https://x.example', conditions: [{ claim: 'sub', value: 'x' }] },
            ],
          },
        ],
      },
      '/file/clients/0/workloads/0/issuer',
    ],
    [{ apis: [{ id: 'no-identifier' }] }, '/file/apis/0/identifier'],
  ] as const)('%j at %s', async (part, pointer) => {
    const file = { format: 'tessera-realm/1', realm: { name: 'x' }, ...part } as unknown as File;
    const { problem } = await importFile(file);
    expect(problem?.errors?.map((one) => one.pointer)).toEqual([pointer]);
  });
});

describe('a dry run', () => {
  test('says what would change, by all rules, and changes nothing', async () => {
    const name = freshName();
    await world.call(world.root, 'createRealm', { body: { name } });
    const before = await eventsOf(name);
    const tried = await apply(name, FULL, { dryRun: true });
    expect(tried.answer).toMatchObject({ applied: false, secrets: [] });
    expect(tried.answer.changes.length).toBeGreaterThan(8);
    expect(await eventsOf(name)).toEqual(before);
    expect(await exportOf(name)).toMatchObject({ clients: [] });
    const tryNew = { file: FULL, name: 'tried', dryRun: true };
    const imported = await world.call(world.root, 'importRealm', { body: tryNew });
    expect(imported.answer.applied).toBe(false);
    expect((await world.call(world.root, 'findRealm', realm('tried'))).status).toBe(404);
  });
});

describe('each change takes the permission that it takes by itself', () => {
  test('an auditor compares and does not apply', async () => {
    const name = freshName();
    await importFile(FULL, name);
    const { caller } = await world.enter(name, ['auditor']);
    const body = { file: FULL };
    const compared = await world.call(caller, 'compareRealm', { ...realm(name), body });
    expect(compared.answer.changes).toMatchObject([{ action: 'delete', kind: 'user' }]);
    const changed = { file: { ...FULL, users: [{ userName: 'new' }] } };
    const refused = await world.call(caller, 'applyRealm', { ...realm(name), body: changed });
    expect(refused.reason).toBe('permission_missing');
  });

  test('nobody gives by a file what they do not have', async () => {
    const name = freshName();
    await world.call(world.root, 'createRealm', { body: { name } });
    const automation = await world.automate(name, [
      'realms:read',
      'providers:read',
      'users:read',
      'applications:read',
      'clients:read',
      'clients:write',
      'credentials:read',
      'apis:read',
      'client-grants:read',
      'client-grants:write',
      'trust:read',
    ]);
    const file: File = {
      format: 'tessera-realm/1',
      realm: { name },
      clients: [
        { clientId: 'mighty', grants: [{ api: 'tessera-admin', scopes: ['tokens:write'] }] },
      ],
    };
    const refused = await world.call(automation, 'applyRealm', { ...realm(name), body: { file } });
    expect(refused.problem?.errors?.[0]?.pointer).toBe('/file/clients/0/grants/0');
    expect((await exportOf(name)).clients?.map(({ clientId }) => clientId)).not.toContain('mighty');
  });

  test('whoever may not see all of it gets no file', async () => {
    const caller = await world.automate('alpha', ['realms:read', 'clients:read']);
    const refused = await world.call(caller, 'exportRealm');
    expect(refused.problem?.detail).toContain('providers:read');
    const elsewhere = (await world.enter('alpha', ['realm-administrator'])).caller;
    expect((await world.call(elsewhere, 'exportRealm', realm('root'))).status).toBe(403);
    const imported = await world.call(elsewhere, 'importRealm', { body: { file: FULL } });
    expect(imported.reason).toBe('realm_out_of_reach');
  });
});

describe('exported, imported and exported again, a realm is the same', () => {
  const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
  const text = fc
    .string({ maxLength: 40, unit: 'grapheme' })
    .map((one) => one.replaceAll(/[\p{C}\u2028\u2029]/gu, ''));
  const name = text.map((one) => `n${one}`.slice(0, 100));
  const scope = fc.stringMatching(/^[a-z:.]{1,12}$/);
  const scopes = fc.uniqueArray(scope, { maxLength: 4 });
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const lifetime = maybe(fc.integer({ min: 1, max: 86_400 }));
  const binding = fc.constantFrom('optional', 'dpop', 'certificate', 'either');
  const defined = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

  const files: fc.Arbitrary<File> = fc
    .record({
      provider: fc.record({
        accessTokenLifetime: fc.integer({ min: 1, max: 86_400 }),
        defaultScopes: scopes,
        tokenFormat: fc.constantFrom('jwt', 'opaque'),
        dpopNonces: fc.boolean(),
        tokensPerHour: fc.option(fc.integer({ min: 1, max: 1_000 })),
      }),
      users: fc.uniqueArray(fc.record({ userName: id, givenName: text, enabled: fc.boolean() }), {
        maxLength: 4,
        selector: ({ userName }) => userName,
      }),
      apis: fc.uniqueArray(
        fc.record({ id, name, scopes, accessTokenLifetime: lifetime, tokenBinding: binding }),
        { maxLength: 4, selector: (api) => api.id },
      ),
      clients: fc.uniqueArray(
        fc.record({
          clientId: id,
          name,
          description: text,
          enabled: fc.boolean(),
          scopes,
          accessTokenLifetime: lifetime,
          attributes: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), name, { maxKeys: 3 }),
          secrets: maybe(fc.array(fc.record({ label: text }), { maxLength: 2 })),
          grantsFrom: fc.nat({ max: 15 }),
          keyed: fc.boolean(),
        }),
        { maxLength: 4, selector: ({ clientId }) => clientId },
      ),
      applications: fc.array(fc.record({ name, description: text, owners: fc.nat({ max: 15 }) }), {
        maxLength: 3,
      }),
    })
    .map(({ provider, users, apis, clients, applications }): File => {
      const subset = <T>(all: readonly T[], mask: number) =>
        all.filter((_, index) => (mask >> index) % 2 === 1);
      return defined({
        format: 'tessera-realm/1',
        realm: { name: 'any' },
        provider,
        users,
        apis: apis.map((api) => ({
          ...api,
          identifier: `https://${api.id}.example.com`,
          scopes: api.scopes.map((one) => ({ name: one, description: '' })),
        })),
        clients: clients.map(({ grantsFrom, keyed, ...client }) => ({
          ...client,
          keys: keyed ? [{ jwk: KEY, label: client.name }] : [],
          grants: subset(apis, grantsFrom)
            .filter((api) => api.scopes.length > 0)
            .map((api) => ({ api: api.id, scopes: api.scopes })),
        })),
        applications: applications
          .slice(0, clients.length)
          .map(({ owners, ...application }, index) => ({
            ...application,
            clientId: clients[index]?.clientId,
            owners: subset(users, owners).map(({ userName }) => userName),
          })),
      } as File);
    });

  test('whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (file) => {
        const [first, second] = [freshName(), freshName()];
        const imported = await importFile(file, first);
        expect(imported.problem).toBeUndefined();
        const exported = await exportOf(first);
        expect((await importFile(exported, second)).problem).toBeUndefined();
        expect(await exportOf(second)).toEqual({
          ...exported,
          realm: { ...exported.realm, name: second, displayName: second },
        });
        expect((await apply(first, file, { prune: true })).answer.changes).toEqual([]);
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
