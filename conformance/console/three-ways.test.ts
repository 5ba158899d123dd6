/*
 * The procedure of PingOne's page "Client credentials grant", done by clicking, by the administration
 * API, and by PingAM's and PingIDM's REST: whoever did it, what is there is the same.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { signInToAm } from '../pingone/am.ts';
import { callIdm } from '../pingone/idm.ts';
import { onEachDatabase, type World } from '../world.ts';
import { ADMINISTRATOR, openBrowser, signIn, visit } from './browser.ts';
import {
  createApplicationByClicking,
  createUserByClicking,
  emailOf,
  fillSignOnByClicking,
  OWNER,
  RESOURCE_OWNER,
  SIGN_IN_URL,
  USER_PASSWORD,
} from './procedure.ts';

type Json = Readonly<Record<string, unknown>>;

/** A realm whose provider lacks the grant, so that the last step of the procedure has work to do. */
async function prepareRealm(world: World, realm: string): Promise<void> {
  await world.createRealm(realm);
  await world.realm(realm).changeProvider({ grantTypes: [] });
}

async function byApi(world: World, realm: string): Promise<void> {
  const at = (path: string) => `/api/realms/${realm}/${path}`;
  const createUser = (userName: string) =>
    world.administration.perform<{ id: string }>('POST', at('users'), {
      userName,
      givenName: 'Avery',
      familyName: 'Example',
      email: emailOf(userName),
      password: USER_PASSWORD,
      passwordOneTime: false,
    });
  const owner = await createUser(OWNER);
  await world.administration.perform('POST', at('applications'), {
    name: 'myClient',
    template: 'web',
    owners: [owner.id],
    client: {
      clientId: 'myClient',
      secret: { secret: 'forgerock' },
      scopes: ['write'],
      redirectUris: [SIGN_IN_URL],
      grantTypes: ['client_credentials'],
    },
  });
  await createUser(RESOURCE_OWNER);
  await world.administration.change(at('provider'), { grantTypes: ['client_credentials'] });
}

async function byRest(world: World, realm: string): Promise<void> {
  const am = await signInToAm(world);
  const idm = callIdm(world, { iPlanetDirectoryPro: am.tokenId });
  const create = async (what: string, body: Json) => {
    const made = await idm('POST', `/openidm/managed/${realm}_${what}?_action=create`, body);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body;
  };
  const createUser = (userName: string) =>
    create('user', {
      userName,
      givenName: 'Avery',
      sn: 'Example',
      mail: emailOf(userName),
      password: USER_PASSWORD,
    });
  const configuration = `/realms/root/realms/${realm}/realm-config`;

  const owner = await createUser(OWNER);
  const client = await am.call('PUT', `${configuration}/agents/OAuth2Client/myClient`, {
    coreOAuth2ClientConfig: {
      clientName: ['myClient'],
      userpassword: 'forgerock',
      scopes: ['write'],
      redirectionUris: [SIGN_IN_URL],
    },
    advancedOAuth2ClientConfig: { grantTypes: ['client_credentials'] },
  });
  expect(client.status, JSON.stringify(client.body)).toBe(201);
  await create('application', {
    name: 'myClient',
    owners: [{ _ref: `managed/${realm}_user/${owner._id}` }],
    ssoEntities: { oidcId: 'myClient' },
    templateName: 'web',
    templateVersion: '1.0',
  });
  await createUser(RESOURCE_OWNER);
  const service = `${configuration}/services/oauth-oidc`;
  const { body: provider } = await am.call('GET', service);
  const put = await am.call('PUT', service, {
    ...provider,
    advancedOAuth2Config: { ...provider.advancedOAuth2Config, grantTypes: ['client_credentials'] },
  });
  expect(put.status, JSON.stringify(put.body)).toBe(200);
}

