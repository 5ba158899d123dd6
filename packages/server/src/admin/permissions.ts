import { ok, type Result, refuse } from '@tessera/protocol';
import { isPermission, type Permission } from '../contract/permission.ts';
import type { CallerRefusal } from '../contract/refusal.ts';
import { ROLE_POWERS } from '../contract/roles.ts';
import type { Route } from '../contract/route.ts';
import { ROOT_REALM } from '../model/realm.ts';
import type { Role } from '../model/user.ts';
import type { Administrator } from './administrator.ts';

/** Permissions, and whether they hold in every realm or in one alone. */
export type Power = {
  readonly permissions: readonly Permission[];
  readonly everyRealm: boolean;
};

/** What a role gives to a user of a realm. Only roles of the root realm can reach every realm. */
export const powerOfRole = (role: Role, realm: string): Power => ({
  permissions: ROLE_POWERS[role].permissions,
  everyRealm: realm === ROOT_REALM && role !== 'realm-administrator',
});

/** What scopes of the administration API give to a client of a realm. */
export const powerOfScopes = (scopes: readonly string[], realm: string): Power => ({
  permissions: scopes.filter(isPermission),
  everyRealm: realm === ROOT_REALM,
});

/**
 * Whether an administrator has a power. Nobody can give what they do not have: otherwise the
 * permission to set passwords, grants or secrets would be the permission to do everything.
 */
export const holds = (
  administrator: Administrator,
  realm: string,
  { permissions, everyRealm }: Power,
): boolean =>
  permissions.length === 0 ||
  ((everyRealm ? administrator.everyRealm : reaches(administrator, realm)) &&
    permissions.every((permission) => administrator.permissions.has(permission)));

const reaches = (administrator: Administrator, realm: string): boolean =>
  administrator.everyRealm || administrator.realm === realm;

/** Everything in the realm, or only what a user owns there. */
export type Access = 'all' | 'owned';

type Guard = Pick<Route, 'permission' | 'owner' | 'crossRealm'>;

/**
 * Decides whether an administrator may call a route for a realm; `undefined`: the route names
 * none. Whether the realm exists is not asked, so the answer cannot tell.
 */
export function decideAccess(
  administrator: Administrator,
  { permission, owner, crossRealm }: Guard,
  realm: string | undefined,
): Result<Access, CallerRefusal> {
  if (administrator.passwordOneTime) return refuse({ reason: 'password_change_required' });
  if (permission === 'public' || permission === 'signed-in') return ok('all');
  if (crossRealm && !administrator.everyRealm) return refuse({ reason: 'realm_out_of_reach' });
  if (realm !== undefined && !reaches(administrator, realm))
    return refuse({ reason: 'realm_out_of_reach' });
  if (administrator.permissions.has(permission)) return ok('all');
  if (owner && administrator.kind === 'user' && realm === administrator.realm) return ok('owned');
  return refuse({ reason: 'permission_missing', permission });
}
