import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { onEachDatabase } from '../world.ts';
import {
  ADMINISTRATOR,
  expectAccessible,
  expectScreen,
  openBrowser,
  signIn,
  type Visit,
  visit,
} from './browser.ts';

const SCREENS = [
  ['overview', 'realms/alpha', 'Overview'],
  ['applications', 'realms/alpha/applications', 'Applications'],
  ['new-machine', 'realms/alpha/applications?new=true', 'Applications'],
  ['users', 'realms/alpha/users', 'Alpha realm - Users'],
  ['provider-core', 'realms/alpha/oauth2-provider', 'OAuth2 Provider'],
  ['provider-advanced', 'realms/alpha/oauth2-provider?tab=advanced', 'OAuth2 Provider'],
  ['audit', 'realms/alpha/audit', 'Audit log'],
  ['application-details', 'APPLICATION', 'Invoices'],
  ['application-sign-on', 'APPLICATION?tab=sign-on', 'Invoices'],
  ['application-access', 'APPLICATION?tab=access', 'Invoices'],
  ['application-usage', 'APPLICATION?tab=usage', 'Invoices'],
  ['application-danger', 'APPLICATION?tab=danger', 'Invoices'],
] as const;

/** A browser on a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

onEachDatabase(
  (world) => {
    let browser: Browser;
    let application = '';
    beforeAll(async () => {
      browser = await openBrowser();
      const { administration } = world;
      await administration.perform('POST', '/api/realms/alpha/apis', {
        identifier: 'https://orders.example.com',
        name: 'Orders',
        scopes: [
          { name: 'orders:read', description: 'See orders' },
          { name: 'orders:write', description: 'Change orders' },
        ],
      });
      const { id } = await administration.perform<{ id: string }>(
        'POST',
        '/api/realms/alpha/applications',
        {
          name: 'Invoices',
          description: 'Sends invoices at night',
          client: { clientId: 'invoices', scopes: ['write'] },
        },
      );
      application = `realms/alpha/applications/${id}`;
    });
    afterAll(async () => {
      await browser?.close();
    });

    describe('for everybody, in all colours and widths', () => {
      let person: Visit;
      beforeAll(async () => {
        person = await visit(browser, world);
        await signIn(person, ADMINISTRATOR);
      });

      it.each(SCREENS)('%s', async (name, path, heading) => {
        await expectScreen(person, [name, path.replace('APPLICATION', application), heading]);
      });
    });

    it('the whole of it can be used by keyboard alone', async () => {
      const person = await visit(browser, world);
      const { page } = person;
      await signIn(person, ADMINISTRATOR);
      await person.go('realms/alpha');
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      await page.waitForLoadState('networkidle');
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder('Applications, clients, users, screens').fill('new appl');
      await page.getByText('New application').waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'A machine in a minute' }).waitFor();
      await page.keyboard.type('By keyboard');
      await page.keyboard.press('Tab');
      await page.keyboard.type('write');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'By keyboard is ready' }).waitFor();
      expect(person.complaints).toEqual([]);
      await person.context.close();
    });

    it('a part that cannot be fetched is told, and the rest loads again', async () => {
      const person = await visit(browser, world);
      const { page } = person;
      const loaded = new Set<string>();
      page.on('requestfinished', (request) => loaded.add(request.url()));
      await signIn(person, ADMINISTRATOR);
      await page.waitForLoadState('networkidle');
      await page.route(/\.js$/, (route) =>
        loaded.has(route.request().url()) ? route.continue() : route.abort(),
      );
      await page.getByRole('link', { name: 'Errors' }).click();
      await page.getByText('The console has to be loaded again').waitFor();
      await expectAccessible(page, 'not loaded');
      await page.unroute(/\.js$/);
      await page.getByRole('button', { name: 'Load again' }).click();
      await page.getByRole('heading', { name: 'Errors', level: 1 }).waitFor();
      await person.context.close();
    });

    it('the first load has at most 200 kB of script, packed', async () => {
      const person = await visit(browser, world);
      let bytes = 0;
      person.page.on('response', async (response) => {
        if (response.url().endsWith('.js'))
          bytes += Number((await response.allHeaders())['content-length'] ?? Number.NaN);
      });
      await person.go('');
      await person.page.getByRole('button', { name: 'Sign in' }).waitFor();
      await person.page.waitForLoadState('networkidle');
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThanOrEqual(200_000);
      await person.context.close();
    });
  },
  { databases: ['SQLite'] },
);
