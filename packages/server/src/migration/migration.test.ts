import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realmFile } from '../contract/realm-file.ts';
import { type Converted, UnreadableConfiguration, withNewSecrets } from './converted.ts';
import { fromAuth0 } from './from-auth0.ts';
import { fromHydra } from './from-hydra.ts';
import { fromKeycloak } from './from-keycloak.ts';
import { fromPing } from './from-ping.ts';

/** Whatever is converted is a file that the server takes. */
const fileOf = ({ file }: Converted) => realmFile.parse(file);
const fateOf = ({ notes }: Converted, attribute: string) =>
  notes.find((note) => note.attribute === attribute)?.fate;

const wrapped = (value: unknown) => ({ inherited: false, value });

const PING_CLIENT = {
  _id: 'myClient',
  _rev: '7',
  _type: { _id: 'OAuth2Client', name: 'OAuth2 Clients', collection: true },
  _provider: { _id: '' },
  coreOAuth2ClientConfig: {
    status: wrapped('Active'),
    clientName: wrapped(['My client']),
    scopes: wrapped(['write|Change it', 'read']),
    refreshTokenLifetime: wrapped(604_800),
    'userpassword-encrypted': wrapped('AQIC'),
    somethingOfTomorrow: wrapped(1),
  },
  advancedOAuth2ClientConfig: { grantTypes: wrapped(['client_credentials', 'refresh_token']) },
  overrideOAuth2ClientConfig: { accessTokenModificationScript: '[Empty]' },
};

describe('PingAM', () => {
  it.each([
    ['frodo', { meta: {}, script: {}, application: { myClient: PING_CLIENT } }],
    ['Amster', { metadata: { entityType: 'OAuth2Clients' }, data: PING_CLIENT }],
    ['a list of AM', { result: [PING_CLIENT], resultCount: 1 }],
    ['AM itself', PING_CLIENT],
  ])('clients come from %s', (_, exported) => {
    const converted = fromPing([exported]);
    expect(fileOf(converted).clients).toMatchObject([
      {
        clientId: 'myClient',
        name: 'My client',
        scopes: ['write', 'read'],
        grantTypes: ['client_credentials', 'refresh_token'],
        secrets: [{ label: 'userpassword' }],
      },
    ]);
    expect(converted.withoutSecret).toEqual(['myClient']);
  });

  it('each attribute has its fate', () => {
    const converted = fromPing([PING_CLIENT]);
    expect(fateOf(converted, 'coreOAuth2ClientConfig/scopes')).toBe('mapped');
    expect(fateOf(converted, 'coreOAuth2ClientConfig/refreshTokenLifetime')).toBe('kept');
    expect(fateOf(converted, 'coreOAuth2ClientConfig/userpassword-encrypted')).toBe('dropped');
    expect(fateOf(converted, 'coreOAuth2ClientConfig/somethingOfTomorrow')).toBe('dropped');
    expect(JSON.stringify(converted.file)).not.toContain('AQIC');
  });
});

const KEYCLOAK = {
  realm: 'Shop & Sons',
  displayName: 'Shop',
  accessTokenLifespan: 300,
  sslRequired: 'external',
  clients: [
    { clientId: 'account', publicClient: true },
    {
      id: '6f5b',
      clientId: 'billing',
      name: 'Billing',
      enabled: true,
      clientAuthenticatorType: 'client-secret',
      secret: 'k2Vb0QW8pLmN7xYz',
      serviceAccountsEnabled: true,
      redirectUris: ['https://billing.example.com/back', 'https://*.example.com/*'],
      defaultClientScopes: ['orders'],
      optionalClientScopes: ['stock'],
      fullScopeAllowed: true,
      registrationAccessToken: 'something private',
      attributes: {
        'access.token.lifespan': '120',
        'client.secret.creation.time': '1700000000',
        'backchannel.logout.session.required': 'true',
      },
    },
    { clientId: 'masked', clientAuthenticatorType: 'client-secret', secret: '**********' },
    {
      clientId: 'signed',
      clientAuthenticatorType: 'client-jwt',
      serviceAccountsEnabled: true,
      attributes: { 'use.jwks.url': 'true', 'jwks.url': 'https://signed.example.com/keys' },
    },
  ],
};

