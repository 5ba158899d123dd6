import { describe, expect, test } from 'vitest';
import { ALL_PERMISSIONS, type Permission } from '../contract/permission.ts';
import { adminRoutes, RESOURCE_ROUTES } from '../contract/routes.ts';
import { ROLES, type Role } from '../model/user.ts';
import { type Administrator, systemAdministrator } from './administrator.ts';
import { decideAccess, holds, powerOfRole, powerOfScopes } from './permissions.ts';
import { administratorOf } from './sessions/new-session.ts';

const person = (realm: string, ...roles: readonly Role[]): Administrator =>
  administratorOf(
    { id: 'u', realm, userName: 'u', roles, passwordOneTime: false } as unknown as Parameters<
      typeof administratorOf
    >[0],
    { digest: 'd', expiresAt: 0 } as unknown as Parameters<typeof administratorOf>[1],
  );

const automation = (realm: string, ...scopes: readonly string[]): Administrator => {
  const { permissions, everyRealm } = powerOfScopes(scopes, realm);
  return {
    ...person(realm),
    kind: 'client',
    permissions: new Set(permissions),
    everyRealm,
  };
};

/** What the answer is for a route and the realm in its address. */
const ask = (administrator: Administrator, permission: Permission, realm: string | undefined) => {
  const access = decideAccess(administrator, { permission }, realm);
  return access.ok ? access.value : access.refusal.reason;
};

describe('roles', () => {
  test.each([
    // realm, role, reads alpha, writes alpha, reads bravo, writes bravo
    ['root', 'administrator', 'all', 'all', 'all', 'all'],
    ['root', 'auditor', 'all', 'permission_missing', 'all', 'permission_missing'],
    ['root', 'realm-administrator', ...elsewhere(4)],
    ['alpha', 'administrator', 'all', 'all', ...elsewhere(2)],
    ['alpha', 'realm-administrator', 'all', 'all', ...elsewhere(2)],
    ['alpha', 'auditor', 'all', 'permission_missing', ...elsewhere(2)],
  ] as const)('of %s: %s', (realm, role, readAlpha, writeAlpha, readBravo, writeBravo) => {
    const administrator = person(realm, role);
    for (const permission of ALL_PERMISSIONS) {
      const reads = permission.endsWith(':read');
      expect(ask(administrator, permission, 'alpha')).toBe(reads ? readAlpha : writeAlpha);
      expect(ask(administrator, permission, 'bravo')).toBe(reads ? readBravo : writeBravo);
    }
  });

  test('a role of one realm beside one of all realms adds nothing to the others', () => {
    const both = person('root', 'auditor', 'realm-administrator');
    expect(ask(both, 'clients:read', 'alpha')).toBe('all');
    expect(ask(both, 'clients:write', 'alpha')).toBe('permission_missing');
  });

  test('a user without a role may do nothing', () => {
    for (const permission of ALL_PERMISSIONS)
      expect(ask(person('alpha'), permission, 'alpha')).toBe('permission_missing');
  });

  test('a one-time password opens nothing', () => {
    const administrator = { ...person('root', 'administrator'), passwordOneTime: true };
    for (const permission of ALL_PERMISSIONS)
      expect(ask(administrator, permission, 'alpha')).toBe('password_change_required');
  });
});

describe('scopes', () => {
  test.each(ALL_PERMISSIONS)('%s permits just this', (scope) => {
    for (const permission of ALL_PERMISSIONS)
      expect(ask(automation('alpha', scope), permission, 'alpha')).toBe(
        permission === scope ? 'all' : 'permission_missing',
      );
  });

  test('of the root realm reach every realm, of another that realm alone', () => {
    expect(ask(automation('root', 'clients:read'), 'clients:read', 'alpha')).toBe('all');
    expect(ask(automation('alpha', 'clients:read'), 'clients:read', 'bravo')).toBe(
      'realm_out_of_reach',
    );
  });

  test('that are no permissions are ignored', () => {
    expect(automation('root', 'write', '__proto__', 'constructor').permissions.size).toBe(0);
  });
});

