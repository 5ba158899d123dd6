import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv, promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { onEachDatabase } from '../world.ts';
import {
  ADMINISTRATOR,
  expectAccessible,
  findOverflow,
  keepPicture,
  openBrowser,
  signIn,
  type Visit,
  visit,
} from './browser.ts';

/** A browser on a busy machine takes its time, and so do the compilers of languages. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const run = promisify(execFile);
const LANGUAGES = ['curl', 'Node', 'Python', 'Go', 'Java', '.NET', 'Terraform', 'Spring'];

/** What a program answers that says its version; undefined: it is not on this machine. */
const versionOf = async (program: string, ...words: readonly string[]) =>
  run(program, [...words]).then(
    ({ stdout, stderr }) => `${stdout}${stderr}`,
    () => undefined,
  );

onEachDatabase(
  (world) => {
    let browser: Browser;
    let person: Visit;
    let page: Page;
    /** Inside, so that Node finds the packages. */
    const folder = mkdtempSync(fileURLToPath(new URL('../snippets-', import.meta.url)));
    const dialog = () => page.getByRole('dialog');
    let secret = '';

    const openLanguage = async (name: string): Promise<string> => {
      await dialog().getByRole('tab', { name, exact: true }).click();
      const panel = dialog().getByRole('tabpanel');
      return (await panel.locator('pre').textContent()) ?? '';
    };
    const createMachine = async (name: string) => {
      await page.getByRole('button', { name: 'Machine in a minute' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill(name);
      await page.getByRole('combobox', { name: 'Scopes', exact: true }).fill('orders:read');
      await page.keyboard.press('Enter');
      await dialog().getByRole('button', { name: 'Create', exact: true }).click();
      await page.getByRole('dialog', { name: `${name} is ready` }).waitFor();
      secret = (await dialog().locator('code').nth(1).textContent()) ?? '';
    };
    const takeAlong = async (label: string): Promise<string> => {
      const download = page.waitForEvent('download');
      await dialog().getByRole('button', { name: label, exact: true }).click();
      return readFileSync(await (await download).path(), 'utf8');
    };
    const claimsOf = (jwt: string) =>
      JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
    const expectToken = (text: string) => {
      const [jwt] = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(text) ?? [];
      expect(jwt, text).toBeDefined();
      expect(claimsOf(jwt ?? '')).toMatchObject({ client_id: 'by-name', scope: 'orders:read' });
    };
    const environment = () => ({ ...process.env, CLIENT_SECRET: secret });

    beforeAll(async () => {
      browser = await openBrowser();
      person = await visit(browser, world);
      ({ page } = person);
      await signIn(person, ADMINISTRATOR);
      // From screen to screen, so that there is a way back within the page.
      await person.go('realms/alpha');
      await page.getByRole('link', { name: 'Applications' }).click();
      await createMachine('By name');
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    describe('files that are taken along', () => {
      it('.env is read by Node.js', async () => {
        expect(parseEnv(await takeAlong('.env'))).toEqual({
          TOKEN_ENDPOINT: `${world.alpha.issuer}/access_token`,
          CLIENT_ID: 'by-name',
          CLIENT_SECRET: secret,
          SCOPE: 'orders:read',
        });
      });

      it('JSON is JSON', async () => {
        expect(JSON.parse(await takeAlong('JSON'))).toEqual({
          token_endpoint: `${world.alpha.issuer}/access_token`,
          client_id: 'by-name',
          client_secret: secret,
          scope: 'orders:read',
        });
      });

      it('a Kubernetes Secret holds it in base64', async () => {
        const text = await takeAlong('Kubernetes Secret');
        expect(text).toContain(`CLIENT_SECRET: "${Buffer.from(secret).toString('base64')}"`);
        expect(text).toContain('name: "by-name-credentials"');
      });
    });

    describe('code that is filled in', () => {
      it.each(LANGUAGES)('%s has this client, this server and this scope', async (name) => {
        const text = await openLanguage(name);
        expect(text).toContain('by-name');
        expect(text).toContain(world.alpha.issuer);
        expect(text).toContain('orders:read');
        if (name !== 'curl') expect(text).not.toContain(secret);
      });

      it('curl gets a token', async () => {
        const { stdout } = await run('sh', ['-c', await openLanguage('curl')]);
        expectToken(stdout);
      });

      it('Node gets a token', async () => {
        const file = join(folder, 'token.mjs');
        writeFileSync(file, `${await openLanguage('Node')}\nconsole.log(accessToken);\n`);
        const { stdout } = await run(process.execPath, [file], { env: environment() });
        expectToken(stdout);
      });

      it('Python gets a token, where it is on the machine with requests', async () => {
        const text = await openLanguage('Python');
        if ((await versionOf('python3', '-c', 'import requests')) === undefined) return;
        const { stdout } = await run('python3', ['-c', `${text}\nprint(access_token)`], {
          env: environment(),
        });
        expectToken(stdout);
      });

      it('Java gets a token, where a compiler is on the machine', async () => {
        const text = await openLanguage('Java');
        if ((await versionOf('javac', '-version')) === undefined) return;
        const file = join(folder, 'Token.java');
        writeFileSync(file, text);
        expectToken((await run('java', [file], { env: environment() })).stdout);
      });

      it('Go and Terraform are as their formatters would have them, where these are', async () => {
        const file = join(folder, 'token.go');
        writeFileSync(file, `${await openLanguage('Go')}\n`);
        const hasGo = (await versionOf('go', 'version')) !== undefined;
        expect(hasGo ? (await run('gofmt', ['-l', file])).stdout : '').toBe('');
        const plan = join(folder, 'token.tf');
        writeFileSync(plan, `${await openLanguage('Terraform')}\n`);
        const hasTerraform = (await versionOf('terraform', 'version')) !== undefined;
        const format = () => run('terraform', ['fmt', '-check', '-diff', plan]);
        expect(hasTerraform ? (await format()).stdout : '').toBe('');
      });

      it('Request a token now shows the answer in place', async () => {
        await dialog().getByRole('button', { name: 'Request a token now' }).click();
        await dialog().getByRole('status').getByText('200').waitFor();
        await dialog().getByText('"client_id": "by-name"').waitFor();
        await expectAccessible(page, 'the secret, shown');
      });
    });

    describe('before it is stored', () => {
      const stays = async () => {
        await dialog().getByText('Not stored yet').waitFor();
        expect(await dialog().getByText(secret, { exact: true }).count()).toBe(1);
        return true;
      };

      it('Escape leads nowhere', async () => {
        await page.keyboard.press('Escape');
        expect(await stays()).toBe(true);
      });

      it('neither does a click beside it, or on the way out', async () => {
        await page.mouse.click(5, 400);
        await stays();
        await dialog().getByRole('button', { name: 'Close' }).click();
        await stays();
        expect(await dialog().getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
      });

      it('nor does the way back', async () => {
        await page.evaluate('history.back()');
        await stays();
        expect(page.url()).toContain('/realms/alpha/applications');
      });

      it('the browser asks before the tab is closed', async () => {
        const asked = new Promise<string>((resolve) => {
          page.once('dialog', async (question) => {
            resolve(question.type());
            await question.dismiss();
          });
        });
        await page.close({ runBeforeUnload: true });
        expect(await asked).toBe('beforeunload');
        await stays();
      });

      it('once it is stored, everything leads away', async () => {
        await dialog().getByRole('checkbox', { name: 'I have stored it' }).check();
        await dialog().getByRole('link', { name: 'To the application' }).click();
        await page.getByRole('heading', { name: 'By name', level: 1 }).waitFor();
        expect(person.complaints).toEqual([]);
      });
    });

    describe('a secret that a person chose', () => {
      it('that files cannot agree on is not offered as .env, and is right in all else', async () => {
        const odd = `it's $5 \\ "quoted" & ünïcode %`;
        await person.go('realms/alpha/applications');
        await page.getByRole('link', { name: 'By name' }).click();
        await page.getByRole('tab', { name: 'Credentials' }).click();
        await page.getByRole('button', { name: 'Add a credential' }).click();
        await page.getByRole('menuitem', { name: 'Secret of your own' }).click();
        await dialog().getByRole('textbox', { name: 'Client Secret' }).fill(odd);
        await dialog().getByRole('button', { name: 'Set secret' }).click();
        await page.getByRole('dialog', { name: 'Client secret set' }).waitFor();
        secret = odd;
        expect(await dialog().getByRole('button', { name: '.env' }).isDisabled()).toBe(true);
        await dialog().getByText('do not agree on some characters').waitFor();
        expect(JSON.parse(await takeAlong('JSON'))).toMatchObject({ client_secret: odd });
        const { stdout } = await run('sh', ['-c', await openLanguage('curl')]);
        expectToken(stdout);
        const file = join(folder, 'odd.mjs');
        writeFileSync(file, `${await openLanguage('Node')}\nconsole.log(accessToken);\n`);
        expectToken((await run(process.execPath, [file], { env: environment() })).stdout);
        await dialog().getByRole('button', { name: 'Request a token now' }).click();
        await dialog().getByRole('status').getByText('200').waitFor();
        await dialog().getByRole('checkbox', { name: 'I have stored it' }).check();
        await dialog().getByRole('button', { name: 'Done' }).click();
      });
    });

    describe('what it looks like', () => {
      let other: Visit | undefined;
      afterEach(async () => {
        await other?.context.close();
      });

      it.each([
        ['light', 1280, 'Nightly invoices'],
        ['dark', 1280, 'Morning reports'],
        ['light', 360, 'Stock of the shop'],
        ['light', 2560, 'Parcels'],
      ] as const)(
        'in %s colours, %i pixels wide, for %s: accessible, and it fits',
        async (colorScheme, width, machine) => {
          other = await visit(browser, world, { colorScheme, width, height: 1000 });
          await signIn(other, ADMINISTRATOR);
          ({ page } = other);
          person = other;
          await person.go('realms/alpha/applications');
          await createMachine(machine);
          await dialog().getByRole('button', { name: 'Request a token now' }).click();
          await dialog().getByRole('status').getByText('200').waitFor();
          const name = width === 1280 ? colorScheme : width;
          await keepPicture(page, `secret-reveal-${name}`);
          await expectAccessible(page, `secret, ${name}`);
          expect(await findOverflow(page)).toBeLessThanOrEqual(0);
          await dialog().getByRole('checkbox', { name: 'I have stored it' }).check();
        },
      );
    });
  },
  { databases: ['SQLite'] },
);
