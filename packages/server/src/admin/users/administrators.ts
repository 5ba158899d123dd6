import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Rows } from '../../environment.ts';
import { ROOT_REALM } from '../../model/realm.ts';
import type { Role, User } from '../../model/user.ts';
import type { Administrator } from '../administrator.ts';
import { holds, powerOfRole } from '../permissions.ts';

/** Whether an administrator may do to a user what only somebody with the user's rights may do. */
export const outranks = (
  administrator: Administrator,
  realm: string,
  roles: readonly Role[],
): boolean => roles.every((role) => holds(administrator, realm, powerOfRole(role, realm)));

/**
 * Whoever chooses the password of an owner can sign in as one, and give the owned clients secrets:
 * only those may who may do that anyway.
 */
export async function mayActAsOwner(
  rows: Rows,
  administrator: Administrator,
  { realm, id }: User,
): Promise<boolean> {
  const owned = await rows.applications.ofOwner(realm, id);
  const permissions = ['clients:write', 'credentials:write'] as const;
  return owned.length === 0 || holds(administrator, realm, { permissions, everyRealm: false });
}

/** Refuses a change after which nobody could administer the server. */
export async function keepAnAdministrator(
  rows: Rows,
  before: User,
  after: User | undefined,
): Promise<Result<undefined, AdminRefusal>> {
  if (!administersServer(before) || administersServer(after)) return ok(undefined);
  const administrators = await rows.users.withRole(ROOT_REALM, 'administrator');
  return administrators.some((user) => user.id !== before.id && administersServer(user))
    ? ok(undefined)
    : refuse({ reason: 'administrator_last' });
}

const administersServer = (user: User | undefined): boolean =>
  user !== undefined &&
  user.realm === ROOT_REALM &&
  user.enabled &&
  user.passwordHash !== undefined &&
  user.roles.includes('administrator');
