/*
 * The first hour of a server: from one on which nothing was made to the first token, by the console.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ONE_TIME_PASSWORD, onEachDatabase } from '../world.ts';
import {
  expectAccessible,
  findOverflow,
  keepPicture,
  openBrowser,
  signIn,
  type Visit,
  visit,
} from './browser.ts';

const PASSWORD = 'brief-lantern-42-meadow';

/** A browser on a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Signs in with a password that is good for one thing, and chooses another. */
async function choosePassword({ page, go }: Visit, userName: string, given: string): Promise<void> {
  await go('');
  await page.getByRole('textbox', { name: 'User name' }).fill(userName);
  await page.getByRole('textbox', { name: 'Password' }).fill(given);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill(PASSWORD);
  await page.getByRole('textbox', { name: 'New password again' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('button', { name: /^Signed in as/ }).waitFor();
}

const ADMIN = { userName: 'admin', password: PASSWORD };

describe('a server on which nothing was made', () => {
  onEachDatabase(
    (world) => {
      let browser: Browser;
      let first: Visit;
      beforeAll(async () => {
        browser = await openBrowser();
        first = await visit(browser, world);
      });
      afterAll(async () => {
        await browser?.close();
      });

      it('leads its first administrator to a token', async () => {
        const { page } = first;
        await choosePassword(first, 'admin', ONE_TIME_PASSWORD);
        await page.getByRole('heading', { name: 'The address' }).waitFor();
        const issuer = `${world.publicUrl}/am/oauth2/realms/root`;
        await page.getByText(issuer, { exact: true }).waitFor();
        await page.getByText('This page was reached at the same address.').waitFor();
        await page.getByText('Its metadata is there and names the same issuer.').waitFor();
        await page.getByText('Only this machine reaches it: for a trial.').waitFor();
        await expectAccessible(page, 'address');
        await keepPicture(page, 'set-up-address-light');
        await page.getByRole('button', { name: 'This is right' }).click();

        await page.getByRole('heading', { name: 'The realm' }).waitFor();
        await page.getByRole('textbox', { name: 'Name of the realm' }).fill('Not a name');
        await page.getByRole('button', { name: 'Make this realm' }).click();
        await page
          .getByText(/lower-case letters/)
          .first()
          .waitFor();
        await page.getByRole('textbox', { name: 'Name of the realm' }).fill('machines');
        await expectAccessible(page, 'realm');
        await keepPicture(page, 'set-up-realm-light');
        await page.getByRole('button', { name: 'Make this realm' }).click();

        await page
          .getByRole('heading', { name: 'A sample API and a sample application' })
          .waitFor();
        await expectAccessible(page, 'sample');
        await keepPicture(page, 'set-up-sample-light');
        await page.getByRole('button', { name: 'Make both' }).click();

        await page.getByRole('heading', { name: 'The first token' }).waitFor();
        await page.getByRole('button', { name: 'Request a token now' }).click();
        await page.getByText('"token_type": "Bearer"').waitFor();
        const said = await page.locator('main').textContent();
        expect(said).toContain(`"iss": "${world.publicUrl}/am/oauth2/realms/root/realms/machines"`);
        expect(said).toContain('https://sample.example.com');
        expect(said).toContain('sample:read');
        await expectAccessible(page, 'token');
        await keepPicture(page, 'set-up-token-light');
        await page.getByRole('button', { name: 'Done' }).click();
        await page.getByText('Not stored yet').waitFor();
        await page.getByRole('checkbox', { name: 'I have stored it' }).check();
        await page.getByRole('button', { name: 'Done' }).click();
        await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
        expect(new URL(page.url()).pathname).toContain('/realms/machines');
        expect(first.complaints).toEqual([]);
      });

      it('does not do so again', async () => {
        const again = await visit(browser, world);
        await signIn(again, ADMIN);
        await again.page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
        expect(new URL(again.page.url()).pathname).toContain('/realms/machines');
        await again.context.close();
      });
    },
    { databases: ['SQLite'], untouched: true },
  );
});

describe('a set-up that is skipped', () => {
  onEachDatabase(
    (world) => {
      let browser: Browser;
      beforeAll(async () => {
        browser = await openBrowser();
      });
      afterAll(async () => {
        await browser?.close();
      });

      it('fits a phone, is left by one button, and does not come back', async () => {
        const first = await visit(browser, world, { width: 360, height: 800, colorScheme: 'dark' });
        const { page } = first;
        await choosePassword(first, 'admin', ONE_TIME_PASSWORD);
        await page.getByRole('heading', { name: 'The address' }).waitFor();
        await page.getByText('Its metadata is there').waitFor();
        expect(await findOverflow(page)).toBeLessThanOrEqual(0);
        await expectAccessible(page, 'address, dark, 360');
        await keepPicture(page, 'set-up-address-360-dark');
        await page.getByRole('button', { name: 'Skip' }).click();
        await page.getByText('Nothing here gets tokens yet').waitFor();
        expect(new URL(page.url()).pathname).toContain('/realms/root');
        await first.context.close();
        const again = await visit(browser, world);
        await signIn(again, ADMIN);
        await again.page.getByText('Nothing here gets tokens yet').waitFor();
        await again.context.close();
      });

      it('is for nobody who comes later', async () => {
        const person = await visit(browser, world);
        await signIn(person, ADMIN);
        const answer = await person.page.request.post(`${world.publicUrl}/api/realms/root/users`, {
          headers: { origin: world.publicUrl },
          data: { userName: 'grace', roles: ['administrator'], password: 'chosen-by-somebody' },
        });
        expect(answer.status()).toBe(201);
        const later = await visit(browser, world);
        await choosePassword(later, 'grace', 'chosen-by-somebody');
        await later.page.getByText('Nothing here gets tokens yet').waitFor();
        expect(new URL(later.page.url()).pathname).toContain('/realms/root');
        await later.context.close();
        await person.context.close();
      });

      it('says at a wrong address that it is one', async () => {
        const person = await visit(browser, world);
        await person.page.goto(`http://localhost:${world.port}/console/`);
        await person.page.getByRole('textbox', { name: 'User name' }).fill('admin');
        await person.page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
        await person.page.getByRole('button', { name: 'Sign in' }).click();
        await person.page
          .getByRole('alert')
          .getByText(`This page was opened at http://localhost:${world.port}`)
          .waitFor();
        expect(await person.context.cookies()).toEqual([]);
        await person.context.close();
      });
    },
    { databases: ['SQLite'], untouched: true },
  );
});
