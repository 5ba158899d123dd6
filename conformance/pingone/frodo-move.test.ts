/* A realm that is taken from one server to an empty one with frodo is the same realm there. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { newKey } from '../signed.ts';
import { onEachDatabase, type World } from '../world.ts';
import { signInToAm } from './am.ts';
import { FRODO_TIMEOUT, type Frodo, openAccountFrodo, openClassicFrodo } from './frodo.ts';
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
async function describeRealm({ administration }: World): Promise<Json> {
  const path = '/api/realms/alpha';
  const list = async (what: string) =>
    (await administration.perform<{ items: readonly Json[] }>('GET', `${path}/${what}`)).items;
  const clients = await list('clients?limit=100');
  const listOf = async (clientId: unknown, kind: string) =>
    (await list(`clients/${clientId}/${kind}`)).map((credential) => ({
      ...credential,
      id: undefined,
    }));
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
  ) as Json;
}

/** Another realm of the same name, with nothing in it. */
async function empty(world: World): Promise<void> {
  const am = await signInToAm(world);
  expect((await am.call('DELETE', '/global-config/realms/L2FscGhh')).status).toBe(200);
  const body = { name: 'alpha', active: true, parentPath: '/', aliases: [] };
  expect((await am.call('POST', '/global-config/realms?_action=create', body)).status).toBe(201);
}

const idmOf = async (world: World): Promise<Idm> =>
  callIdm(world, { iPlanetDirectoryPro: (await signInToAm(world)).tokenId });

const DONE = { code: 0 };

onEachDatabase(
  (from) => {
    onEachDatabase(
      (to) => {
        const opened: Frodo[] = [];
        const openIn = async (world: World, open: typeof openAccountFrodo): Promise<Frodo> => {
          const frodo = await open(world);
          opened.push(frodo);
          return frodo;
        };
        beforeAll(() => fill(from));
        afterAll(() => {
          for (const frodo of opened) frodo.remove();
        });

        it('clients, services and applications are the same there, and exported the same', async () => {
          const source = await openIn(from, openAccountFrodo);
          const target = await openIn(to, openAccountFrodo);
          const exported = await exportAll(source);
          await copyUsers(await idmOf(from), await idmOf(to));
          await importAll(target, source);
          expect(await exportAll(target)).toEqual(exported);
          expect(await describeRealm(to)).toEqual(await describeRealm(from));
          // Again, over what is there: nothing changes.
          await importAll(target, source);
          expect(await exportAll(target)).toEqual(exported);
        });

        it.each([
          ['as a service account', openAccountFrodo, ['applications', 'users']],
          // In this mode frodo knows nothing of applications.
          ['with a password', openClassicFrodo, []],
        ] as const)('so is all that frodo knows of a realm, %s', async (_, open, alsoTheSame) => {
          await empty(to);
          const source = await openIn(from, open);
          const target = await openIn(to, open);
          const file = 'alpha.config.json';
          const exported = await source.run(['config', 'export', '-ar', '-f', file]);
          expect(exported, exported.error).toMatchObject(DONE);
          copyFileSync(join(source.home, file), join(target.home, file));
          await copyUsers(await idmOf(from), await idmOf(to));
          const imported = await target.run(['config', 'import', '-a', '-f', file]);
          expect(imported, imported.error).toMatchObject(DONE);
          const again = await target.run(['config', 'export', '-ar', '-f', 'again.json']);
          expect(again, again.error).toMatchObject(DONE);
          expect(target.readFile('again.json')).toEqual(source.readFile(file));
          const [there, here] = [await describeRealm(to), await describeRealm(from)];
          for (const part of ['clients', 'credentials', 'provider', ...alsoTheSame] as const)
            expect(there[part], part).toEqual(here[part]);
        });
      },
      { databases: ['PostgreSQL'] },
    );
  },
  { databases: ['SQLite'] },
);
