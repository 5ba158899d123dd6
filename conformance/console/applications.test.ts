/*
 * The list of applications: what it shows of each, how it is narrowed, changed in bulk and saved.
 */
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
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

const PASSWORD = 'brief-lantern-42-meadow';
const FORMULA = '=HYPERLINK("https://a.example")';
const DAY = 86_400;
/** More than two pages of what an answer holds at most. */
const MANY = 405;

/** A browser on a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

onEachDatabase(
  (world) => {
    let browser: Browser;
    let person: Visit;
    let page: Page;
    const table = () => page.getByRole('table', { name: 'Applications' });
    const row = (name: string) =>
      table()
        .getByRole('row')
        .filter({ has: page.getByRole('link', { name, exact: true }) });
    const select = (name: string) =>
      page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check();
    const isEnabled = async (clientId: string) =>
      (
        await world.administration.perform<{ enabled: boolean }>(
          'GET',
          `/api/realms/alpha/clients/${clientId}`,
        )
      ).enabled;

    beforeAll(async () => {
      browser = await openBrowser();
      const { administration, alpha } = world;
      const create = (realm: string, body: object) =>
        administration.perform<{ id: string; secret: { secret: string } }>(
          'POST',
          `/api/realms/${realm}/applications`,
          body,
        );
      const user = (realm: string, userName: string, roles: readonly string[] = []) =>
        administration.perform<{ id: string }>('POST', `/api/realms/${realm}/users`, {
          userName,
          roles,
          password: PASSWORD,
          passwordOneTime: false,
        });
      const olivia = await user('alpha', 'olivia');
      await user('alpha', 'audrey', ['auditor']);
      await world.createRealm('bravo');
      await user('bravo', 'bruno', ['realm-administrator']);
      const { id: apiId } = await administration.perform<{ id: string }>(
        'POST',
        '/api/realms/alpha/apis',
        {
          identifier: 'https://orders.example.com',
          name: 'Orders',
          scopes: [{ name: 'orders:read', description: '' }],
        },
      );
      const invoices = await create('alpha', {
        name: 'Invoices',
        owners: [olivia.id],
        client: { clientId: 'invoices', scopes: ['write'] },
      });
      await administration.perform('PUT', `/api/realms/alpha/clients/invoices/grants/${apiId}`, {
        scopes: ['orders:read'],
      });
      await administration.perform('POST', '/api/realms/alpha/clients/invoices/secrets', {
        label: 'short',
        expiresIn: 5 * DAY,
      });
      await alpha.token(
        { clientId: 'invoices', secret: invoices.secret.secret },
        { scope: 'write' },
      );
      await create('alpha', {
        name: 'Signs itself',
        client: { clientId: 'signs-itself', authenticationMethod: 'private_key_jwt' },
      });
      await create('alpha', { name: FORMULA, client: { clientId: 'formula' } });
      for (const name of ['one', 'two', 'three'])
        await create('alpha', { name: `Bulk ${name}`, client: { clientId: `bulk-${name}` } });
      for (let index = 0; index < MANY; index++)
        await create('bravo', { name: `Many ${index}`, client: { clientId: `many-${index}` } });
      person = await visit(browser, world);
      ({ page } = person);
      await signIn(person, ADMINISTRATOR);
    });
    afterAll(async () => {
      await browser?.close();
    });

    it('each stands there with what people need to know of it', async () => {
      await expect
        .poll(
          async () =>
            (
              await world.administration.perform<{
                items: readonly { lastUsedAt: number | null; answeredByDay: readonly number[] }[];
              }>('GET', '/api/realms/alpha/application-summaries?search=invoices')
            ).items.map(({ lastUsedAt, answeredByDay }) => [lastUsedAt !== null, answeredByDay]),
          { timeout: 30_000 },
        )
        .toEqual([[true, [0, 0, 0, 0, 0, 0, 1]]]);
      await person.go('realms/alpha/applications');
      const invoices = row('Invoices');
      await invoices.getByText('invoices', { exact: true }).waitFor();
      for (const text of ['Secret', 'Enabled', 'olivia', 'in 5 days'])
        await invoices.getByText(text, { exact: true }).waitFor();
      await keepPicture(page, 'applications-light');
      await invoices.getByRole('link', { name: 'Orders' }).waitFor();
      await invoices
        .getByRole('img', {
          name: 'Requests answered with a token, the last 7 days: 0, 0, 0, 0, 0, 0, 1',
        })
        .waitFor();
      await row('Signs itself').getByText('Private key', { exact: true }).waitFor();
      await row('Signs itself').getByText('never', { exact: true }).waitFor();
      await row('Signs itself')
        .getByRole('img', { name: /the last 7 days: none/ })
        .waitFor();
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await invoices.getByRole('button', { name: 'Copy client id invoices' }).click();
      await invoices.getByRole('button', { name: 'Copy client id invoices' }).waitFor();
      expect(person.complaints).toEqual([]);
    });

    it('what it is narrowed to is in the address, and is kept by a reload', async () => {
      await person.go('realms/alpha/applications');
      await row('Signs itself').waitFor();
      await page.getByRole('combobox', { name: 'Expiry' }).click();
      await page.getByRole('option', { name: 'Expires in 7 days' }).click();
      await row('Signs itself').waitFor({ state: 'detached' });
      await row('Invoices').waitFor();
      await page.reload();
      await row('Invoices').waitFor();
      expect(new URL(page.url()).searchParams.get('expiring')).toBe('7');
      expect(await table().getByRole('row').count()).toBe(2);
      await page.getByRole('combobox', { name: 'Status' }).click();
      await page.getByRole('option', { name: 'Disabled' }).click();
      await page.getByText('Nothing found').waitFor();
      await page.getByRole('main').getByRole('button', { name: 'Show all' }).first().click();
      await row('Signs itself').waitFor();
      await page.getByRole('textbox', { name: 'Search applications' }).fill('SIGNS-IT');
      await row('Invoices').waitFor({ state: 'detached' });
      await row('Signs itself').waitFor();
      await expect.poll(() => new URL(page.url()).searchParams.get('search')).toBe('SIGNS-IT');
    });

    it('those that nobody used are found', async () => {
      const before = Math.floor(Date.now() / 1_000) + 2 * DAY;
      // Nothing here is a month old: the browser is told that it is later than it is.
      await person.context.clock.setFixedTime((before + 30 * DAY) * 1_000);
      await person.go('realms/alpha/applications?unused=30');
      await row('Signs itself').waitFor();
      expect(await row('Invoices').count()).toBe(1);
      await person.context.clock.setFixedTime(Date.now());
      await person.go('realms/alpha/applications?unused=30');
      await page.getByText('Nothing found').waitFor();
    });

    describe('several at once', () => {
      it('are disabled after a question, row by row; what one meets stops no other', async () => {
        await person.go('realms/alpha/applications?search=bulk');
        for (const name of ['Bulk one', 'Bulk two', 'Bulk three']) await select(name);
        await page.getByText('3 selected').waitFor();
        // Somebody else changes one of them meanwhile.
        await world.administration.change('/api/realms/alpha/clients/bulk-two', {
          description: 'Changed meanwhile',
        });
        await page.getByRole('button', { name: 'Disable' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByText('Disable 3 applications').waitFor();
        expect(await isEnabled('bulk-one')).toBe(true);
        await dialog.getByRole('button', { name: 'As commands' }).click();
        await dialog.getByText('tessera client update bulk-one').waitFor();
        await dialog.getByRole('button', { name: 'Disable' }).click();
        await dialog.getByText('2 applications done, 1 not').waitFor();
        await dialog
          .getByRole('listitem', { name: 'Bulk two' })
          .getByText('Somebody changed it meanwhile')
          .waitFor();
        await keepPicture(page, 'applications-bulk-light');
        await dialog.getByRole('button', { name: 'Close' }).last().click();
        expect(await isEnabled('bulk-one')).toBe(false);
        expect(await isEnabled('bulk-two')).toBe(true);
        await row('Bulk one').getByText('Disabled').waitFor();
        await page.getByText('1 selected').waitFor();
        await page.getByRole('button', { name: 'Disable' }).click();
        await dialog.getByRole('button', { name: 'Disable' }).click();
        await dialog.getByText('Disabled: 1 application.').waitFor();
        await dialog.getByRole('button', { name: 'Close' }).last().click();
        expect(await isEnabled('bulk-two')).toBe(false);
        expect(await page.getByRole('region', { name: 'Selected applications' }).count()).toBe(0);
      });

      it('are enabled again, all that are shown', async () => {
        await person.go('realms/alpha/applications?search=bulk&status=disabled');
        await row('Bulk one').waitFor();
        await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
        await page.getByText('3 selected').waitFor();
        await page.getByRole('button', { name: 'Enable' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByRole('button', { name: 'Enable' }).click();
        await dialog.getByText('Enabled: 3 applications.').waitFor();
        await dialog.getByRole('button', { name: 'Close' }).last().click();
        expect(await isEnabled('bulk-three')).toBe(true);
        await page.getByText('Nothing found').waitFor();
      });

      it('are for those who may change them: an auditor ticks nothing, an owner what is owned', async () => {
        const auditor = await visit(browser, world);
        await signIn(auditor, { userName: 'audrey', password: PASSWORD }, 'alpha');
        await auditor.go('realms/alpha/applications');
        await auditor.page.getByRole('link', { name: 'Invoices' }).waitFor();
        expect(await auditor.page.getByRole('checkbox').count()).toBe(0);
        await auditor.context.close();

        const owner = await visit(browser, world);
        await signIn(owner, { userName: 'olivia', password: PASSWORD }, 'alpha');
        await owner.go('realms/alpha/applications');
        await owner.page.getByRole('checkbox', { name: 'Select Invoices' }).check();
        expect(await owner.page.getByRole('link', { name: 'Signs itself' }).count()).toBe(0);
        await owner.page.getByRole('button', { name: 'Disable' }).click();
        const dialog = owner.page.getByRole('dialog');
        await dialog.getByRole('button', { name: 'Disable' }).click();
        await dialog.getByText('Disabled: 1 application.').waitFor();
        expect(await isEnabled('invoices')).toBe(false);
        await owner.context.close();
      });
    });

    describe('saved as a table', () => {
      const lines = async (download: Download): Promise<readonly string[]> => {
        const chunks: Buffer[] = [];
        for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
        return Buffer.concat(chunks).toString().trim().split('\r\n');
      };
      const save = async () => {
        const download = page.waitForEvent('download');
        await page.getByRole('button', { name: 'Export CSV' }).click();
        return lines(await download);
      };

      it('has every page of what the filters show, and nothing else', async () => {
        await person.go('realms/bravo/applications');
        await page.getByRole('link', { name: 'Many 1', exact: true }).waitFor();
        const [names, ...all] = await save();
        expect(names).toMatch(/^name,client id,description,enabled,/);
        expect(new Set(all.map((line) => line.split(',')[1]))).toHaveLength(MANY);
        await person.go('realms/bravo/applications?search=many-40');
        await page.getByRole('link', { name: 'Many 40', exact: true }).waitFor();
        const found = (await save()).slice(1).map((line) => line.split(',')[1]);
        expect([...found].toSorted((one = '', other = '') => one.localeCompare(other))).toEqual([
          'many-40',
          'many-400',
          'many-401',
          'many-402',
          'many-403',
          'many-404',
        ]);
      });

      it('no spreadsheet runs what is in it', async () => {
        await person.go('realms/alpha/applications?search=formula');
        await page.getByRole('link', { name: FORMULA }).waitFor();
        const [, line] = await save();
        expect(line).toMatch(/^"'=HYPERLINK\(""https:\/\/a\.example""\)",formula,/);
      });
    });

    it('of a realm that is none of theirs people see nothing, and are told so', async () => {
      const stranger = await visit(browser, world);
      await signIn(stranger, { userName: 'bruno', password: PASSWORD }, 'bravo');
      await stranger.go('realms/alpha/applications');
      await stranger.page.getByRole('alert').getByText('Realm out of reach').waitFor();
      await expectAccessible(stranger.page, 'refused');
      await keepPicture(stranger.page, 'applications-refused-light');
      expect(await stranger.page.getByRole('link', { name: 'Invoices' }).count()).toBe(0);
      await stranger.context.close();
    });

    it.each(['light', 'dark'] as const)(
      'every width has all of it, accessible, in %s colours',
      async (colorScheme) => {
        await page.emulateMedia({ colorScheme });
        for (const [width, height] of [
          [360, 800],
          [1280, 860],
          [2560, 1200],
        ] as const) {
          await page.setViewportSize({ width, height });
          await person.go('realms/alpha/applications');
          await page.getByRole('link', { name: 'Invoices', exact: true }).waitFor();
          await select('Invoices');
          await page.getByText('1 selected').waitFor();
          await expectAccessible(page, `${width}, ${colorScheme}`);
          expect(await findOverflow(page), String(width)).toBeLessThanOrEqual(0);
          await keepPicture(page, `applications-${width}-${colorScheme}`);
        }
        await page.setViewportSize({ width: 1280, height: 860 });
        await page.emulateMedia({ colorScheme: 'light' });
        expect(person.complaints).toEqual([]);
      },
    );
  },
  { databases: ['SQLite'] },
);
