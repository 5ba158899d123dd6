import { ALL_PERMISSIONS, type Permission } from './permission.ts';

/**
 * Scopes of PingOne's service accounts: each opens one surface, and says which permissions count
 * there. What an account may do is what its client grant at the administration API holds besides:
 * by itself such a scope gives nothing.
 */
export type ServiceAccountScope = {
  readonly surface: 'am' | 'idm';
  readonly description: string;
  readonly permissions: readonly Permission[];
};

/** Permissions to read and write these. */
const allOf = (...objects: readonly string[]): readonly Permission[] =>
  ALL_PERMISSIONS.filter((permission) => objects.includes(permission.split(':', 1)[0] ?? ''));

export const SERVICE_ACCOUNT_SCOPES: Readonly<Record<string, ServiceAccountScope>> = {
  'fr:am:*': {
    surface: 'am',
    description: 'All of Access Management: realms, their OAuth2 provider, OAuth2 clients',
    permissions: allOf('realms', 'providers', 'clients', 'credentials'),
  },
  'fr:idm:*': {
    surface: 'idm',
    description: 'All of Identity Management: users, applications, service accounts',
    permissions: allOf('users', 'applications', 'clients', 'credentials', 'client-grants'),
  },
};

/** What scopes permit together, at one surface or wherever they count. */
export function permissionsOfScopes(
  scopes: readonly string[],
  surface?: ServiceAccountScope['surface'],
): readonly Permission[] {
  const opened = Object.entries(SERVICE_ACCOUNT_SCOPES)
    .filter(([name]) => scopes.includes(name))
    .map(([, scope]) => scope)
    .filter((scope) => surface === undefined || scope.surface === surface);
  return ALL_PERMISSIONS.filter((one) =>
    opened.some(({ permissions }) => permissions.includes(one)),
  );
}