async function byConsole(page: Page, world: World, realm: string): Promise<void> {
  await page.goto(`${world.publicUrl}/console/realms/${realm}/users`);
  await createUserByClicking(page, realm, OWNER);
  await createApplicationByClicking(page);
  await fillSignOnByClicking(page);

  await page.getByRole('link', { name: 'Identities' }).click();
  await createUserByClicking(page, realm, RESOURCE_OWNER);
  await page.getByRole('link', { name: 'OAuth2 Provider' }).click();
  await page.getByRole('tab', { name: 'Advanced' }).click();
  await page.getByRole('combobox', { name: 'Grant Types' }).press('ArrowDown');
  await page.getByRole('option', { name: 'Client Credentials' }).click();
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await page.getByText('Settings saved').first().waitFor();
}

/** What no two objects can have alike: ids, instants, and how often something was changed. */
const ITS_OWN: ReadonlySet<string> = new Set([
  ...['id', 'realm', 'createdAt', 'tokensValidFrom', 'revision'],
  // What AM was sent word by word, to be given back so; it decides nothing.
  'keptAttributes',
  // What a secret is called: AM knows one, `userpassword`.
  'label',
]);

function withoutItsOwn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutItsOwn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !ITS_OWN.has(name))
      .map(([name, member]) => [name, withoutItsOwn(member)]),
  );
}

type Listed = { readonly items: readonly Json[] };

/** All that the administration API tells of a realm; users by their names, since ids differ. */
async function stateOf(world: World, realm: string) {
  const read = <T = Json>(path: string) =>
    world.administration.perform<T>('GET', `/api/realms/${realm}/${path}`);
  const users = (await read<Listed>('users')).items;
  const names = new Map(users.map(({ id, userName }) => [id, userName]));
  const [application] = (await read<Listed>('applications')).items;
  const { owners } = await read<{ owners: readonly string[] }>(
    `applications/${String(application?.['id'])}`,
  );
  return withoutItsOwn({
    users,
    applications: (await read<Listed>('applications')).items.map((one) => ({
      ...one,
      owners: owners.map((id) => names.get(id)),
    })),
    clients: (await read<Listed>('clients')).items,
    client: await read('clients/myClient'),
    secrets: (await read<Listed>('clients/myClient/secrets')).items,
    grants: (await read<Listed>('clients/myClient/grants')).items,
    apis: (await read<Listed>('apis')).items,
    provider: await read('provider'),
  });
}

/** A browser on a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

onEachDatabase((world) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });

  const requestToken = (realm: string) =>
    world.realm(realm).request({ clientId: 'myClient', secret: 'forgerock' }, { scope: 'write' });

  describe('the procedure of PingOne', () => {
    it('by clicking, by the administration API and by AM and IDM leads to one state', async () => {
      const person = await visit(browser, world);
      await signIn(person, ADMINISTRATOR);
      for (const realm of ['clicked', 'called', 'rested']) await prepareRealm(world, realm);
      await byConsole(person.page, world, 'clicked');
      await byApi(world, 'called');
      await byRest(world, 'rested');

      const called = await stateOf(world, 'called');
      expect(called).toMatchObject({
        users: [{ userName: OWNER }, { userName: RESOURCE_OWNER }],
        applications: [{ name: 'myClient', template: 'web', owners: [OWNER] }],
        client: { scopes: ['write'], redirectUris: [SIGN_IN_URL], type: 'confidential' },
        secrets: [{}],
        provider: { grantTypes: ['client_credentials'] },
      });
      expect(await stateOf(world, 'clicked')).toEqual(called);
      expect(await stateOf(world, 'rested')).toEqual(called);

      const answers: Json[] = [];
      for (const realm of ['clicked', 'called', 'rested']) {
        const { status, json } = await requestToken(realm);
        answers.push({ status, json: { ...(json as Json), access_token: '…' } });
      }
      expect(answers).toEqual(
        Array(3).fill({
          status: 200,
          json: { access_token: '…', scope: 'write', token_type: 'Bearer', expires_in: 3_599 },
        }),
      );
      expect(person.complaints).toEqual([]);
    });
  });
});
