import type { SpentIdentifier } from '../environment.ts';
import type { Api } from '../model/api.ts';
import type { Application } from '../model/application.ts';
import type { Client } from '../model/client.ts';
import type { ClientGrant } from '../model/client-grant.ts';
import { type Credential, endOfCredential } from '../model/credential.ts';
import type { InitialAccessToken } from '../model/initial-access-token.ts';
import type { Provider } from '../model/provider.ts';
import type { Realm } from '../model/realm.ts';
import type { Session } from '../model/session.ts';
import type { SigningKey } from '../model/signing-key.ts';
import type { RevokedHolder, RevokedToken, StoredToken } from '../model/token.ts';
import type { TrustedAuthority } from '../model/trusted-authority.ts';
import type { TrustedIssuer } from '../model/trusted-issuer.ts';
import { type User, userNameKey } from '../model/user.ts';
import type { ChangeKind } from './changes.ts';
import { type Columns, type RowCodec, rowCodec } from './row-codec.ts';
import type { Schema, SqlValue } from './schema.ts';

/** How one resource is kept. */
export type Resource<M> = {
  readonly table: keyof Schema;
  readonly codec: RowCodec<M>;
  /** Members that make up the key, the realm first. */
  readonly key: readonly (keyof M & string)[];
  /** Columns that the model does not have, and what they follow from. */
  readonly derived: Readonly<Record<string, (model: M) => SqlValue>>;
  /** Columns that are written once, or by traffic alone. */
  readonly notUpdated: readonly string[];
  /** What a node forgets when a row changes: the kind, and which part of the key is the id. */
  readonly change: { readonly kind: ChangeKind; readonly keyPart: number };
};

/** What a search looks into: names and ids, in lower case. */
export const SEARCH_TEXT = 'search_text';

function resource<M>(
  table: keyof Schema,
  columns: Columns<M>,
  key: Resource<M>['key'],
  rest: Partial<Pick<Resource<M>, 'derived' | 'notUpdated'>> & Pick<Resource<M>, 'change'>,
): Resource<M> {
  return { table, codec: rowCodec(columns), key, derived: {}, notUpdated: [], ...rest };
}

export const REALMS = resource<Realm>(
  'realms',
  {
    name: 'text',
    displayName: 'text',
    enabled: 'boolean',
    tokensValidFrom: 'integer',
    createdAt: 'integer',
    revision: 'integer',
  },
  ['name'],
  {
    change: { kind: 'realms', keyPart: 0 },
    derived: { [SEARCH_TEXT]: ({ name, displayName }) => searchText(name, displayName) },
  },
);

export const PROVIDERS = resource<Provider>(
  'providers',
  {
    realm: 'text',
    grantTypes: 'json',
    defaultScopes: 'json',
    accessTokenLifetime: 'integer',
    tokenFormat: 'text',
    signingAlgorithm: 'text',
    defaultAudience: 'text',
    securityProfile: 'text',
    tokenBinding: 'text',
    dpopNonces: 'boolean',
    statusLists: 'boolean',
    clientRegistration: 'text',
    registrationScopes: 'json',
    clientIdMetadataHosts: 'json',
    quotaMode: 'text',
    tokensPerHour: 'integer',
    tokensPerDay: 'integer',
    realmTokensPerHour: 'integer',
    realmTokensPerDay: 'integer',
    tokenReuseSeconds: 'integer',
    claims: 'json',
    secretLifetimeMax: 'integer',
    secretRotationForced: 'boolean',
    rsaKeyBitsMin: 'integer',
    keyRotationPeriod: 'integer',
    keptAttributes: 'json',
    revision: 'integer',
  },
  ['realm'],
  { change: { kind: 'providers', keyPart: 0 } },
);

