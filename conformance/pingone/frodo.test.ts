/* frodo against this server, signed in with a password and as a service account. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { onEachDatabase, type World } from '../world.ts';
import { signInToAm } from './am.ts';
import { FRODO_TIMEOUT, type Frodo, openAccountFrodo, openClassicFrodo } from './frodo.ts';
import { callIdm } from './idm.ts';

vi.setConfig({ testTimeout: FRODO_TIMEOUT, hookTimeout: FRODO_TIMEOUT });

const DONE = { code: 0 };
const CLIENTS = ['myClient', 'other'];

async function createClients(world: World): Promise<void> {
  const am = await signInToAm(world);
  for (const id of CLIENTS)
    await am.call('PUT', `/realms/root/realms/alpha/realm-config/agents/OAuth2Client/${id}`, {
      coreOAuth2ClientConfig: { scopes: ['write'], userpassword: 'a secret of somebody' },
      advancedOAuth2ClientConfig: { grantTypes: ['client_credentials'] },
    });
}

onEachDatabase(
  (world) => {
    describe.each([
      ['with a password', openClassicFrodo],
      ['as a service account', openAccountFrodo],
    ])('%s', (_, open) => {
      let frodo: Frodo;
      beforeAll(async () => {
        await createClients(world);
        frodo = await open(world);
      });
      afterAll(() => frodo.remove());
      const oauth = (...words: readonly string[]) => frodo.run(['oauth', 'client', ...words]);

      it.each([
        ['realm list', ['realm', 'list'], /^\/alpha$/m],
        ['realm describe', ['realm', 'describe'], /alpha/],
        [
          'oauth client list',
          ['oauth', 'client', 'list', '-l'],
          /myClient.*Active.*Confidential.*write/,
        ],
        ['service list', ['service', 'list'], /^oauth-oidc$/m],
      ])('%s', async (_command, words, expected) => {
        const run = await frodo.run(words);
        expect(run, run.error).toMatchObject({ ...DONE, out: expect.stringMatching(expected) });
      });

      it('exports a client, deletes it, imports it, and exports the same', async () => {
        const file = 'myClient.oauth2.app.json';
        expect(await oauth('export', '-i', 'myClient')).toMatchObject(DONE);
        const before = frodo.readFile(file);
        expect(await oauth('delete', '-i', 'myClient')).toMatchObject(DONE);
        expect((await oauth('list')).out).not.toContain('myClient');
        expect(await oauth('import', '-i', 'myClient', '-f', file)).toMatchObject(DONE);
        expect(await oauth('export', '-i', 'myClient')).toMatchObject(DONE);
        expect(frodo.readFile(file)).toEqual(before);
      });

      it('exports and imports all of them, in one file and in a file each', async () => {
        const file = 'allAlphaApplications.oauth2.app.json';
        expect(await oauth('export', '-a')).toMatchObject(DONE);
        const before = frodo.readFile(file);
        for (const id of CLIENTS) expect(await oauth('delete', '-i', id)).toMatchObject(DONE);
        expect(await oauth('import', '-a', '-f', file)).toMatchObject(DONE);
        expect(await oauth('export', '-a')).toMatchObject(DONE);
        expect(frodo.readFile(file)).toEqual(before);
        expect(await oauth('export', '-A')).toMatchObject(DONE);
        expect(await oauth('import', '-A')).toMatchObject(DONE);
      });

      it('exports and imports the services', async () => {
        const file = 'allAlphaServices.service.json';
        expect(await frodo.run(['service', 'export', '-a'])).toMatchObject(DONE);
        const before = frodo.readFile(file);
        expect(await frodo.run(['service', 'import', '-a', '-f', file])).toMatchObject(DONE);
        expect(await frodo.run(['service', 'export', '-a'])).toMatchObject(DONE);
        expect(frodo.readFile(file)).toEqual(before);
      });
    });

    describe('in classic mode', () => {
      let frodo: Frodo;
      beforeAll(async () => {
        frodo = await openClassicFrodo(world);
      });
      afterAll(() => frodo.remove());

      it('info', async () => {
        const run = await frodo.run(['info'], []);
        expect(run.code, run.error).toBe(0);
        expect(run.out + run.error).toContain('classic');
      });

      it('keeps a connection, and lists it', async () => {
        expect(await frodo.run(['conn', 'add', '--no-log-api'], [])).toMatchObject(DONE);
        const { out } = await frodo.execute(['conn', 'list']);
        expect(out.trim()).toBe(`${world.publicUrl}/am`);
      });
    });

    describe('applications, which frodo knows of service accounts alone', () => {
      let frodo: Frodo;
      beforeAll(async () => {
        await createClients(world);
        frodo = await openAccountFrodo(world);
        const { tokenId } = await signInToAm(world);
        const idm = callIdm(world, { iPlanetDirectoryPro: tokenId });
        for (const id of CLIENTS)
          await idm('POST', '/openidm/managed/alpha_application?_action=create', {
            name: `App ${id}`,
            description: 'what it is for',
            ssoEntities: { oidcId: id },
            templateName: 'service',
            templateVersion: '1.0',
          });
      });
      afterAll(() => frodo.remove());
      const app = (...words: readonly string[]) => frodo.run(['app', ...words]);

      it('app list', async () => {
        const run = await app('list', '-l');
        expect(run, run.error).toMatchObject({
          ...DONE,
          out: expect.stringMatching(/App myClient.*service.*1\.0.*what it is for/),
        });
      });

      it('exports one, deletes it with its client, imports it, and exports the same', async () => {
        const file = 'App-myClient.application.json';
        expect(await app('export', '-i', 'App myClient')).toMatchObject(DONE);
        const before = frodo.readFile(file);
        expect(await app('delete', '-i', 'App myClient')).toMatchObject(DONE);
        expect((await app('list')).out).not.toContain('App myClient');
        expect((await frodo.run(['oauth', 'client', 'list'])).out).not.toContain('myClient');
        expect(await app('import', '-i', 'App myClient', '-f', file)).toMatchObject(DONE);
        expect(await app('export', '-i', 'App myClient')).toMatchObject(DONE);
        expect(frodo.readFile(file)).toEqual(before);
      });

      it('exports, deletes and imports all of them, in one file and in a file each', async () => {
        const file = 'allAlphaApplications.application.json';
        expect(await app('export', '-a')).toMatchObject(DONE);
        const before = frodo.readFile(file);
        expect(await app('delete', '-a')).toMatchObject(DONE);
        expect((await app('list')).out).toBe('');
        expect(await app('import', '-a', '-f', file)).toMatchObject(DONE);
        expect(await app('export', '-a')).toMatchObject(DONE);
        expect(frodo.readFile(file)).toEqual(before);
        expect(await app('export', '-A')).toMatchObject(DONE);
        expect(await app('import', '-A')).toMatchObject(DONE);
      });

      it('keeps a connection with its account, and works with that alone', async () => {
        const words = ['conn', 'add', '--no-log-api', ...frodo.signIn, `${world.publicUrl}/am`];
        const added = await frodo.execute([...words, 'admin', world.password]);
        expect(added, added.error).toMatchObject(DONE);
        expect((await frodo.execute(['conn', 'list', '-l'])).out).toContain('frodo ');
        const listed = await frodo.execute(['app', 'list', '--no-cache', '127.0.0.1', 'alpha']);
        expect(listed, listed.error).toMatchObject({
          ...DONE,
          out: expect.stringContaining('App myClient'),
        });
      });
    });
  },
  { databases: ['SQLite'] },
);
