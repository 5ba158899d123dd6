/* frodo, the command line that teams script PingAM with, as it comes from npm. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { onEachDatabase, type World } from '../world.ts';
import { signInToAm } from './am.ts';

const FRODO = join(
  dirname(createRequire(import.meta.url).resolve('@rockcarver/frodo-cli/package.json')),
  'dist/launch.cjs',
);

/** It loads all of itself for every command. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

type Run = { readonly code: number; readonly out: string; readonly error: string };

/** A home and a folder for files of its own. */
function frodoFor(world: World, home: string) {
  const host = `${world.publicUrl}/am`;
  return (words: readonly string[], realm: readonly string[] = ['alpha']): Promise<Run> =>
    new Promise((resolve) => {
      const login = [host, ...realm, 'admin', world.password];
      execFile(
        process.execPath,
        [FRODO, ...words, '--no-cache', '-m', 'classic', ...login],
        { cwd: home, env: { PATH: process.env['PATH'], HOME: home, NO_COLOR: '1' } },
        (error, out, stderr) =>
          resolve({ code: Number(error?.code ?? 0), out, error: stderr.toString() }),
      );
    });
}

/** What differs from one export to the next without anything having changed. */
const withoutRevisions = (file: string): unknown =>
  JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) =>
    ['_rev', 'meta', 'exportDate', 'origin'].includes(key) ? undefined : value,
  );

onEachDatabase(
  (world) => {
    let home = '';
    let frodo: ReturnType<typeof frodoFor>;
    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'tessera-frodo-'));
      frodo = frodoFor(world, home);
      const am = await signInToAm(world);
      for (const id of ['myClient', 'other'])
        await am.call('PUT', `/realms/root/realms/alpha/realm-config/agents/OAuth2Client/${id}`, {
          coreOAuth2ClientConfig: { scopes: ['write'], userpassword: 'a secret of somebody' },
          advancedOAuth2ClientConfig: { grantTypes: ['client_credentials'] },
        });
    });
    afterAll(() => rmSync(home, { recursive: true, force: true }));

    describe('in classic mode', () => {
      it.each([
        ['realm list', ['realm', 'list'], /^\/alpha$/m],
        ['realm describe', ['realm', 'describe'], /alpha/],
        [
          'oauth client list',
          ['oauth', 'client', 'list', '-l'],
          /myClient.*Active.*Confidential.*write/,
        ],
        ['service list', ['service', 'list'], /^oauth-oidc$/m],
      ])('%s', async (_, words, expected) => {
        const run = await frodo(words);
        expect(run, run.error).toMatchObject({ code: 0, out: expect.stringMatching(expected) });
      });

      it('info', async () => {
        const run = await frodo(['info'], []);
        expect(run.code, run.error).toBe(0);
        expect(run.out + run.error).toContain('classic');
      });

      it('exports a client, deletes it, imports it, and exports the same', async () => {
        const file = join(home, 'myClient.oauth2.app.json');
        const oauth = (...words: readonly string[]) => frodo(['oauth', 'client', ...words]);
        expect(await oauth('export', '-i', 'myClient')).toMatchObject({ code: 0 });
        const before = withoutRevisions(file);
        expect(await oauth('delete', '-i', 'myClient')).toMatchObject({ code: 0 });
        expect((await oauth('list')).out).not.toContain('myClient');
        expect(await oauth('import', '-i', 'myClient', '-f', file)).toMatchObject({ code: 0 });
        expect(await oauth('export', '-i', 'myClient')).toMatchObject({ code: 0 });
        expect(withoutRevisions(file)).toEqual(before);
      });

      it('exports and imports all of them, in one file and in a file each', async () => {
        const oauth = (...words: readonly string[]) => frodo(['oauth', 'client', ...words]);
        const file = join(home, 'allAlphaApplications.oauth2.app.json');
        expect(await oauth('export', '-a')).toMatchObject({ code: 0 });
        const before = withoutRevisions(file);
        for (const id of ['myClient', 'other'])
          expect(await oauth('delete', '-i', id)).toMatchObject({ code: 0 });
        expect(await oauth('import', '-a', '-f', file)).toMatchObject({ code: 0 });
        expect(await oauth('export', '-a')).toMatchObject({ code: 0 });
        expect(withoutRevisions(file)).toEqual(before);
        expect(await oauth('export', '-A')).toMatchObject({ code: 0 });
        expect(await oauth('import', '-A')).toMatchObject({ code: 0 });
      });

      it('exports and imports the services', async () => {
        const file = join(home, 'allAlphaServices.service.json');
        expect(await frodo(['service', 'export', '-a'])).toMatchObject({ code: 0 });
        const before = withoutRevisions(file);
        expect(await frodo(['service', 'import', '-a', '-f', file])).toMatchObject({ code: 0 });
        expect(await frodo(['service', 'export', '-a'])).toMatchObject({ code: 0 });
        expect(withoutRevisions(file)).toEqual(before);
      });

      it('keeps a connection', async () => {
        expect(await frodo(['conn', 'add', '--no-log-api'], [])).toMatchObject({ code: 0 });
      });
    });
  },
  { databases: ['SQLite'] },
);
