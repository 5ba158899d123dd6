/* A realm that is taken from one server to an empty one with frodo is the same realm there. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { newKey } from '../signed.ts';
import { onEachDatabase, type World } from '../world.ts';
import { signInToAm } from './am.ts';
import { FRODO_TIMEOUT, type Frodo, openAccountFrodo } from './frodo.ts';
import { callIdm, type Idm } from './idm.ts';

vi.setConfig({ testTimeout: FRODO_TIMEOUT, hookTimeout: FRODO_TIMEOUT });

const CONFIG = '/realms/root/realms/alpha/realm-config';
const USERS = '/openidm/managed/alpha_user';
const APPLICATIONS = '/openidm/managed/alpha_application';

type Json = Readonly<Record<string, unknown>>;

/** Each differs from what a client is when nothing is said. */
const CLIENTS: Readonly<Record<string, Json>> = {
  plain: {
    coreOAuth2ClientConfig: {
      scopes: ['write|en|Change it', 'read'],
      defaultScopes: ['read'],
      clientName: ['Plain'],
      userpassword: 'a secret of somebody',
      accessTokenLifetime: 600,
      secretLabelIdentifier: 'plain',
    },
    advancedOAuth2ClientConfig: {
      grantTypes: ['client_credentials', 'authorization_code'],
      descriptions: ['What it is for'],
      javascriptOrigins: ['https://app.example.com', 'https://app.example.com'],
      customProperties: ['a=b'],
    },
  },
  keyed: {
    advancedOAuth2ClientConfig: {
      grantTypes: ['client_credentials'],
      tokenEndpointAuthMethod: 'private_key_jwt',
    },
    signEncOAuth2ClientConfig: {
      publicKeyLocation: 'jwks',
      jwkSet: JSON.stringify({ keys: [newKey().publicJwk, newKey('RS256').publicJwk] }),
    },
  },
  published: {
    advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'private_key_jwt' },
    signEncOAuth2ClientConfig: { jwksUri: 'https://client.example.com/keys' },
  },
  certified: {
    advancedOAuth2ClientConfig: {
      grantTypes: ['client_credentials'],
      tokenEndpointAuthMethod: 'tls_client_auth',
    },
    signEncOAuth2ClientConfig: {
      mTLSSubjectDN: 'CN=billing, O=Example',
      mTLSCertificateBoundAccessTokens: true,
    },
    overrideOAuth2ClientConfig: { providerOverridesEnabled: true, statelessTokensEnabled: false },
  },
  public: {
    coreOAuth2ClientConfig: {
      clientType: 'Public',
      status: 'Inactive',
      redirectionUris: ['https://app.example.com:443/callback'],
    },
  },
};

async function fill(world: World): Promise<void> {
  const am = await signInToAm(world);
  const idm = callIdm(world, { iPlanetDirectoryPro: am.tokenId });
  const succeed = ({ status, body }: { readonly status: number; readonly body: unknown }) =>
    expect(status, JSON.stringify(body)).toBeLessThan(300);
  for (const [id, body] of Object.entries(CLIENTS))
    succeed(await am.call('PUT', `${CONFIG}/agents/OAuth2Client/${id}`, body));
  await world.administration.perform('PUT', '/api/realms/alpha/clients/ours', {
    name: 'Made elsewhere',
    scopes: ['read'],
    keys: [newKey().publicJwk],
  });
  const { body: provider } = await am.call('GET', `${CONFIG}/services/oauth-oidc`);
  succeed(
    await am.call('PUT', `${CONFIG}/services/oauth-oidc`, {
      ...provider,
      coreOAuth2Config: { ...provider.coreOAuth2Config, accessTokenLifetime: 1_800 },
      advancedOAuth2Config: {
        ...provider.advancedOAuth2Config,
        supportedScopes: ['write|en|Change it'],
        defaultScopes: ['read'],
        tokenSigningAlgorithm: 'PS256',
      },
    }),
  );
  for (const [index, accountStatus] of ['active', 'inactive'].entries())
    succeed(
      await idm('PUT', `${USERS}/user-${index}`, {
        userName: `user${index}`,
        givenName: 'Ada',
        sn: 'Lovelace',
        mail: `user${index}@example.com`,
        accountStatus,
        custom_rank: index,
      }),
    );
  for (const id of ['plain', 'certified'])
    succeed(
      await idm('POST', `${APPLICATIONS}?_action=create`, {
        name: `App ${id}`,
        description: 'what it is for',
        icon: 'data:,x',
        ssoEntities: { oidcId: id },
        templateName: 'service',
        templateVersion: '1.0',
        uiConfig: { a: [1] },
      }),
    );
}

