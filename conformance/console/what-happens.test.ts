/*
 * The screens on which people see what happens and why: overview, playground, inspector, errors,
 * audit log, API reference and discovery.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { onEachDatabase } from '../world.ts';
import {
  ADMINISTRATOR,
  expectAccessible,
  expectScreen,
  keepPicture,
  openBrowser,
  signIn,
  type Visit,
  visit,
} from './browser.ts';

const SCREENS = [
  ['overview', 'realms/alpha', 'Overview'],
  ['playground', 'realms/alpha/playground?client=nightly', 'Token playground'],
  ['inspector', 'realms/alpha/inspector', 'Token inspector'],
  ['errors', 'realms/alpha/errors', 'Errors'],
  ['audit', 'realms/alpha/audit', 'Audit log'],
  ['discovery', 'realms/alpha/discovery', 'Discovery'],
  ['discovery-keys', 'realms/alpha/discovery?tab=keys', 'Discovery'],
  ['api-reference', 'server/api-reference?tab=clients', 'API reference'],
] as const;

const HOSTILE_NAME = '<img src=x onerror="document.title=1">';

/** A browser on a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

onEachDatabase(
  (world) => {
    const { alpha } = world;
    let browser: Browser;
    let person: Visit;
    let page: Page;
    let secret = '';
    const sendToken = async (token: string) => {
      await person.go('realms/alpha/inspector');
      await page.getByRole('textbox', { name: 'Access token' }).fill(`Bearer ${token}`);
      await page.getByRole('heading', { name: 'What the server knows' }).waitFor();
    };
    const checks = () => page.getByRole('region', { name: 'Checks' });

    beforeAll(async () => {
      browser = await openBrowser();
      person = await visit(browser, world);
      ({ page } = person);
      await signIn(person, ADMINISTRATOR);
      const client = { clientId: 'nightly', scopes: ['read', 'write'], defaultScopes: ['read'] };
      await world.administration.perform('POST', '/api/realms/alpha/applications', {
        name: HOSTILE_NAME,
        client,
      });
      ({ secret } = await world.administration.perform<{ secret: string }>(
        'POST',
        '/api/realms/alpha/clients/nightly/secrets',
        { label: HOSTILE_NAME },
      ));
      await alpha.request({ clientId: 'nightly', secret: 'wrong' });
      await alpha.request({ clientId: HOSTILE_NAME, secret: 'wrong' });
      await alpha.request({ clientId: 'nightly', secret }, { scope: HOSTILE_NAME });
    });
    afterAll(async () => {
      await browser?.close();
    });

    describe('the overview', () => {
      it('says what expires first, who is busy, which nodes there are and where it goes on', async () => {
        await world.administration.perform('POST', '/api/realms/alpha/clients/nightly/secrets', {
          label: 'for a week',
          expiresIn: 7 * 86_400,
        });
        await person.go('realms/alpha');
        const expiring = page.getByRole('region', { name: 'Expiring' });
        await expiring.getByText('Secret · for a week').waitFor();
        await expiring.getByText('in 7 days').waitFor();
        await page
          .getByRole('region', { name: 'Nodes' })
          .getByText('Up', { exact: true })
          .waitFor();
        await page.getByRole('region', { name: 'Busiest clients' }).getByText('nightly').waitFor();
        await expiring.getByRole('link', { name: 'Expiry calendar' }).click();
        await page.getByRole('table', { name: 'What ends' }).getByText('for a week').waitFor();
        expect(new URL(page.url()).pathname).toMatch(/\/realms\/alpha\/expiry$/);
      });

      it('has a word for each card of a realm in which nothing happened', async () => {
        await world.createRealm('quiet');
        await world.administration.perform('POST', '/api/realms/quiet/applications', {
          name: 'Never asked',
          client: { clientId: 'never' },
        });
        await person.go('realms/quiet');
        for (const [card, text] of [
          ['Tokens a minute', 'No requests in this time'],
          ['Time to a token', 'No requests in this time'],
          ['Tokens by hour', 'No tokens in this time'],
          ['Busiest clients', 'No client asked for a token'],
          ['Errors', 'None in the last 24 hours'],
          ['Unused clients', 'None: every client is in use, or new'],
        ] as const)
          await page.getByRole('region', { name: card }).getByText(text).waitFor();
        await expectAccessible(page, 'a quiet overview');
        await keepPicture(page, 'overview-quiet-light');
      });
    });

    describe('the playground', () => {
      it('requests a token, introspects and revokes it, and shows each byte but the secret', async () => {
        await person.go('realms/alpha/playground?client=nightly');
        await page.getByLabel('Client secret', { exact: true }).fill(secret);
        await page.getByRole('button', { name: 'Request a token' }).click();
        const answer = page.getByRole('region', { name: 'Answer: Token' });
        await answer.getByText('"token_type": "Bearer"').waitFor();
        const request = page.getByRole('region', { name: 'Request: Token' });
        expect(await request.textContent()).toContain('Authorization: Basic ••••••••');
        expect(await page.locator('main').textContent()).not.toContain(secret);
        const token = JSON.parse(
          /\{[\s\S]*\}/.exec((await answer.locator('pre').textContent()) ?? '')?.[0] ?? '',
        ).access_token as string;
        await page.getByRole('button', { name: 'Introspect' }).click();
        await page
          .getByRole('region', { name: 'Answer: Introspection' })
          .getByText('"active": true')
          .waitFor();
        await page.getByRole('button', { name: 'Revoke' }).click();
        await page.getByText('it is not active any more').waitFor();
        const inspection = await world.administration.perform<{ obstacle: string }>(
          'POST',
          '/api/realms/alpha/tokens/inspect',
          { token },
        );
        expect(inspection.obstacle).toBe('revoked');
      });

      it('signs with a key of its own, which it registers for an hour, and binds the token', async () => {
        await person.go('realms/alpha/playground?client=nightly');
        await page.getByText('Signed', { exact: true }).click();
        await page.getByRole('button', { name: 'Make and register a test key' }).click();
        await page.getByText('A test key is registered').waitFor();
        await page.getByRole('switch', { name: 'Bind the token to a key (DPoP)' }).check();
        await page.getByRole('button', { name: 'Request a token' }).click();
        await page
          .getByRole('region', { name: 'Answer: Token' })
          .getByText('"token_type": "DPoP"')
          .waitFor();
        const { items } = await world.administration.perform<{
          items: readonly { label: string; expiresAt: number }[];
        }>('GET', '/api/realms/alpha/clients/nightly/keys');
        expect(items).toHaveLength(1);
        expect(items[0]?.expiresAt).toBeLessThanOrEqual(Date.now() / 1_000 + 3_600);
        await page.getByRole('button', { name: 'Token info' }).click();
        const told = page.getByRole('region', { name: 'Answer: Token info' });
        await told.getByText('"client_id": "nightly"').waitFor();
      });
    });

    describe('the inspector', () => {
      it('verifies a token in the page, and sends it only when asked to', async () => {
        const sent: string[] = [];
        page.on('request', (request) => sent.push(request.postData() ?? ''));
        const token = await alpha.token({ clientId: 'nightly', secret });
        await sendToken(token);
        await checks().getByText('A key that this realm publishes made it').waitFor();
        expect(sent.some((body) => body.includes(token))).toBe(false);
        await page.getByRole('button', { name: 'Send it to the server' }).click();
        await page.getByText('It is active.').waitFor();
        expect(sent.some((body) => body.includes(token))).toBe(true);
        await page.getByRole('button', { name: 'Revoke this token' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByRole('textbox').fill('nightly');
        await dialog.getByRole('button', { name: 'Revoke' }).click();
        await page.getByText('It was revoked.').waitFor();
        await checks().getByText('of its list: revoked').waitFor();
      });

      it('says of a changed token that it was changed, and of one for another API that it is', async () => {
        const token = await alpha.token({ clientId: 'nightly', secret });
        const [header = '', payload = '', signature = ''] = token.split('.');
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
        const forged = Buffer.from(JSON.stringify({ ...claims, scope: 'admin' })).toString(
          'base64url',
        );
        await sendToken(`${header}.${forged}.${signature}`);
        await checks().getByText('the token was changed').waitFor();
        await page.getByText('An API should refuse this token').waitFor();
        await sendToken(token);
        await page
          .getByRole('textbox', { name: 'Expected audience' })
          .fill('https://other.example.com');
        await checks().getByText('not for https://other.example.com').waitFor();
        expect(await page.getByText('An API should refuse this token').isVisible()).toBe(true);
      });
    });

    describe('errors', () => {
      it('have a cause, a count, the client and the remedy, and a link of their own', async () => {
        await expect
          .poll(
            async () =>
              (
                await world.administration.perform<{ items: readonly { cause: string }[] }>(
                  'GET',
                  '/api/realms/alpha/refusals',
                )
              ).items.map(({ cause }) => cause),
            { timeout: 20_000 },
          )
          .toContain('Wrong secret');
        await person.go('realms/alpha/errors');
        const wrong = page.getByRole('region', { name: 'Wrong secret' });
        await wrong.getByText('None of its secrets').waitFor();
        await page
          .getByRole('region', { name: 'Unknown client' })
          .getByText('no client of this realm')
          .waitFor();
        await wrong.getByRole('button', { name: 'nightly' }).click();
        await page.getByText('Client nightly').waitFor();
        expect(page.url()).toContain('client=nightly');
        expect(await page.getByRole('region', { name: 'Unknown client' }).count()).toBe(0);
      });
    });

    describe('the audit log', () => {
      it('opens an event with what changed, and can be linked to', async () => {
        await world.administration.change('/api/realms/alpha/clients/nightly', {
          description: 'Sends invoices at night',
        });
        await person.go('realms/alpha/audit?type=client.updated');
        await page.getByRole('button', { name: 'Client updated' }).first().click();
        const drawer = page.getByRole('dialog', { name: 'Client updated' });
        await drawer.getByText('Sends invoices at night').waitFor();
        await page.reload();
        await drawer.getByText('Sends invoices at night').waitFor();
        await drawer.getByRole('button', { name: 'What else this request did' }).click();
        await drawer.waitFor({ state: 'hidden' });
        expect(new URL(page.url()).searchParams.get('search')).not.toBeNull();
      });

      it('is saved as it is filtered, and no spreadsheet runs what is in it', async () => {
        await person.go('realms/alpha/audit?type=client.updated');
        await page.getByRole('button', { name: 'Export' }).click();
        const download = page.waitForEvent('download');
        await page.getByRole('menuitem', { name: 'CSV, for spreadsheets' }).click();
        const chunks: Buffer[] = [];
        for await (const chunk of await (await download).createReadStream())
          chunks.push(chunk as Buffer);
        const [names, ...lines] = Buffer.concat(chunks).toString().trim().split('\r\n');
        expect(names).toMatch(/^at,type,actor kind/);
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) expect(line).toContain(',client.updated,');
      });
    });

    describe('the API reference', () => {
      it('finds an operation, its members and how to call it', async () => {
        await person.go('server/api-reference?search=register%20a%20client');
        const operation = page.getByRole('region', { name: 'Register a client' });
        await operation.getByText('/api/realms/{realm}/clients', { exact: true }).waitFor();
        await operation.getByText('authenticationMethod', { exact: true }).first().waitFor();
        await operation.getByRole('tab', { name: 'tessera' }).click();
        await operation.getByText('tessera client create').waitFor();
        expect(await page.getByRole('region', { name: 'Delete a client' }).count()).toBe(0);
      });
    });

    it.each([
      ['realms/alpha/audit?search=nightly', 'Events', 'Client nightly'],
      ['realms/alpha/expiry', 'What ends', 'This realm'],
      ['server/administrators', 'Administrators', 'Administrator'],
    ])('on a phone all of a row of %s is seen without moving it', async (path, name, text) => {
      await page.setViewportSize({ width: 360, height: 800 });
      await person.go(path);
      const cell = page.getByRole('table', { name }).getByText(text, { exact: true }).first();
      await cell.waitFor();
      const { x = 0, width = 0 } = (await cell.boundingBox()) ?? {};
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(360);
      await expectAccessible(page, path);
      await page.setViewportSize({ width: 1280, height: 860 });
    });

    it.each(SCREENS)('%s is there for everybody, in all colours and widths', (...screen) =>
      expectScreen(person, screen),
    );
  },
  { databases: ['SQLite'] },
);
