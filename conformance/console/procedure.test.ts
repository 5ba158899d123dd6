import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { onEachDatabase, type World } from '../world.ts';
import { ADMINISTRATOR, keepPicture, openBrowser, signIn, type Visit, visit } from './browser.ts';
import {
  createApplicationByClicking,
  createUserByClicking,
  fillSignOnByClicking,
  OWNER,
  RESOURCE_OWNER,
  SIGN_IN_URL,
} from './procedure.ts';

/** What the curl line of PingOne's documentation gets. */
async function getToken(world: World, client: string, form: Record<string, string>) {
  const answer = await world.send({
    method: 'POST',
    path: '/am/oauth2/realms/root/realms/alpha/access_token',
    headers: {
      authorization: `Basic ${Buffer.from(client).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString(),
  });
  return { status: answer.status, json: JSON.parse(answer.text) as Record<string, unknown> };
}

/** A browser on a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

onEachDatabase(
  (world) => {
    let browser: Browser;
    let person: Visit;
    let page: Page;

    beforeAll(async () => {
      browser = await openBrowser();
      person = await visit(browser, world);
      ({ page } = person);
      await signIn(person, ADMINISTRATOR);
    });
    afterAll(async () => {
      await browser?.close();
    });

    describe('the procedure of PingOne, by clicking', () => {
      it('1 the application owner and 3 the resource owner get profiles', async () => {
        await page.getByRole('link', { name: 'Identities' }).click();
        await createUserByClicking(page, 'alpha', OWNER);
        await page.getByRole('link', { name: 'Identities' }).click();
        await createUserByClicking(page, 'alpha', RESOURCE_OWNER);
        const users = await world.administration.perform<{ items: readonly unknown[] }>(
          'GET',
          '/api/realms/alpha/users',
        );
        expect(users.items).toHaveLength(2);
      });

      it('2 + Custom Application, OIDC, Web, name, owner, client id and secret', async () => {
        await createApplicationByClicking(page);
        expect(
          (await getToken(world, 'myClient:forgerock', { scope: 'write' })).json['error'],
        ).toBe('invalid_scope');
      });

      it('2.4 on Sign On: sign-in URL, scope write, grant type Client Credentials; save', async () => {
        await fillSignOnByClicking(page);
        expect(
          await world.administration.perform('GET', '/api/realms/alpha/clients/myClient'),
        ).toMatchObject({
          redirectUris: [SIGN_IN_URL],
          scopes: ['write'],
          grantTypes: ['client_credentials'],
        });
        await keepPicture(page, 'sign-on');
      });

      it('4 OAuth2 Provider, Advanced: Grant Types includes Client Credentials', async () => {
        await page.getByRole('link', { name: 'OAuth2 Provider' }).click();
        await page.getByRole('tab', { name: 'Advanced' }).click();
        await expect
          .poll(() => page.getByRole('tabpanel').textContent())
          .toContain('Client Credentials');
        await keepPicture(page, 'oauth2-provider');
      });

      it('then the documented request gets exactly the documented members', async () => {
        const { status, json } = await getToken(world, 'myClient:forgerock', { scope: 'write' });
        expect(status).toBe(200);
        expect(Object.keys(json)).toEqual(['access_token', 'scope', 'token_type', 'expires_in']);
        expect(json['expires_in']).toBe(3599);
      });

      it('what is taken off in the provider is refused at once, and given back works again', async () => {
        await page.getByRole('combobox', { name: 'Grant Types' }).press('Backspace');
        await page.getByRole('button', { name: 'Save Changes' }).click();
        await page.getByText('Settings saved').first().waitFor();
        expect((await getToken(world, 'myClient:forgerock', {})).json['error']).toBe(
          'unsupported_grant_type',
        );
        await page.getByRole('combobox', { name: 'Grant Types' }).press('ArrowDown');
        await page.getByRole('option', { name: 'Client Credentials' }).click();
        await page.getByRole('button', { name: 'Save Changes' }).click();
        await expect
          .poll(
            async () => (await getToken(world, 'myClient:forgerock', { scope: 'write' })).status,
          )
          .toBe(200);
      });

      it('the browser has nothing to complain of: the policy is strict and kept', () => {
        expect(person.complaints).toEqual([]);
      });
    });

    describe('the short way', () => {
      it('one dialog, from nothing to a token, in a few clicks and seconds', async () => {
        await person.go('realms/alpha/applications');
        await page.getByRole('button', { name: 'Machine in a minute' }).waitFor();
        const started = performance.now();
        let clicks = 0;
        const click = async (name: string) => {
          clicks++;
          await page.getByRole('button', { name, exact: true }).click();
        };
        await click('Machine in a minute');
        await page.getByRole('textbox', { name: 'Name' }).fill('Nightly invoices');
        await page.getByRole('combobox', { name: 'Scopes', exact: true }).fill('write');
        await page.keyboard.press('Enter');
        await click('Create');
        await click('Request a token now');
        await page.getByRole('status').getByText('200').waitFor();
        await page.getByText('"client_id": "nightly-invoices"').waitFor();
        await keepPicture(page, 'machine-in-a-minute');
        expect(clicks).toBeLessThanOrEqual(3);
        expect(performance.now() - started).toBeLessThan(60_000);
        await page.getByRole('checkbox', { name: 'I have stored it' }).check();
        await page.getByRole('button', { name: 'Done' }).click();
      });
    });

    describe('rotation under traffic', () => {
      it('no request fails while the secret is replaced and both are in use', async () => {
        await person.go('realms/alpha/applications');
        await page.getByRole('link', { name: 'myClient' }).click();
        await page.getByRole('tab', { name: 'Sign On' }).click();
        let secret = 'forgerock';
        let running = true;
        const statuses = new Map<number, number>();
        const traffic = (async () => {
          while (running) {
            const { status } = await getToken(world, `myClient:${secret}`, { scope: 'write' });
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
          }
        })();
        await page.getByRole('button', { name: 'Reset' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByRole('button', { name: 'Reset' }).click();
        await page.getByRole('dialog', { name: 'Client secret reset' }).waitFor();
        const shown = await page.getByRole('dialog').locator('code').nth(1).textContent();
        expect(shown).toMatch(/^tsc_|^[\w.~-]{40,}$/);
        secret = shown ?? '';
        await expect.poll(() => statuses.get(200) ?? 0).toBeGreaterThan(20);
        running = false;
        await traffic;
        expect([...statuses.keys()]).toEqual([200]);
        await page.getByRole('checkbox', { name: 'I have stored it' }).check();
        await page.getByRole('button', { name: 'Done' }).click();
      });
    });
  },
  { databases: ['SQLite'] },
);