const FILES = [
  [['oauth', 'client'], 'allAlphaApplications.oauth2.app.json'],
  [['service'], 'allAlphaServices.service.json'],
  [['app'], 'allAlphaApplications.application.json'],
] as const;

async function exportAll(frodo: Frodo): Promise<readonly unknown[]> {
  for (const [words] of FILES) {
    const run = await frodo.run([...words, 'export', '-a']);
    expect(run, run.error).toMatchObject({ code: 0 });
  }
  return FILES.map(([, file]) => frodo.readFile(file));
}

async function importAll(frodo: Frodo, from: Frodo): Promise<void> {
  for (const [words, file] of FILES) {
    copyFileSync(join(from.home, file), join(frodo.home, file));
    const run = await frodo.run([...words, 'import', '-a', '-f', file]);
    expect(run, run.error).toMatchObject({ code: 0 });
  }
}

/** The users of one server into another, as frodo has no command for people. */
async function copyUsers(from: Idm, to: Idm): Promise<void> {
  const { body } = await from('GET', `${USERS}?_queryFilter=true`);
  for (const user of body.result) {
    const put = await to('PUT', `${USERS}/${user._id}`, user);
    expect(put.status, JSON.stringify(put.body)).toBe(201);
  }
}

/**
 * What is different in any two servers: when something was made, and how often it was changed. How AM
 * would write what was made without it is in what is exported.
 */
const OF_ITS_OWN = [
  'createdAt',
  'updatedAt',
  'tokensValidFrom',
  'revision',
  'lastUsedAt',
  'keptAttributes',
];

/** The realm as the administration API has it, with the credentials that clients publish. */
async function describeRealm({ administration }: World): Promise<unknown> {
  const path = '/api/realms/alpha';
  const list = async (what: string) =>
    (await administration.perform<{ items: readonly Json[] }>('GET', `${path}/${what}`)).items;
  const clients = await list('clients?limit=100');
  const listOf = async (clientId: unknown, kind: string) =>
    (await list(`clients/${clientId}/${kind}`)).map(({ id: _, ...credential }) => credential);
  const credentials = await Promise.all(
    clients.map(async ({ clientId }) => [
      clientId,
      await listOf(clientId, 'keys'),
      await listOf(clientId, 'certificates'),
    ]),
  );
  const realm = {
    clients,
    credentials,
    provider: await administration.perform('GET', `${path}/provider`),
    users: await list('users?limit=100'),
    applications: await list('applications?limit=100'),
  };
  return JSON.parse(JSON.stringify(realm), (key, value: unknown) =>
    OF_ITS_OWN.includes(key) ? undefined : value,
  );
}

onEachDatabase(
  (from) => {
    onEachDatabase(
      (to) => {
        let [source, target]: readonly Frodo[] = [];
        beforeAll(async () => {
          await fill(from);
          [source, target] = [await openAccountFrodo(from), await openAccountFrodo(to)];
        });
        afterAll(() => {
          for (const frodo of [source, target]) frodo?.remove();
        });

        it('what is exported here and imported there is the same realm, and exported the same', async () => {
          if (source === undefined || target === undefined) throw new Error('frodo is not there');
          const exported = await exportAll(source);
          const [here, there] = await Promise.all(
            [from, to].map(async (world) =>
              callIdm(world, { iPlanetDirectoryPro: (await signInToAm(world)).tokenId }),
            ),
          );
          if (here === undefined || there === undefined) throw new Error('nobody is signed in');
          await copyUsers(here, there);
          await importAll(target, source);
          expect(await exportAll(target)).toEqual(exported);
          expect(await describeRealm(to)).toEqual(await describeRealm(from));
          // Again, over what is there: nothing changes.
          await importAll(target, source);
          expect(await exportAll(target)).toEqual(exported);
        });
      },
      { databases: ['PostgreSQL'] },
    );
  },
  { databases: ['SQLite'] },
);
