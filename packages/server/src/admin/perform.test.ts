import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AdminWorld,
  type Caller,
  createAdminWorld,
  STRANGER,
} from '../../test/admin-world.ts';
import { ALL_PERMISSIONS, type Permission } from '../contract/permission.ts';
import type { Route } from '../contract/route.ts';
import { RESOURCE_ROUTES, type ResourceRouteName } from '../contract/routes.ts';

/*
 * Every route for every kind of caller, over HTTP. Addresses name things that do not exist and
 * preconditions name no revision, so that a permitted call changes nothing and is told so.
 */

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
  await world.call(world.root, 'createRealm', { body: { name: 'bravo' } });
});
afterAll(() => world.close());

const ROUTES = Object.entries(RESOURCE_ROUTES) as [ResourceRouteName, Route][];

const call = (caller: Caller, name: ResourceRouteName, realm = 'alpha') =>
  world.call(caller, name, {
    params: {
      realm,
      clientId: 'nobody',
      apiId: 'nothing',
      userId: 'nobody',
      applicationId: 'nothing',
      secretId: 'nothing',
      keyId: 'nothing',
      certificateId: 'nothing',
      authorityId: 'nothing',
      workloadId: 'nothing',
      issuerId: 'nothing',
      kid: 'nothing',
    } as never,
    ifMatch: '"999"',
  });

/** Whoever is not refused for who they are was let in. */
const verdict = ({ status }: { readonly status: number }) =>
  status === 401 || status === 403 ? status : 'let in';

const reads = ({ permission }: Route) => permission.endsWith(':read');

type Expected = (route: Route, name: ResourceRouteName) => 401 | 403 | 'let in';

const KINDS: readonly (readonly [string, () => Promise<Caller>, Expected])[] = [
  ['a stranger', async () => STRANGER, () => 401],
  [
    'a token that is none',
    async () => ({ authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }),
    () => 401,
  ],
  ['an administrator', async () => world.root, () => 'let in'],
  [
    'an administrator with a one-time password',
    async () => (await world.enter('root', ['administrator'], { passwordOneTime: true })).caller,
    () => 403,
  ],
  [
    'an auditor of the root realm',
    async () => (await world.enter('root', ['auditor'])).caller,
    (route) => (reads(route) ? 'let in' : 403),
  ],
  [
    'a realm administrator of the root realm',
    async () => (await world.enter('root', ['realm-administrator'])).caller,
    (_, name) => (name === 'listRealms' ? 'let in' : 403),
  ],
  [
    'a realm administrator of this realm',
    async () => (await world.enter('alpha', ['realm-administrator'])).caller,
    ({ crossRealm }) => (crossRealm ? 403 : 'let in'),
  ],
  [
    'an auditor of this realm',
    async () => (await world.enter('alpha', ['auditor'])).caller,
    // As an owner, who may own nothing, an auditor may also revoke tokens of what is owned.
    (route, name) =>
      (reads(route) && !route.crossRealm) || LISTS_OF_OWNERS.has(name) ? 'let in' : 403,
  ],
  [
    'a realm administrator of another realm',
    async () => (await world.enter('bravo', ['realm-administrator'])).caller,
    (_, name) => (name === 'listRealms' ? 'let in' : 403),
  ],
  [
    'a user who owns nothing',
    async () => (await world.enter('alpha', [])).caller,
    (_, name) => (LISTS_OF_OWNERS.has(name) ? 'let in' : 403),
  ],
];

/** They name nothing that could be owned, and so show what is, or ask for a token first. */
const LISTS_OF_OWNERS = new Set<ResourceRouteName>([
  'listClients',
  'listApplications',
  'listApplicationSummaries',
  'findRealmAddresses',
  'inspectToken',
  'revokeToken',
]);

/** What they show takes the permission for each part of it. */
const TAKING_MORE = new Set<ResourceRouteName>(['exportRealm', 'listApplicationSummaries']);

describe.each(KINDS)('%s', (_kind, enter, expected) => {
  let caller: Caller;
  beforeAll(async () => {
    caller = await enter();
  });
  test.each(ROUTES)('%s', async (name, route) => {
    const answer = await call(caller, name);
    expect(verdict(answer)).toBe(expected(route, name));
    expect(answer.status).toBeLessThan(500);
  });
});

describe('a token', () => {
  const exact = new Map<Permission, Caller>();
  const others = new Map<Permission, Caller>();
  beforeAll(async () => {
    for (const permission of ALL_PERMISSIONS) {
      exact.set(permission, await world.automate('alpha', [permission]));
      others.set(
        permission,
        await world.automate(
          'alpha',
          ALL_PERMISSIONS.filter((one) => one !== permission),
        ),
      );
    }
  });

  test.each(ROUTES)('for %s needs its permission and no other', async (name, route) => {
    const permission = route.permission as Permission;
    const withIt = await call(exact.get(permission) ?? STRANGER, name);
    expect(verdict(withIt)).toBe(route.crossRealm || TAKING_MORE.has(name) ? 403 : 'let in');
    const without = await call(others.get(permission) ?? STRANGER, name);
    expect(without.status).toBe(403);
    if (!route.crossRealm) {
      expect(without.reason).toBe('permission_missing');
      expect(without.headers['www-authenticate']).toBe(
        `Bearer realm="tessera-admin", error="insufficient_scope", scope="${permission}"`,
      );
    }
    const elsewhere = await call(exact.get(permission) ?? STRANGER, name, 'bravo');
    expect(verdict(elsewhere)).toBe(name === 'listRealms' ? 'let in' : 403);
  });
});

test('whether a realm out of reach exists cannot be told', async () => {
  const { caller } = await world.enter('alpha', ['realm-administrator']);
  for (const [name] of ROUTES) {
    const there = await call(caller, name, 'bravo');
    const absent = await call(caller, name, 'absent');
    expect({ ...absent.problem, requestId: '' }).toEqual({ ...there.problem, requestId: '' });
  }
});
