import { numericDate, ok, seconds } from '@tessera/protocol';
import type { Rows, Store } from '../../src/environment.ts';
import type { Api } from '../../src/model/api.ts';
import type { Application } from '../../src/model/application.ts';
import type { Client } from '../../src/model/client.ts';
import type { ClientGrant } from '../../src/model/client-grant.ts';
import type { Credential } from '../../src/model/credential.ts';
import type { Event, NewEvent, TrafficEventType } from '../../src/model/event.ts';
import type { InitialAccessToken } from '../../src/model/initial-access-token.ts';
import type { Provider } from '../../src/model/provider.ts';
import type { Realm } from '../../src/model/realm.ts';
import type { Session } from '../../src/model/session.ts';
import type { SigningKey } from '../../src/model/signing-key.ts';
import type { StoredToken } from '../../src/model/token.ts';
import type { TrustedAuthority } from '../../src/model/trusted-authority.ts';
import type { TrustedIssuer } from '../../src/model/trusted-issuer.ts';
import type { User } from '../../src/model/user.ts';

export const NOW = numericDate(1_800_000_000);

let lastNumber = 0;
/** A name that no other test of the file uses. */
export const newName = (prefix: string): string => `${prefix}-${++lastNumber}`;

export const aRealm = (name: string): Realm => ({
  name,
  displayName: `Realm ${name}`,
  enabled: true,
  tokensValidFrom: numericDate(0),
  createdAt: NOW,
  revision: 1,
});

export const aProvider = (realm: string): Provider => ({
  realm,
  grantTypes: ['client_credentials'],
  defaultScopes: ['read', 'write'],
  accessTokenLifetime: seconds(3_600),
  tokenFormat: 'jwt',
  signingAlgorithm: 'ES256',
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
  tokenReuseSeconds: seconds(0),
  claims: [{ name: 'tenant', template: '{{realm.name}}' }],
  secretLifetimeMax: seconds(31_536_000),
  secretRotationForced: true,
  rsaKeyBitsMin: 3072,
  keyRotationPeriod: seconds(7_776_000),
  keptAttributes: undefined,
  revision: 1,
});

export const aUser = (realm: string, id: string): User => ({
  realm,
  id,
  userName: `name.of.${id}`,
  givenName: 'Ada',
  familyName: 'Lovelace',
  email: 'ada@example.com',
  enabled: true,
  passwordHash: undefined,
  passwordOneTime: false,
  roles: ['auditor'],
  keptAttributes: undefined,
  createdAt: NOW,
  revision: 1,
});

export const aClient = (realm: string, clientId: string): Client => ({
  realm,
  clientId,
  name: `Client ${clientId}`,
  description: '',
  enabled: true,
  type: 'confidential',
  grantTypes: ['client_credentials'],
  authenticationMethod: 'client_secret_basic',
  strictAuthenticationMethod: false,
  assertionAlgorithm: undefined,
  assertionReuse: 'refused',
  tokenExchange: 'delegation',
  tokenBinding: 'optional',
  scopes: ['read', 'write'],
  defaultScopes: [],
  redirectUris: [],
  allowedAddresses: ['192.0.2.0/24', '2001:db8::/32'],
  accessTokenLifetime: undefined,
  tokenFormat: undefined,
  signingAlgorithm: undefined,
  quotaMode: undefined,
  tokensPerHour: undefined,
  tokensPerDay: undefined,
  tokenReuseSeconds: undefined,
  attributes: { team: 'payments' },
  origin: 'administrator',
  registeredMetadata: undefined,
  registrationTokenDigest: undefined,
  keptAttributes: undefined,
  tokensValidFrom: numericDate(0),
  createdAt: NOW,
  revision: 1,
});

export const aCredential = (realm: string, clientId: string, id: string): Credential => ({
  realm,
  clientId,
  id,
  label: 'main',
  material: {
    kind: 'secret',
    origin: 'generated',
    digest: `digest of ${id}`,
    lastFour: 'abcd',
  },
  createdAt: NOW,
  expiresAt: undefined,
  lastUsedAt: undefined,
  lastUsedAddress: undefined,
  revision: 1,
});

export const anInitialAccessToken = (realm: string, id: string): InitialAccessToken => ({
  realm,
  id,
  label: 'fleet',
  digest: `digest of ${id}`,
  scopes: ['read'],
  uses: 0,
  usesMax: 2,
  createdAt: NOW,
  expiresAt: numericDate(NOW + 3_600),
  revision: 1,
});

