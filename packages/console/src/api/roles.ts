import { PERMISSIONS, ROLES } from 'virtual:admin-roles';

/** What a role is for and what it permits, as the server has it. */
export type RoleOfPeople = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly permissions: readonly string[];
};

export { PERMISSIONS, ROLES };

/** Those that have a permission. */
export const rolesWith = (permission: string): readonly RoleOfPeople[] =>
  ROLES.filter(({ permissions }) => permissions.includes(permission));

/** The objects that permissions are about, each with whether it can be seen and changed. */
export const PERMISSION_OBJECTS: readonly {
  readonly name: string;
  readonly read: string | undefined;
  readonly write: string | undefined;
}[] = [...new Set(Object.keys(PERMISSIONS).map((one) => one.split(':')[0] ?? ''))].map((name) => ({
  name,
  read: `${name}:read` in PERMISSIONS ? `${name}:read` : undefined,
  write: `${name}:write` in PERMISSIONS ? `${name}:write` : undefined,
}));
