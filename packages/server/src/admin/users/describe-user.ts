import type { Answer } from '../../contract/routes.ts';
import type { User } from '../../model/user.ts';

export const describeUser = (user: User): Answer<'findUser'> => ({
  realm: user.realm,
  id: user.id,
  userName: user.userName,
  givenName: user.givenName,
  familyName: user.familyName,
  email: user.email,
  enabled: user.enabled,
  roles: user.roles,
  keptAttributes: user.keptAttributes ?? null,
  hasPassword: user.passwordHash !== undefined,
  passwordOneTime: user.passwordOneTime,
  createdAt: user.createdAt,
  revision: user.revision,
});