export const anApi = (realm: string, id: string): Api => ({
  realm,
  id,
  identifier: `https://${id}.example.com`,
  name: `API ${id}`,
  scopes: [{ name: 'read', description: 'Look' }],
  authorizationDetailTypes: [
    { type: `${id}_look`, description: 'Look', schema: { additionalProperties: false } },
  ],
  tokenFormat: undefined,
  signingAlgorithm: 'EdDSA',
  accessTokenLifetime: seconds(60),
  tokenBinding: 'optional',
  introspectionClients: [],
  claims: [
    { name: 'tier', value: { level: 3 } },
    { name: 'team', template: '{{client.attributes.team}}' },
  ],
  claimsHook: {
    url: `https://${id}.example.com/claims`,
    timeoutMilliseconds: 500,
    onFailure: 'refuse',
    cacheSeconds: 60,
  },
  createdAt: NOW,
  revision: 1,
});

export const aTrustedAuthority = (realm: string, id: string): TrustedAuthority => ({
  realm,
  id,
  name: `Authority ${id}`,
  certificate: 'Y2VydGlmaWNhdGU=',
  thumbprint: `thumbprint of ${id}`,
  createdAt: NOW,
  revision: 1,
});

export const aTrustedIssuer = (realm: string, id: string): TrustedIssuer => ({
  realm,
  id,
  name: `Issuer ${id}`,
  issuer: `https://${id}.example.com`,
  preset: 'oidc',
  jwksUri: `https://${id}.example.com/keys`,
  jwks: undefined,
  audience: undefined,
  algorithms: ['ES256', 'RS256'],
  lifetimeMax: seconds(600),
  assertionReuse: 'refused',
  uses: ['client'],
  enabled: true,
  createdAt: NOW,
  revision: 1,
});

export const aClientGrant = (realm: string, clientId: string, apiId: string): ClientGrant => ({
  realm,
  clientId,
  apiId,
  scopes: ['read'],
  authorizationDetailTypes: [`${apiId}_look`],
  createdAt: NOW,
  revision: 1,
});

export const anApplication = (realm: string, id: string): Application => ({
  realm,
  id,
  name: `Application ${id}`,
  description: 'What it is for',
  logoUri: undefined,
  template: 'service',
  clientId: `client-of-${id}`,
  owners: [],
  keptAttributes: undefined,
  createdAt: NOW,
  revision: 1,
});

export const aSigningKey = (realm: string, kid: string): SigningKey => ({
  realm,
  kid,
  algorithm: 'ES256',
  publicJwk: { kty: 'EC', kid, use: 'sig', alg: 'ES256', crv: 'P-256', x: 'x', y: 'y' },
  sealedPrivateKey: 'c2VhbGVk',
  state: 'published',
  createdAt: NOW,
  signsFrom: numericDate(NOW + 3_600),
  publishedUntil: undefined,
  revision: 1,
});

export const aToken = (realm: string, clientId: string, digest: string): StoredToken => ({
  digest,
  realm,
  issuer: `http://localhost:8080/am/oauth2/realms/root/realms/${realm}`,
  jti: `jti of ${digest}`,
  clientId,
  subject: clientId,
  actors: ['actor', 'earlier'],
  audience: ['https://one.example.com', 'https://two.example.com'],
  scope: ['read', 'write'],
  grantType: 'client_credentials',
  confirmation: undefined,
  issuedAt: NOW,
  expiresAt: numericDate(NOW + 3_600),
});

export const aSession = (realm: string, userId: string, digest: string): Session => ({
  digest,
  realm,
  id: digest.replaceAll(' ', '-'),
  userId,
  address: '192.0.2.1',
  userAgent: 'Browser/1.0',
  createdAt: NOW,
  lastSeenAt: NOW,
  expiresAt: numericDate(NOW + 3_600),
});

export const anEvent = (realm: string, given: Partial<NewEvent> = {}): NewEvent => ({
  at: NOW,
  realm,
  type: 'client.registered',
  actor: { kind: 'system', id: 'test' },
  subject: { kind: 'client', id: 'c1' },
  details: { label: 'main' },
  requestId: 'request-1',
  ...given,
});

export const aTrafficEvent = (
  realm: string,
  id: string,
  given: Partial<Event<TrafficEventType>> = {},
): Event<TrafficEventType> => ({
  ...anEvent(realm),
  id,
  type: 'token.issued',
  ...given,
});

/** Changes that nothing in the test refuses. */
export async function change(
  store: Store,
  realm: string,
  work: (rows: Rows) => Promise<unknown>,
): Promise<void> {
  await store.commit<undefined, never>(anEvent(realm), async (rows) => {
    await work(rows);
    return ok(undefined);
  });
}

/** A realm of its own, with the clients named. */
export async function newRealm(store: Store, ...clientIds: readonly string[]): Promise<string> {
  const realm = newName('realm');
  await change(store, realm, async (rows) => {
    await rows.realms.insert(aRealm(realm));
    for (const clientId of clientIds) await rows.clients.insert(aClient(realm, clientId));
  });
  return realm;
}
