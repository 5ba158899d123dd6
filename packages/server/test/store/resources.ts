import { numericDate } from '@tessera/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Rows, Store, Table } from '../../src/environment.ts';
import type { Client } from '../../src/model/client.ts';
import type { InitialAccessToken } from '../../src/model/initial-access-token.ts';
import type { Provider } from '../../src/model/provider.ts';
import type { SigningKey } from '../../src/model/signing-key.ts';
import type { TrustedAuthority } from '../../src/model/trusted-authority.ts';
import type { TrustedIssuer } from '../../src/model/trusted-issuer.ts';
import * as fixtures from './fixtures.ts';
import { change, newName, newRealm } from './fixtures.ts';
import type { Opened } from './opened.ts';

type Kept = { readonly revision: number };

/** One resource as the contract sees it. */
type Case<M extends Kept> = {
  /** A value that is not there yet, in a realm that is. */
  readonly value: (realm: string) => M;
  readonly changed: (value: M) => M;
  readonly key: (value: M) => readonly string[];
  readonly table: (rows: Rows) => Table<M>;
  readonly find: (store: Store, value: M) => Promise<M | undefined>;
};

export function resourceContract(current: () => Opened): void {
  describe('realm', () =>
    resource(current, {
      value: () => fixtures.aRealm(newName('realm')),
      changed: (value) => ({ ...value, displayName: 'Other', enabled: false }),
      key: ({ name }) => [name],
      table: (rows) => rows.realms,
      find: (store, { name }) => store.realms.find(name),
    }));
  describe('provider', () =>
    resource<Provider>(current, {
      value: (realm) => fixtures.aProvider(realm),
      changed: (value) => ({ ...value, defaultAudience: 'https://api', tokenFormat: 'opaque' }),
      key: ({ realm }) => [realm],
      table: (rows) => rows.providers,
      find: (store, { realm }) => store.providers.find(realm),
    }));
  describe('user', () =>
    resource(current, {
      value: (realm) => fixtures.aUser(realm, newName('user')),
      changed: (value) => ({ ...value, passwordHash: '$argon2id$…', passwordOneTime: true }),
      key: ({ realm, id }) => [realm, id],
      table: (rows) => rows.users,
      find: (store, { realm, id }) => store.users.find(realm, id),
    }));
  describe('application', () =>
    resource(current, {
      value: (realm) => fixtures.anApplication(realm, newName('application')),
      changed: (value) => ({ ...value, logoUri: 'https://logo', owners: ['u2', 'u1'] }),
      key: ({ realm, id }) => [realm, id],
      table: (rows) => rows.applications,
      find: (store, { realm, id }) => store.applications.find(realm, id),
    }));
  describe('client', () =>
    resource<Client>(current, {
      value: (realm) => fixtures.aClient(realm, newName('client')),
      changed: (value) => ({
        ...value,
        enabled: false,
        strictAuthenticationMethod: true,
        tokenFormat: 'opaque',
        redirectUris: ['https://app/cb'],
        registeredMetadata: { contacts: ['ada@example.com'] },
        registrationTokenDigest: 'digest',
      }),
      key: ({ realm, clientId }) => [realm, clientId],
      table: (rows) => rows.clients,
      find: async (store, { realm, clientId }) =>
        (await store.clients.find(realm, clientId))?.client,
    }));
  describe('credential', () =>
    resource(current, {
      value: (realm) => fixtures.aCredential(realm, 'c1', newName('credential')),
      changed: (value) => ({ ...value, label: 'old', expiresAt: numericDate(2_000_000_000) }),
      key: ({ realm, clientId, id }) => [realm, clientId, id],
      table: (rows) => rows.credentials,
      find: async (store, { realm, clientId, id }) =>
        (await store.clients.find(realm, clientId))?.credentials.find((one) => one.id === id),
    }));
  describe('initial access token', () =>
    resource<InitialAccessToken>(current, {
      value: (realm) => fixtures.anInitialAccessToken(realm, newName('token')),
      changed: (value) => ({ ...value, uses: 2, scopes: undefined }),
      key: ({ realm, id }) => [realm, id],
      table: (rows) => rows.initialAccessTokens,
      find: (store, { realm, digest }) => store.initialAccessTokens.findByDigest(realm, digest),
    }));
  describe('API', () =>
    resource(current, {
      value: (realm) => fixtures.anApi(realm, newName('api')),
      changed: (value) => ({ ...value, scopes: [], introspectionClients: ['c1'] }),
      key: ({ realm, id }) => [realm, id],
      table: (rows) => rows.apis,
      find: (store, { realm, id }) => store.apis.find(realm, id),
    }));
  describe('client grant', () =>
    resource(current, {
      value: (realm) => fixtures.aClientGrant(realm, 'c1', 'a1'),
      changed: (value) => ({ ...value, scopes: ['read', 'write'] }),
      key: ({ realm, clientId, apiId }) => [realm, clientId, apiId],
      table: (rows) => rows.clientGrants,
      find: async (store, { realm, clientId, apiId }) =>
        (await store.clients.find(realm, clientId))?.grants.find((one) => one.apiId === apiId),
    }));
  describe('trusted authority', () =>
    resource<TrustedAuthority>(current, {
      value: (realm) => fixtures.aTrustedAuthority(realm, newName('authority')),
      changed: (value) => ({ ...value, name: 'Other' }),
      key: ({ realm, id }) => [realm, id],
      table: (rows) => rows.trustedAuthorities,
      find: async (store, { realm, id }) =>
        (await store.trustedAuthorities.all(realm)).find((one) => one.id === id),
    }));
  describe('trusted issuer', () =>
    resource<TrustedIssuer>(current, {
      value: (realm) => fixtures.aTrustedIssuer(realm, newName('issuer')),
      changed: (value) => ({
        ...value,
        jwksUri: undefined,
        jwks: [{ kty: 'OKP', crv: 'Ed25519', x: 'x', kid: 'k1' }],
        audience: 'urn:tessera',
        enabled: false,
      }),
      key: ({ realm, id }) => [realm, id],
      table: (rows) => rows.trustedIssuers,
      find: async (store, { realm, id }) =>
        (await store.trustedIssuers.all(realm)).find((one) => one.id === id),
    }));
  describe('signing key', () =>
    resource<SigningKey>(current, {
      value: (realm) => fixtures.aSigningKey(realm, newName('kid')),
      changed: (value) => ({ ...value, state: 'retired', publishedUntil: numericDate(1) }),
      key: ({ realm, kid }) => [realm, kid],
      table: (rows) => rows.signingKeys,
      find: async (store, { realm, kid }) =>
        (await store.signingKeys.all(realm)).find((one) => one.kid === kid),
    }));
}