describe('owners', () => {
  test('have access to what they own on the routes marked so, in their own realm', () => {
    for (const [name, route] of Object.entries(RESOURCE_ROUTES)) {
      const realm = route.path.includes('{realm}') ? 'alpha' : undefined;
      const access = decideAccess(person('alpha'), route, realm);
      if ('owner' in route) expect(access, name).toEqual({ ok: true, value: 'owned' });
      else expect(access.ok, name).toBe(false);
      expect(decideAccess(person('alpha'), route, 'bravo').ok, name).toBe(false);
    }
  });

  test('are people: a client owns nothing', () => {
    const access = decideAccess(automation('alpha'), RESOURCE_ROUTES.listClients, 'alpha');
    expect(access.ok).toBe(false);
  });

  test('with a role that permits it see everything', () => {
    const access = decideAccess(person('alpha', 'auditor'), RESOURCE_ROUTES.listClients, 'alpha');
    expect(access).toEqual({ ok: true, value: 'all' });
  });
});

test('routes beyond one realm are for administrators of every realm', () => {
  const beyond = adminRoutes().filter(([, route]) => route.crossRealm);
  expect(beyond.map(([name]) => name)).toEqual([
    'createRealm',
    'deleteRealm',
    'importRealm',
    'listNodes',
    'findSystem',
  ]);
  for (const [, route] of beyond) {
    expect(decideAccess(person('root', 'administrator'), route, 'alpha').ok).toBe(true);
    expect(decideAccess(person('root', 'realm-administrator'), route, 'root').ok).toBe(false);
    expect(decideAccess(person('alpha', 'administrator'), route, 'alpha').ok).toBe(false);
  }
});

describe('nobody can give what they do not have', () => {
  test.each([
    // giver, role, realm of the receiver, whether it may be given
    [person('root', 'administrator'), 'administrator', 'root', true],
    [person('root', 'administrator'), 'auditor', 'alpha', true],
    [person('root', 'realm-administrator'), 'administrator', 'root', false],
    [person('root', 'realm-administrator'), 'auditor', 'root', false],
    [person('root', 'realm-administrator'), 'realm-administrator', 'root', true],
    [person('alpha', 'realm-administrator'), 'administrator', 'alpha', true],
    [person('alpha', 'realm-administrator'), 'auditor', 'bravo', false],
    [person('alpha', 'auditor'), 'auditor', 'alpha', true],
    [person('alpha', 'auditor'), 'realm-administrator', 'alpha', false],
    [automation('root', ...ALL_PERMISSIONS), 'administrator', 'root', true],
    [automation('root', 'users:write'), 'auditor', 'root', false],
    [systemAdministrator('test'), 'administrator', 'root', true],
  ] as const)('%#', (giver, role, realm, may) => {
    expect(holds(giver, realm, powerOfRole(role, realm))).toBe(may);
  });

  test('every role is known', () => {
    for (const role of ROLES) expect(powerOfRole(role, 'root').permissions).not.toHaveLength(0);
  });

  test('a scope in the root realm is more than the same scope elsewhere', () => {
    const giver = person('root', 'realm-administrator');
    expect(holds(giver, 'root', powerOfScopes(['clients:read'], 'root'))).toBe(false);
    expect(holds(giver, 'root', powerOfScopes(['read'], 'root'))).toBe(true);
  });
});

function elsewhere(count: 2): readonly ['realm_out_of_reach', 'realm_out_of_reach'];
function elsewhere(
  count: 4,
): readonly [
  'realm_out_of_reach',
  'realm_out_of_reach',
  'realm_out_of_reach',
  'realm_out_of_reach',
];
function elsewhere(count: number): readonly string[] {
  return Array.from({ length: count }, () => 'realm_out_of_reach');
}
