import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { onEachDatabase } from '../world.ts';
import { ADMINISTRATOR, keepPicture, openBrowser, signIn, visit } from './browser.ts';

const PASSWORD = 'brief-lantern-42-meadow';

/** A browser on a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

onEachDatabase(
  (world) => {
    let browser: Browser;
    const ids = new Map<string, string>();
    beforeAll(async () => {
      browser = await openBrowser();
      for (const [userName, roles] of [
        ['grace', []],
        ['audrey', ['auditor']],
      ] as const) {
        const { id } = await world.administration.perform<{ id: string }>(
          'POST',
          '/api/realms/root/users',
          { userName, roles, password: PASSWORD, passwordOneTime: false },
        );
        ids.set(userName, id);
      }
    });
    afterAll(async () => {
      await browser?.close();
    });

    it('somebody is given a role, and may do what it permits', async () => {
      const person = await visit(browser, world);
      const { page } = person;
      await signIn(person, ADMINISTRATOR);
      await person.go('server/administrators');
      await page.getByRole('link', { name: 'audrey' }).waitFor();
      await keepPicture(page, 'administrators-people-light');
      await page.getByRole('button', { name: 'Give somebody a role' }).click();
      const dialog = page.getByRole('dialog', { name: 'Give somebody a role' });
      await dialog.getByRole('combobox', { name: 'Person' }).fill('grace');
      await page.getByRole('option', { name: 'grace' }).click();
      await dialog.getByRole('checkbox', { name: 'Auditor' }).check();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Roles changed').waitFor();
      await page.getByRole('table', { name: 'Administrators' }).getByText('grace').waitFor();
      const grace = await world.administration.perform<{ roles: readonly string[] }>(
        'GET',
        `/api/realms/root/users/${ids.get('grace')}`,
      );
      expect(grace.roles).toEqual(['auditor']);
      await page.getByRole('tab', { name: 'Roles' }).click();
      await page.getByRole('table', { name: 'What each role permits' }).waitFor();
      await keepPicture(page, 'administrators-roles-light');
      expect(person.complaints).toEqual([]);
      await person.context.close();
    });

    it('a session is seen with where it comes from, ended, and is worth nothing then', async () => {
      const auditor = await visit(browser, world);
      await signIn(auditor, { userName: 'audrey', password: PASSWORD });
      const person = await visit(browser, world);
      const { page } = person;
      await signIn(person, ADMINISTRATOR);
      await person.go('server/administrators?tab=sessions');
      await page.getByText('This one').waitFor();
      await keepPicture(page, 'administrators-sessions-light');
      await page
        .getByRole('button', { name: /^Actions for the session of audrey/ })
        .first()
        .click();
      await page.getByRole('menuitem', { name: 'End this session' }).click();
      await page.getByText('The session of audrey has ended').waitFor();
      const answer = await auditor.page.request.get(`${world.publicUrl}/api/session`);
      expect(answer.status()).toBe(401);
      await auditor.context.close();
      await person.context.close();
    });

    it('an automation key holds what was chosen and no more', async () => {
      const person = await visit(browser, world);
      const { page } = person;
      await signIn(person, ADMINISTRATOR);
      await person.go('server/administrators?tab=automation');
      await page.getByRole('button', { name: 'New automation key' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Name' }).fill('Deployer');
      await dialog.getByRole('checkbox', { name: 'Change realms' }).check();
      await dialog.getByRole('button', { name: 'As a command' }).click();
      const terminal = page.getByRole('dialog', { name: 'The same in a terminal' });
      const commands = await terminal.getByRole('tabpanel').locator('pre').textContent();
      expect(commands).toMatch(/grant set Deployer|clients\/Deployer\/grants/);
      expect(commands).toContain('realms:write');
      await terminal.getByRole('button', { name: 'Close' }).click();
      await terminal.waitFor({ state: 'hidden' });
      await dialog.getByRole('button', { name: 'Create' }).click();
      await dialog.getByText('Client Secret').waitFor();
      const secret = await dialog.locator('code').nth(1).textContent();
      await dialog.getByRole('button', { name: 'Done' }).click();
      await dialog.getByText('Not stored yet').waitFor();
      await keepPicture(page, 'automation-key-light');
      await dialog.getByRole('checkbox', { name: 'I have stored it' }).check();
      await dialog.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('table', { name: 'Automation keys' }).getByText('Deployer').waitFor();
      await keepPicture(page, 'administrators-automation-light');
      const issued = await world
        .realm('root')
        .token(
          { clientId: 'Deployer', secret: secret ?? '' },
          { scope: 'realms:read realms:write' },
        );
      const ask = (path: string) =>
        fetch(`${world.publicUrl}${path}`, { headers: { authorization: `Bearer ${issued}` } });
      expect((await ask('/api/realms')).status).toBe(200);
      expect((await ask('/api/realms/root/users')).status).toBe(403);
      await person.context.close();
    });

    it('the nodes of the server are there with their state', async () => {
      const person = await visit(browser, world);
      const { page } = person;
      await signIn(person, ADMINISTRATOR);
      await person.go('server/nodes');
      await page.getByRole('article').getByText('Up', { exact: true }).waitFor();
      await page.getByText('SQLite').waitFor();
      await keepPicture(page, 'nodes-light');
      expect(person.complaints).toEqual([]);
      await person.context.close();
    });
  },
  { databases: ['SQLite'] },
);