describe('Keycloak', () => {
  const converted = fromKeycloak(KEYCLOAK);

  it('a realm with its clients, their methods, keys and secrets', () => {
    const file = fileOf(converted);
    expect(file.realm.name).toBe('shop-sons');
    expect(file.provider).toMatchObject({ accessTokenLifetime: 300 });
    expect(file.clients?.map(({ clientId }) => clientId)).toEqual(['billing', 'masked', 'signed']);
    expect(file.clients?.[0]).toMatchObject({
      grantTypes: ['client_credentials'],
      scopes: ['orders', 'stock'],
      defaultScopes: ['orders'],
      redirectUris: ['https://billing.example.com/back'],
      accessTokenLifetime: 120,
      secrets: [{ label: 'imported', secret: 'k2Vb0QW8pLmN7xYz' }],
    });
    expect(file.clients?.[2]).toMatchObject({
      authenticationMethod: 'private_key_jwt',
      keys: [{ jwksUri: 'https://signed.example.com/keys' }],
    });
  });

  it('a secret that is masked has to be made anew, and what may be one is not kept', () => {
    expect(converted.withoutSecret).toEqual(['masked']);
    expect(JSON.stringify(converted.file)).not.toContain('something private');
    expect(fateOf(converted, 'registrationAccessToken')).toBe('dropped');
    expect(fateOf(converted, 'fullScopeAllowed')).toBe('kept');
    expect(fateOf(converted, 'attributes.backchannel.logout.session.required')).toBe('kept');
  });
});

describe('new secrets for all', () => {
  const converted = withNewSecrets(fromKeycloak(KEYCLOAK));

  it('no secret comes along, and each such client is in the plan', () => {
    expect(JSON.stringify(fileOf(converted))).not.toContain('k2Vb0QW8pLmN7xYz');
    expect(converted.withoutSecret).toEqual(['masked', 'billing']);
    expect(fileOf(converted).clients?.[0]?.secrets).toMatchObject([{ label: 'imported' }]);
    expect(converted.notes).toContainEqual({
      object: 'client billing',
      attribute: 'secret',
      fate: 'dropped',
      why: 'a new one is made, as was asked for',
    });
  });
});

describe('Hydra', () => {
  it('clients with scopes, lifetimes and keys; secrets are only known as hashes there', () => {
    const converted = fromHydra({
      items: [
        {
          client_id: 'c1',
          client_name: 'One',
          grant_types: ['client_credentials'],
          scope: 'orders stock',
          token_endpoint_auth_method: 'client_secret_post',
          access_token_strategy: 'jwt',
          client_credentials_grant_access_token_lifespan: '1h30m0s',
          skip_consent: true,
        },
        {
          client_id: 'c2',
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code'],
        },
      ],
    });
    expect(fileOf(converted).clients).toMatchObject([
      {
        clientId: 'c1',
        scopes: ['orders', 'stock'],
        accessTokenLifetime: 5_400,
        tokenFormat: 'jwt',
      },
      { clientId: 'c2', type: 'public', grantTypes: [] },
    ]);
    expect(converted.withoutSecret).toEqual(['c1']);
    expect(fateOf(converted, 'skip_consent')).toBe('kept');
  });
});

describe('Auth0', () => {
  it('APIs, clients, and which of them may do what', () => {
    const converted = fromAuth0({
      clients: [
        {
          client_id: 'a1',
          name: 'Worker',
          grant_types: ['client_credentials'],
          token_endpoint_auth_method: 'client_secret_post',
          client_secret: 'never taken over',
        },
      ],
      resourceServers: [
        {
          identifier: 'https://orders.example.com',
          name: 'Orders',
          scopes: [{ value: 'orders:read' }],
        },
      ],
      clientGrants: [
        { client_id: 'Worker', audience: 'https://orders.example.com', scope: ['orders:read'] },
      ],
      connections: [],
    });
    expect(fileOf(converted)).toMatchObject({
      apis: [{ id: 'orders', scopes: [{ name: 'orders:read' }] }],
      clients: [{ clientId: 'a1', grants: [{ api: 'orders', scopes: ['orders:read'] }] }],
    });
    expect(JSON.stringify(converted.file)).not.toContain('never taken over');
  });
});

describe('whatever a file holds', () => {
  it.each([
    ['ping', (value: unknown) => fromPing([value])],
    ['keycloak', fromKeycloak],
    ['hydra', fromHydra],
    ['auth0', fromAuth0],
  ] as const)('%s reads it or says that it cannot', (_, convert) => {
    const member = fc.constantFrom('clients', 'items', 'application', 'data', 'attributes', 'x');
    const document = fc.oneof(fc.jsonValue(), fc.dictionary(member, fc.jsonValue()));
    fc.assert(
      fc.property(document, (value) => {
        try {
          convert(value);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableConfiguration);
        }
      }),
    );
  });
});
