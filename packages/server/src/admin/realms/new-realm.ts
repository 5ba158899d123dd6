import { type NumericDate, numericDate } from '@tessera/protocol';
import { PERMISSIONS } from '../../contract/permission.ts';
import type { Environment, Rows } from '../../environment.ts';
import { ADMIN_API_ID, ADMIN_API_IDENTIFIER, type Api } from '../../model/api.ts';
import { RSA_KEY_BITS_MIN_DEFAULT } from '../../model/credential-policy.ts';
import {
  ACCESS_TOKEN_LIFETIME_DEFAULT,
  KEY_ROTATION_PERIOD_DEFAULT,
  type Provider,
} from '../../model/provider.ts';
import { TOKEN_REUSE_OFF } from '../../model/quota.ts';
import type { Realm } from '../../model/realm.ts';
import type { SigningKey } from '../../model/signing-key.ts';
import { newSigningKey } from '../signing-keys/new-signing-key.ts';

/** A realm and everything without which it could do nothing. */
export type NewRealm = {
  readonly realm: Realm;
  readonly provider: Provider;
  readonly adminApi: Api;
  readonly signingKey: SigningKey;
};

export const FIRST_ALGORITHM = 'ES256';

/** The settings that a realm begins with. */
export const newProvider = (name: string): Provider => ({
  realm: name,
  grantTypes: ['client_credentials'],
  defaultScopes: [],
  accessTokenLifetime: ACCESS_TOKEN_LIFETIME_DEFAULT,
  tokenFormat: 'jwt',
  signingAlgorithm: FIRST_ALGORITHM,
  defaultAudience: undefined,
  securityProfile: 'standard',
  tokenBinding: 'optional',
  dpopNonces: false,
  statusLists: true,
  clientRegistration: 'off',
  registrationScopes: [],
  clientIdMetadataHosts: [],
  quotaMode: 'off',
  tokensPerHour: undefined,
  tokensPerDay: undefined,
  realmTokensPerHour: undefined,
  realmTokensPerDay: undefined,
  tokenReuseSeconds: TOKEN_REUSE_OFF,
  claims: [],
  secretLifetimeMax: undefined,
  secretRotationForced: false,
  rsaKeyBitsMin: RSA_KEY_BITS_MIN_DEFAULT,
  keyRotationPeriod: KEY_ROTATION_PERIOD_DEFAULT,
  keptAttributes: undefined,
  revision: 1,
});

/** The administration API of a realm: its scopes are the permissions. */
export const newAdminApi = (name: string, now: number): Api => ({
  realm: name,
  id: ADMIN_API_ID,
  identifier: ADMIN_API_IDENTIFIER,
  name: 'Tessera administration',
  scopes: Object.entries(PERMISSIONS).map(([scope, description]) => ({
    name: scope,
    description,
  })),
  authorizationDetailTypes: [],
  tokenFormat: undefined,
  signingAlgorithm: undefined,
  accessTokenLifetime: undefined,
  tokenBinding: 'optional',
  introspectionClients: [],
  claims: [],
  claimsHook: undefined,
  createdAt: numericDate(now),
  revision: 1,
});

/** Makes it ready outside the transaction, for keys take their time. */
export async function prepareRealm(
  env: Pick<Environment, 'keyRing'>,
  name: string,
  displayName: string,
  now: NumericDate,
): Promise<NewRealm> {
  const created = { createdAt: now, revision: 1 };
  return {
    realm: { name, displayName, enabled: true, tokensValidFrom: numericDate(0), ...created },
    provider: newProvider(name),
    adminApi: newAdminApi(name, now),
    signingKey: newSigningKey(name, await env.keyRing.generate(FIRST_ALGORITHM), now),
  };
}

/** Writes it; nothing is written when the name is taken. */
export async function insertRealm(rows: Rows, prepared: NewRealm): Promise<'inserted' | 'taken'> {
  if ((await rows.realms.insert(prepared.realm)) === 'taken') return 'taken';
  await rows.providers.insert(prepared.provider);
  await rows.apis.insert(prepared.adminApi);
  await rows.signingKeys.insert(prepared.signingKey);
  return 'inserted';
}