export const USERS = resource<User>(
  'users',
  {
    realm: 'text',
    id: 'text',
    userName: 'text',
    givenName: 'text',
    familyName: 'text',
    email: 'text',
    enabled: 'boolean',
    passwordHash: 'text',
    passwordOneTime: 'boolean',
    roles: 'json',
    keptAttributes: 'json',
    createdAt: 'integer',
    revision: 'integer',
  },
  ['realm', 'id'],
  {
    change: { kind: 'users', keyPart: 1 },
    derived: {
      user_name_key: ({ userName }) => userNameKey(userName),
      [SEARCH_TEXT]: ({ id, userName, givenName, familyName, email }) =>
        searchText(userName, givenName, familyName, email, id),
    },
  },
);

export const APPLICATIONS = resource<Application>(
  'applications',
  {
    realm: 'text',
    id: 'text',
    name: 'text',
    description: 'text',
    logoUri: 'text',
    template: 'text',
    clientId: 'text',
    owners: 'json',
    keptAttributes: 'json',
    createdAt: 'integer',
    revision: 'integer',
  },
  ['realm', 'id'],
  {
    change: { kind: 'applications', keyPart: 1 },
    derived: { [SEARCH_TEXT]: ({ id, name, clientId }) => searchText(name, clientId, id) },
  },
);

export const CLIENTS = resource<Client>(
  'clients',
  {
    realm: 'text',
    clientId: 'text',
    name: 'text',
    description: 'text',
    enabled: 'boolean',
    type: 'text',
    grantTypes: 'json',
    authenticationMethod: 'text',
    strictAuthenticationMethod: 'boolean',
    assertionAlgorithm: 'text',
    assertionReuse: 'text',
    tokenExchange: 'text',
    tokenBinding: 'text',
    scopes: 'json',
    defaultScopes: 'json',
    redirectUris: 'json',
    allowedAddresses: 'json',
    accessTokenLifetime: 'integer',
    tokenFormat: 'text',
    signingAlgorithm: 'text',
    quotaMode: 'text',
    tokensPerHour: 'integer',
    tokensPerDay: 'integer',
    tokenReuseSeconds: 'integer',
    attributes: 'json',
    origin: 'text',
    registeredMetadata: 'json',
    keptAttributes: 'json',
    registrationTokenDigest: 'text',
    tokensValidFrom: 'integer',
    createdAt: 'integer',
    revision: 'integer',
  },
  ['realm', 'clientId'],
  {
    change: { kind: 'clients', keyPart: 1 },
    derived: { [SEARCH_TEXT]: ({ clientId, name }) => searchText(clientId, name) },
  },
);

export const CREDENTIALS = resource<Credential>(
  'credentials',
  {
    realm: 'text',
    clientId: 'text',
    id: 'text',
    label: 'text',
    material: 'json',
    createdAt: 'integer',
    expiresAt: 'integer',
    lastUsedAt: 'integer',
    lastUsedAddress: 'text',
    revision: 'integer',
  },
  ['realm', 'clientId', 'id'],
  {
    change: { kind: 'clients', keyPart: 1 },
    derived: {
      issuer_id: ({ material }) => (material.kind === 'trusted_issuer' ? material.issuerId : null),
      ends_at: (credential) => endOfCredential(credential) ?? null,
      secret_since: ({ material, createdAt }) => (material.kind === 'secret' ? createdAt : null),
    },
    notUpdated: ['last_used_at', 'last_used_address'],
  },
);

export const INITIAL_ACCESS_TOKENS = resource<InitialAccessToken>(
  'initial_access_tokens',
  {
    realm: 'text',
    id: 'text',
    label: 'text',
    digest: 'text',
    scopes: 'json',
    uses: 'integer',
    usesMax: 'integer',
    createdAt: 'integer',
    expiresAt: 'integer',
    revision: 'integer',
  },
  ['realm', 'id'],
  {
    change: { kind: 'initial_access_tokens', keyPart: 1 },
    derived: { [SEARCH_TEXT]: ({ id, label }) => searchText(label, id) },
  },
);

export const APIS = resource<Api>(
  'apis',
  {
    realm: 'text',
    id: 'text',
    identifier: 'text',
    name: 'text',
    scopes: 'json',
    authorizationDetailTypes: 'json',
    tokenFormat: 'text',
    signingAlgorithm: 'text',
    accessTokenLifetime: 'integer',
    tokenBinding: 'text',
    introspectionClients: 'json',
    claims: 'json',
    claimsHook: 'json',
    createdAt: 'integer',
    revision: 'integer',
  },
  ['realm', 'id'],
  {
    change: { kind: 'apis', keyPart: 1 },
    derived: { [SEARCH_TEXT]: ({ id, identifier, name }) => searchText(name, identifier, id) },
  },
);