function resource<M extends Kept>(
  current: () => Opened,
  { value: newValue, changed, key, table, find }: Case<M>,
): void {
  let store: Store;
  let realm: string;
  let value: M;
  beforeAll(async () => {
    ({ store } = current());
    realm = await newRealm(store, 'c1');
    await change(store, realm, (rows) => rows.apis.insert(fixtures.anApi(realm, 'a1')));
    value = newValue(realm);
  });
  const inside = async <T>(work: (rows: Table<M>) => Promise<T>): Promise<T> => {
    const answers: T[] = [];
    await change(store, realm, async (rows) => answers.push(await work(table(rows))));
    return answers[0] as T;
  };

  it('is not there before it is inserted', async () => {
    expect(await find(store, value)).toBeUndefined();
    expect(await inside((rows) => rows.find(...key(value)))).toBeUndefined();
    expect(await inside((rows) => rows.delete(...key(value)))).toBe('absent');
    expect(await inside((rows) => rows.update(value))).toBe('stale');
  });

  it('is found as it was inserted, and only once', async () => {
    expect(await inside((rows) => rows.insert(value))).toBe('inserted');
    expect(await inside((rows) => rows.insert(value))).toBe('taken');
    expect(await find(store, value)).toEqual(value);
    expect(await inside((rows) => rows.find(...key(value)))).toEqual(value);
  });

  it('is updated by whoever saw the latest revision', async () => {
    const update = changed(value);
    expect(await inside((rows) => rows.update(update))).toBe('updated');
    expect(await find(store, value)).toEqual({ ...update, revision: 2 });
    expect(await inside((rows) => rows.update(value))).toBe('stale');
    expect(await find(store, value)).toEqual({ ...update, revision: 2 });
  });

  it('is gone once it is deleted, and can be inserted again', async () => {
    expect(await inside((rows) => rows.delete(...key(value)))).toBe('deleted');
    expect(await find(store, value)).toBeUndefined();
    expect(await inside((rows) => rows.insert(value))).toBe('inserted');
    expect(await find(store, value)).toEqual(value);
  });

  it('does not take a key of the wrong length', async () => {
    await expect(inside((rows) => rows.find(...key(value), 'more'))).rejects.toThrow(TypeError);
  });
}
