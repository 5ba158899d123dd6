import type { Answer } from '../../contract/routes.ts';
import type { Environment } from '../../environment.ts';
import { type Realm, realmPath } from '../../model/realm.ts';

export const describeRealm = (
  env: Pick<Environment, 'addresses'>,
  realm: Realm,
): Answer<'findRealm'> => ({
  name: realm.name,
  path: realmPath(realm.name),
  issuer: env.addresses.issuer(realm.name),
  displayName: realm.displayName,
  enabled: realm.enabled,
  tokensValidFrom: realm.tokensValidFrom,
  createdAt: realm.createdAt,
  revision: realm.revision,
});
