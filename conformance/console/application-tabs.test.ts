import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ClientCredentials } from '../realm.ts';
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

/** A browser on a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const SITE = '192.0.2.7';

onEachDatabase(
  (world) => {
    let browser: Browser;
    let person: Visit;
    let page: Page;
    let screen = '';
    let client: ClientCredentials;
    const tokens = () => page.getByRole('table', { name: 'Tokens' }).getByRole('row');

    beforeAll(async () => {
      browser = await openBrowser();
      const made = await world.administration.perform<{
        id: string;
        secret: { secret: string };
      }>('POST', '/api/realms/alpha/applications', {
        name: 'Warehouse',
        description: 'Counts what is there',
        client: { clientId: 'warehouse', scopes: ['read', 'write'] },
      });
      client = { clientId: 'warehouse', secret: made.secret.secret };
      screen = `realms/alpha/applications/${made.id}`;
      person = await visit(browser, world);
      ({ page } = person);
      await signIn(person, ADMINISTRATOR);
    });
    afterAll(async () => {
      await browser?.close();
    });

    describe('the tokens of an application', () => {
      it('are there with what they are for, and one of them is revoked', async () => {
        const token = await world.alpha.token(client, { scope: 'read' });
        const other = await world.alpha.token(client, { scope: 'read write' });
        await person.go(`${screen}?tab=tokens`);
        await expect
          .poll(async () => {
            await page.getByRole('button', { name: 'Refresh' }).click();
            return tokens().count();
          })
          .toBe(3);
        const row = tokens().filter({ hasText: 'read write' });
        await row.getByText('Active').waitFor();
        await row.getByRole('button', { name: /^Actions/ }).click();
        await page.getByRole('menuitem', { name: 'Revoke' }).click();
        await row.getByText('Revoked').waitFor();
        expect((await world.alpha.introspect(other, client)).json).toEqual({ active: false });
        expect((await world.alpha.introspect(token, client)).json).toMatchObject({ active: true });
      });

      it('are all void once the client is told to start afresh; a new one is not', async () => {
        await page.getByRole('button', { name: 'Revoke all' }).click();
        await page.getByRole('textbox', { name: /to confirm/ }).fill('warehouse');
        await page
          .getByRole('dialog', { name: 'Revoke all tokens' })
          .getByRole('button', { name: 'Revoke all' })
          .click();
        await tokens().getByText('Revoked with all').waitFor();
        await world.alpha.token(client, { scope: 'write' });
        await expect
          .poll(async () => {
            await page.getByRole('button', { name: 'Refresh' }).click();
            return tokens().getByText('Active').count();
          })
          .toBe(1);
      });
    });

    describe('where a client may call from', () => {
      it('is said, and holds at once; what cannot be is told beside the field', async () => {
        const ask = (from: string) =>
          world.alpha.post(
            'access_token',
            { grant_type: 'client_credentials', scope: 'read' },
            { as: client, from },
          );
        type Secrets = { readonly items: readonly { readonly lastUsedAddress: string | null }[] };
        await expect
          .poll(
            async () => {
              expect((await ask(SITE)).status).toBe(200);
              const path = '/api/realms/alpha/clients/warehouse/secrets';
              return (await world.administration.perform<Secrets>('GET', path)).items[0];
            },
            { timeout: 10_000 },
          )
          .toMatchObject({ lastUsedAddress: SITE });
        await person.go(`${screen}?tab=limits`);
        const field = page.getByRole('combobox', { name: 'Addresses and networks' });
        await field.fill('10.1.2.3/8');
        await page.keyboard.press('Enter');
        const form = page.getByRole('region', { name: 'Allowed addresses' });
        await form.getByRole('button', { name: 'Save' }).click();
        await page.getByText('must be an IP address').first().waitFor();
        await keepPicture(page, 'restrictions-wrong-light');
        await field.press('Backspace');
        await field.fill('203.0.113.0/24');
        await page.keyboard.press('Enter');
        await page.getByText('It shuts out where the client was seen last').waitFor();
        await page.getByRole('alert').filter({ hasText: SITE }).waitFor();
        await keepPicture(page, 'restrictions-shut-out-light');
        await field.press('Backspace');
        await field.fill('192.0.2.0/24');
        await page.keyboard.press('Enter');
        await form.getByRole('button', { name: 'As a command' }).click();
        await page.getByText('--allowed-address 192.0.2.0/24').waitFor();
        await page.getByRole('button', { name: 'Close' }).click();
        await form.getByRole('button', { name: 'Save' }).click();
        await page.getByText('Restrictions saved').waitFor();
        expect((await ask(SITE)).status).toBe(200);
        expect((await ask('198.51.100.9')).json).toMatchObject({ error: 'invalid_client' });
        await expect
          .poll(async () => {
            await page.reload();
            await page.waitForLoadState('networkidle');
            return page.getByText('198.51.100.9').count();
          })
          .toBe(1);
      });
    });

    describe.each([
      ['light', 1280],
      ['dark', 1280],
      ['light', 360],
      ['light', 2560],
    ] as const)('in %s colours, %i pixels wide', (colorScheme, width) => {
      it.each(['tokens', 'limits'])('%s is accessible and fits', async (tab) => {
        const other = await visit(browser, world, { colorScheme, width, height: 1000 });
        await signIn(other, ADMINISTRATOR);
        await other.go(`${screen}?tab=${tab}`);
        await other.page.getByRole('heading', { level: 2 }).first().waitFor();
        await other.page.waitForLoadState('networkidle');
        await keepPicture(other.page, `application-${tab}-${width === 1280 ? colorScheme : width}`);
        await expectAccessible(other.page, `${tab}, ${colorScheme}, ${width}`);
        expect(await findOverflow(other.page)).toBeLessThanOrEqual(0);
        expect(other.complaints).toEqual([]);
        await other.context.close();
      });
    });
  },
  { databases: ['SQLite'] },
);
