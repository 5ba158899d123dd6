/*
 * The server goes away under an open page, and comes back: nothing that was typed is lost, and what
 * was asked for meanwhile is shown.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
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

/** A browser on a busy machine takes its time, and a server its own to start. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

onEachDatabase(
  (world) => {
    let browser: Browser;
    let person: Visit;
    let application = '';
    const banner = () => person.page.getByRole('alert').filter({ hasText: 'No connection since' });
    beforeAll(async () => {
      browser = await openBrowser();
      const { id } = await world.administration.perform<{ id: string }>(
        'POST',
        '/api/realms/alpha/applications',
        { name: 'Invoices', client: { clientId: 'invoices', scopes: ['write'] } },
      );
      application = `realms/alpha/applications/${id}`;
      person = await visit(browser, world);
      await signIn(person, ADMINISTRATOR);
    });
    afterAll(async () => {
      await browser?.close();
    });

    it('the page says so and since when, keeps what was typed, and saves it once the server is back', async () => {
      const { page } = person;
      await person.go(application);
      const field = page.getByRole('textbox', { name: 'Description' });
      await field.fill('Typed before it went away');
      await world.whileAway(async () => {
        await page.getByRole('button', { name: 'Save' }).click();
        await banner().waitFor();
        expect(await banner().textContent()).toMatch(/No connection since .*\d:\d\d/);
        await page.getByText('Your input is kept').waitFor();
        await field.fill('Typed while it was away');
        await expectAccessible(page, 'offline');
        await keepPicture(page, 'offline-light');
        for (const colorScheme of ['dark', 'light'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width: 360, height: 800 });
          expect(await findOverflow(page)).toBeLessThanOrEqual(0);
          await expectAccessible(page, `offline, 360, ${colorScheme}`);
          await keepPicture(page, `offline-360-${colorScheme}`);
        }
        await page.setViewportSize({ width: 1280, height: 860 });
      });
      await banner().waitFor({ state: 'detached' });
      await page.getByText('The server answers again').waitFor();
      expect(await field.inputValue()).toBe('Typed while it was away');
      await page.getByRole('button', { name: 'Save' }).click();
      await expect
        .poll(
          async () =>
            (
              await world.administration.perform<{ description: string }>(
                'GET',
                `/api/${application}`,
              )
            ).description,
        )
        .toBe('Typed while it was away');
    });

    it('what was asked for meanwhile is shown without asking again, also a screen that was never open', async () => {
      const { page } = person;
      await person.go('realms/alpha/applications');
      await page.getByRole('link', { name: 'Invoices', exact: true }).waitFor();
      await world.administration.perform('POST', '/api/realms/alpha/applications', {
        name: 'Found later',
        client: { clientId: 'later' },
      });
      await world.whileAway(async () => {
        await page.getByRole('textbox', { name: 'Search applications' }).fill('later');
        await banner().waitFor();
      });
      await page.getByRole('link', { name: 'Found later' }).waitFor();
      await banner().waitFor({ state: 'detached' });
      await world.whileAway(async () => {
        await page.getByRole('link', { name: 'Trust' }).click();
        await banner().waitFor();
        expect(await page.getByRole('link', { name: 'Trust' }).isVisible()).toBe(true);
      });
      await page.getByRole('heading', { name: 'Trust', level: 1 }).waitFor();
      await banner().waitFor({ state: 'detached' });
    });

    it('what stands there stays, however often it is asked for in vain', async () => {
      const { page } = person;
      await person.go('realms/alpha');
      const card = page.getByRole('region', { name: 'Tokens a minute' });
      await card.waitFor();
      let failed = 0;
      page.on('requestfailed', (request) => {
        if (request.url().includes('/usage/minutes')) failed++;
      });
      await world.whileAway(async () => {
        await banner().waitFor();
        await expect.poll(() => failed, { timeout: 60_000 }).toBeGreaterThan(4);
        expect(await card.isVisible()).toBe(true);
        expect(await page.getByRole('alert').count()).toBe(1);
      });
      await banner().waitFor({ state: 'detached' });
    });

    it('a page on which nobody does anything notices, and that it is over', async () => {
      const { page } = person;
      await person.go('server/api-reference');
      await page.getByRole('heading', { name: 'API reference', level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await world.whileAway(async () => {
        await banner().waitFor();
      });
      await banner().waitFor({ state: 'detached' });
      expect(await page.getByRole('heading', { name: 'API reference', level: 1 }).count()).toBe(1);
    });

    it('a proxy that answers for a server which is away is no answer', async () => {
      const { page } = person;
      await person.go('realms/alpha/applications');
      await page.getByRole('link', { name: 'Invoices', exact: true }).waitFor();
      const badGateway = { status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' };
      await page.route(/\/api\/|tessera\.svg/, (route) => route.fulfill(badGateway));
      await page.getByRole('textbox', { name: 'Search applications' }).fill('invo');
      await banner().waitFor();
      expect(await page.getByText('Something went wrong').count()).toBe(0);
      await page.unroute(/\/api\/|tessera\.svg/);
      await banner().waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Invoices', exact: true }).waitFor();
      expect(await page.getByText('Bad gateway').count()).toBe(0);
    });
  },
  { databases: ['SQLite'] },
);
