import { ALL_PERMISSIONS } from '../../contract/permission.ts';
import type { Answer } from '../../contract/routes.ts';
import type { Administrator } from '../administrator.ts';

/** Who is calling. The server itself never asks. */
export const describeSession = (administrator: Administrator): Answer<'findSession'> => ({
  kind: administrator.kind === 'client' ? 'client' : 'user',
  id: administrator.id,
  name: administrator.name,
  realm: administrator.realm,
  roles: administrator.roles,
  permissions: ALL_PERMISSIONS.filter((one) => administrator.permissions.has(one)),
  everyRealm: administrator.everyRealm,
  passwordOneTime: administrator.passwordOneTime,
  expiresAt: administrator.expiresAt ?? null,
});