export const TRUSTED_AUTHORITIES = resource<TrustedAuthority>(
  'trusted_authorities',
  {
    realm: 'text',
    id: 'text',
    name: 'text',
    certificate: 'text',
    thumbprint: 'text',
    createdAt: 'integer',
    revision: 'integer',
  },
  ['realm', 'id'],
  { change: { kind: 'trusted_authorities', keyPart: 1 } },
);

export const TRUSTED_ISSUERS = resource<TrustedIssuer>(
  'trusted_issuers',
  {
    realm: 'text',
    id: 'text',
    name: 'text',
    issuer: 'text',
    preset: 'text',
    jwksUri: 'text',
    jwks: 'json',
    audience: 'text',
    algorithms: 'json',
    lifetimeMax: 'integer',
    assertionReuse: 'text',
    uses: 'json',
    enabled: 'boolean',
    createdAt: 'integer',
    revision: 'integer',
  },
  ['realm', 'id'],
  { change: { kind: 'trusted_issuers', keyPart: 1 } },
);

export const CLIENT_GRANTS = resource<ClientGrant>(
  'client_grants',
  {
    realm: 'text',
    clientId: 'text',
    apiId: 'text',
    scopes: 'json',
    authorizationDetailTypes: 'json',
    createdAt: 'integer',
    revision: 'integer',
  },
  ['realm', 'clientId', 'apiId'],
  { change: { kind: 'clients', keyPart: 1 } },
);

export const SIGNING_KEYS = resource<SigningKey>(
  'signing_keys',
  {
    realm: 'text',
    kid: 'text',
    algorithm: 'text',
    publicJwk: 'json',
    sealedPrivateKey: 'text',
    state: 'text',
    createdAt: 'integer',
    signsFrom: 'integer',
    publishedUntil: 'integer',
    revision: 'integer',
  },
  ['realm', 'kid'],
  { change: { kind: 'signing_keys', keyPart: 1 } },
);

export const TOKEN = rowCodec<StoredToken>({
  digest: 'text',
  realm: 'text',
  issuer: 'text',
  jti: 'text',
  clientId: 'text',
  subject: 'text',
  actors: 'json',
  audience: 'json',
  scope: 'json',
  authorizationDetails: 'json',
  grantType: 'text',
  confirmation: 'json',
  claims: 'json',
  issuedAt: 'integer',
  expiresAt: 'integer',
});

export const REVOKED_TOKEN = rowCodec<RevokedToken>({
  realm: 'text',
  jti: 'text',
  expiresAt: 'integer',
  statusList: 'text',
  statusIndex: 'integer',
});

export const REVOKED_HOLDER = rowCodec<RevokedHolder>({
  realm: 'text',
  clientId: 'text',
  revokedBefore: 'integer',
  expiresAt: 'integer',
});

export const SPENT_IDENTIFIER = rowCodec<SpentIdentifier>({
  digest: 'text',
  expiresAt: 'integer',
});

export const SESSIONS = resource<Session>(
  'sessions',
  {
    digest: 'text',
    realm: 'text',
    id: 'text',
    userId: 'text',
    address: 'text',
    userAgent: 'text',
    createdAt: 'integer',
    lastSeenAt: 'integer',
    expiresAt: 'integer',
  },
  ['realm', 'id'],
  // Forgotten by its digest, by which it is found.
  { change: { kind: 'sessions', keyPart: 1 } },
);

/** Longer names are found by how they begin: PostgreSQL indexes no more than 2,704 bytes. */
const SEARCH_TEXT_MAX = 400;

export const foldCase = (text: string): string => text.normalize('NFC').toLowerCase();

const searchText = (...parts: readonly string[]): string =>
  foldCase(parts.join('\n')).slice(0, SEARCH_TEXT_MAX);
