import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { onEachDatabase } from '../world.ts';
import {
  ADMINISTRATOR,
  expectScreen,
  keepPicture,
  openBrowser,
  signIn,
  type Visit,
  visit,
} from './browser.ts';

/** A browser on a busy machine takes its time. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const HOSTILE = ['<img src=x onerror="document.title=1">', 'مثال على واجهة', '👩🏽‍💻'.repeat(12)];

type Grant = { readonly clientId: string; readonly scopes: readonly string[] };

onEachDatabase(
  (world) => {
    const { alpha } = world;
    let browser: Browser;
    let person: Visit;
    let page: Page;
    const applications: Record<string, { readonly id: string }> = {};

    const grantsAt = async (apiId: string) => {
      const { items } = await world.administration.perform<{ items: readonly Grant[] }>(
        'GET',
        `/api/realms/alpha/apis/${apiId}/grants?limit=200`,
      );
      return Object.fromEntries(items.map(({ clientId, scopes }) => [clientId, scopes.join(' ')]));
    };
    const saved = (text: string) => page.getByText(text).first().waitFor();

    beforeAll(async () => {
      browser = await openBrowser();
      await alpha.registerApi({
        id: 'orders',
        name: 'Orders',
        identifier: 'http://localhost:3000/orders',
        scopes: [
          { name: 'orders:read', description: 'See orders and their state' },
          { name: 'orders:write', description: 'Place and cancel orders' },
        ],
      });
      await alpha.registerApi({
        id: 'ledger',
        name: 'Ledger',
        identifier: 'https://ledger.example.com',
        tokenFormat: 'opaque',
        accessTokenLifetime: 300,
        scopes: [
          'accounts:read',
          'entries:read',
          'entries:post',
          'periods:close',
          'audit:export',
          'rates:read',
          'rates:write',
        ].map((name) => ({ name, description: `May ${name.replace(':', ', ')}` })),
        claims: [
          { name: 'team', template: '{{client.attributes.team|nobody}}' },
          { name: 'limits', value: { day: 1000 } },
        ],
      });
      for (const [index, name] of HOSTILE.entries())
        await alpha.registerApi({
          id: `hostile-${index}`,
          name,
          identifier: `https://hostile-${index}.example.com`,
          scopes: [{ name: 'read', description: name }],
        });
      for (const [clientId, name] of [
        ['billing', 'Billing'],
        ['fulfilment', 'Fulfilment'],
        ['invoices', 'Nightly invoices'],
        ['reports', 'Quarterly reports'],
        ['warehouse', 'Warehouse robots'],
        ['zz-hostile', HOSTILE[0]],
      ])
        applications[`${name}`] = await world.administration.perform(
          'POST',
          '/api/realms/alpha/applications',
          { name, client: { clientId, scopes: ['write'], attributes: { team: 'payments' } } },
        );
      const secret = '';
      await alpha.grant({ clientId: 'billing', secret }, 'ledger', [
        'accounts:read',
        'entries:read',
      ]);
      await alpha.grant({ clientId: 'invoices', secret }, 'ledger', [
        'entries:read',
        'entries:post',
      ]);
      await alpha.grant({ clientId: 'reports', secret }, 'ledger', [
        'accounts:read',
        'audit:export',
      ]);
      await alpha.grant({ clientId: 'invoices', secret }, 'orders', ['orders:read']);
      person = await visit(browser, world);
      page = person.page;
      await signIn(person, ADMINISTRATOR);
    });
    afterAll(async () => {
      await browser?.close();
    });

    describe('an API', () => {
      it('is registered with its audience and scopes, and opens', async () => {
        await person.go('realms/alpha/apis');
        await page.getByRole('button', { name: 'New API' }).click();
        const dialog = page.getByRole('dialog', { name: 'New API' });
        await dialog.getByRole('textbox', { name: 'Name' }).fill('Stock');
        await dialog.getByRole('textbox', { name: 'Audience' }).fill('no address');
        await dialog.getByLabel('Scopes').fill('stock:read stock:write ');
        await dialog.getByRole('button', { name: 'Create API' }).click();
        await dialog.getByText('must be an absolute URI').first().waitFor();
        await dialog.getByText('stock:write', { exact: true }).waitFor();
        await dialog.getByRole('textbox', { name: 'Audience' }).fill('https://stock.example.com');
        await dialog.getByRole('button', { name: 'Create API' }).click();
        await page.getByRole('heading', { name: 'Stock', level: 1 }).waitFor();
        const { items } = await world.administration.perform<{ items: readonly object[] }>(
          'GET',
          '/api/realms/alpha/apis?search=stock',
        );
        expect(items).toMatchObject([
          {
            identifier: 'https://stock.example.com',
            scopes: [{ name: 'stock:read' }, { name: 'stock:write' }],
            clients: 0,
          },
        ]);
      });

      it('gets scopes with descriptions; what is wrong with one is said beside it', async () => {
        await person.go('realms/alpha/apis/orders?tab=scopes');
        await page.getByRole('textbox', { name: 'Add scopes' }).fill('orders:cancel orders:"x');
        await page.getByRole('button', { name: 'Add', exact: true }).click();
        await page.getByRole('button', { name: 'Save' }).click();
        await page.getByText('must be 1 to 200 printable ASCII').first().waitFor();
        await page.getByRole('button', { name: 'Remove scope orders:"x' }).click();
        await page
          .getByRole('textbox', { name: 'Description of orders:cancel' })
          .fill('Cancel orders of others');
        await page.getByRole('button', { name: 'Save' }).click();
        await saved('Scopes saved');
        const { scopes } = await world.administration.perform<{ scopes: readonly object[] }>(
          'GET',
          '/api/realms/alpha/apis/orders',
        );
        expect(scopes).toContainEqual({
          name: 'orders:cancel',
          description: 'Cancel orders of others',
        });
      });

      it('says which token settings are the realm’s, and its own are those of its tokens', async () => {
        await person.go('realms/alpha/apis/orders?tab=tokens');
        await page.getByText('from the realm').first().waitFor();
        await page.getByRole('textbox', { name: /^Lifetime/ }).fill('120');
        await page.getByRole('button', { name: 'Save' }).click();
        await saved('Token settings saved');
        const client = await alpha.registerClient();
        await alpha.grant(client, 'orders', ['orders:read']);
        const { json } = await alpha.request(client, { scope: 'orders:read' });
        expect((json as { expires_in: number }).expires_in).toBeGreaterThan(100);
        expect((json as { expires_in: number }).expires_in).toBeLessThanOrEqual(120);
      });

      it('previews claims for a client, refuses those of the server, and saves the rest', async () => {
        await person.go('realms/alpha/apis/orders?tab=claims');
        await page.getByRole('button', { name: 'Add claim' }).click();
        const name = page.getByRole('textbox', { name: 'Name of claim 1' });
        await name.fill('aud');
        await page.getByText('is a claim that only the server writes').waitFor();
        await name.fill('tier');
        await page.getByRole('textbox', { name: 'Value of tier' }).fill('gold');
        const said = page.getByRole('table', { name: 'Claims of its tokens' });
        await said.getByText('"gold"').waitFor();
        await page.getByRole('button', { name: 'Save' }).first().click();
        await saved('Claims saved');
        expect(
          await world.administration.perform('GET', '/api/realms/alpha/apis/orders'),
        ).toMatchObject({
          claims: [{ name: 'tier', value: 'gold' }],
        });
      });

      it('has a hook once it has an address', async () => {
        await person.go('realms/alpha/apis/orders?tab=claims');
        await page.getByRole('textbox', { name: 'URL' }).fill('https://claims.example.com/orders');
        await page.getByText('Leave out').click();
        await page
          .getByRole('region', { name: 'Claims hook' })
          .getByRole('button', { name: 'Save' })
          .click();
        await saved('Claims hook saved');
        expect(
          await world.administration.perform('GET', '/api/realms/alpha/apis/orders'),
        ).toMatchObject({
          claimsHook: { url: 'https://claims.example.com/orders', onFailure: 'omit' },
        });
      });

      it('says who may introspect its tokens', async () => {
        await person.go('realms/alpha/apis/orders?tab=introspection');
        await page.getByRole('combobox', { name: 'Clients' }).fill('ware');
        await page.getByRole('option', { name: /Warehouse robots/ }).click();
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Save' }).click();
        await saved('Introspection saved');
        expect(
          await world.administration.perform('GET', '/api/realms/alpha/apis/orders'),
        ).toMatchObject({
          introspectionClients: ['warehouse'],
        });
      });

      // What docs/apis shows is compiled and run there; so is what the console shows, then.
      it.each([
        ['Express', 'express'],
        ['Fastify', 'fastify'],
        ['Hono', 'hono'],
        ['node:http', 'node'],
      ])('shows for %s what the guide in docs has', async (framework, guide) => {
        await person.go('realms/alpha/apis/orders?tab=quick-start');
        await page.getByRole('tab', { name: framework, exact: true }).click();
        const shown = await page
          .getByRole('tabpanel', { name: framework, exact: true })
          .locator('pre')
          .nth(1)
          .textContent();
        const text = readFileSync(new URL(`../../docs/apis/${guide}.md`, import.meta.url), 'utf8');
        const [, expected = ''] = /```ts server\.ts\n([\s\S]*?)\n```/.exec(text) ?? [];
        expect(shown).toBe(
          expected.replace(
            'http://localhost:8080/am/oauth2/realms/root/realms/alpha',
            alpha.issuer,
          ),
        );
      });

      it('is deleted with what was granted there, once its name is typed', async () => {
        await world.administration.perform('POST', '/api/realms/alpha/apis', {
          id: 'old',
          name: 'Old API',
          identifier: 'https://old.example.com',
          scopes: [{ name: 'old' }],
        });
        await alpha.grant({ clientId: 'billing', secret: '' }, 'old', ['old']);
        await person.go('realms/alpha/apis/old?tab=danger');
        await page.getByRole('button', { name: 'Delete' }).click();
        const dialog = page.getByRole('dialog', { name: 'Delete Old API' });
        await dialog.getByRole('textbox').fill('Old API');
        await dialog.getByRole('button', { name: 'Delete' }).click();
        await page.getByRole('heading', { name: 'APIs', level: 1 }).waitFor();
        expect((await world.administration.call('GET', '/api/realms/alpha/apis/old')).status).toBe(
          404,
        );
      });
    });

    describe('permissions', () => {
      const cell = (scope: string, client: string) =>
        page.getByRole('checkbox', { name: `${scope} for ${client}`, exact: false });

      it('are ticked by keyboard, reviewed, applied, and are those of tokens', async () => {
        await person.go('realms/alpha/permissions?api=ledger&search=i');
        const grid = page.getByRole('grid');
        await grid.waitFor();
        const focused = () => page.evaluate<string>('document.activeElement.ariaLabel');
        await cell('accounts:read', 'Fulfilment').focus();
        await page.keyboard.press('ArrowRight');
        await page.keyboard.press('Space');
        expect(await focused()).toContain('entries:read for Fulfilment');
        await page.keyboard.press('ArrowDown');
        expect(await focused()).toContain('entries:read for Nightly invoices');
        await page.keyboard.press('Space');
        await page.keyboard.press('End');
        expect(await focused()).toContain('rates:write for Nightly invoices');
        await page.getByText('2 clients changed').waitFor();
        await keepPicture(page, 'permissions-changed');
        await page.getByRole('button', { name: 'Review changes' }).click();
        const review = page.getByRole('dialog', { name: 'Changes at Ledger' });
        await review.getByText('+ entries:read').waitFor();
        await review.getByText('− entries:read').waitFor();
        await keepPicture(page, 'permissions-review');
        expect(await grantsAt('ledger')).toMatchObject({ invoices: 'entries:read entries:post' });
        await review.getByRole('button', { name: 'Apply to 2 clients' }).click();
        await page.getByText('All of it is applied').waitFor();
        expect(await grantsAt('ledger')).toMatchObject({
          fulfilment: 'entries:read',
          invoices: 'entries:post',
          billing: 'accounts:read entries:read',
        });
        await page.getByRole('button', { name: 'Close' }).last().click();
        expect(await page.getByText('clients changed').count()).toBe(0);
      });

      it('edits outlive a search; what somebody else changed meanwhile is told, row by row', async () => {
        await person.go('realms/alpha/permissions?api=ledger');
        await cell('rates:read', 'Billing').check();
        await page.getByRole('textbox', { name: 'Search clients' }).fill('report');
        await cell('rates:read', 'Quarterly reports').check();
        await page.getByText('2 clients changed').waitFor();
        await alpha.grant({ clientId: 'billing', secret: '' }, 'ledger', ['periods:close']);
        await page.getByRole('button', { name: 'Review changes' }).click();
        await page.getByRole('button', { name: 'Apply to 2 clients' }).click();
        await page.getByText('1 applied, 1 not').waitFor();
        await page.getByText('Somebody changed this client’s grant meanwhile').waitFor();
        await page.getByRole('button', { name: 'Close' }).last().click();
        await page.getByText('1 client changed').waitFor();
        await page.getByRole('button', { name: 'Review changes' }).click();
        await page.getByRole('button', { name: 'Apply to 1 client' }).click();
        await page.getByText('All of it is applied').waitFor();
        expect(await grantsAt('ledger')).toMatchObject({
          billing: 'periods:close rates:read',
          reports: 'accounts:read audit:export rates:read',
        });
      });

      it('a whole column is taken away at once, and whoever holds nothing has no grant left', async () => {
        await person.go('realms/alpha/permissions?api=orders&granted=true');
        await page.getByRole('button', { name: 'All of orders:read' }).click();
        await page.getByRole('menuitem', { name: /^Take from all/ }).click();
        await page.getByRole('button', { name: 'Review changes' }).click();
        await page.getByRole('button', { name: /^Apply to/ }).click();
        await page.getByText('All of it is applied').waitFor();
        expect(await grantsAt('orders')).toEqual({});
      });
    });

    describe('policies', () => {
      it('set the longest life of secrets and the shortest key, and both hold', async () => {
        await person.go('realms/alpha/policies?tab=credentials');
        await page.getByRole('textbox', { name: 'A secret lives at most' }).fill('30');
        await page.getByRole('combobox', { name: 'RSA keys have at least' }).click();
        await page.getByRole('option', { name: '3,072 bits' }).click();
        await page.getByRole('button', { name: 'Save' }).click();
        await saved('Credential policy saved');
        expect(
          await world.administration.perform('GET', '/api/realms/alpha/provider'),
        ).toMatchObject({
          secretLifetimeMax: 30 * 86_400,
          rsaKeyBitsMin: 3072,
        });
        const { clientId } = await alpha.registerClient();
        const longer = { expiresIn: 31 * 86_400 };
        const path = `/api/realms/alpha/clients/${clientId}/secrets`;
        expect((await world.administration.call('POST', path, longer)).status).toBe(422);
      });

      it('a quota is enforced once it says so', async () => {
        await person.go('realms/alpha/policies?tab=quotas');
        await page.getByText('Enforce', { exact: true }).click();
        await page.getByRole('textbox', { name: 'Each client, in an hour' }).fill('2');
        await page.getByRole('button', { name: 'Save' }).click();
        await saved('Quotas saved');
        const client = await alpha.registerClient();
        const statuses: number[] = [];
        for (let i = 0; i < 3; i++)
          statuses.push((await alpha.request(client, { scope: 'read' })).status);
        expect(statuses).toEqual([200, 200, 429]);
      });

      it('one client has limits of its own, with what the realm has beside them', async () => {
        await person.go('realms/alpha/applications');
        await page.getByRole('link', { name: 'Warehouse robots' }).click();
        await page.getByRole('tab', { name: 'Restrictions' }).click();
        await page.getByRole('textbox', { name: /^Tokens in an hour/ }).fill('5000');
        await page
          .getByRole('region', { name: 'Limits' })
          .getByRole('button', { name: 'Save' })
          .click();
        await saved('Limits saved');
        expect(
          await world.administration.perform('GET', '/api/realms/alpha/clients/warehouse'),
        ).toMatchObject({ tokensPerHour: 5000, tokensPerDay: null });
      });

      it('a client’s attributes are what its claims are made of', async () => {
        await page.getByRole('tab', { name: 'Attributes and claims' }).click();
        await alpha.grant({ clientId: 'warehouse', secret: '' }, 'ledger', ['rates:read']);
        await page.reload();
        await page.getByRole('textbox', { name: 'Value of team' }).fill('logistics');
        await page.getByRole('button', { name: 'Add attribute' }).click();
        await page.getByRole('textbox', { name: 'Name of attribute 2' }).fill('region');
        await page.getByRole('textbox', { name: 'Value of region' }).fill('eu');
        await page.getByRole('button', { name: 'Save' }).click();
        await saved('Attributes saved');
        await page
          .getByRole('table', { name: 'Claims of its tokens' })
          .getByText('"logistics"')
          .waitFor();
        expect(
          await world.administration.perform('GET', '/api/realms/alpha/clients/warehouse'),
        ).toMatchObject({ attributes: { team: 'logistics', region: 'eu' } });
      });
    });

    const warehouse = () => `realms/alpha/applications/${applications['Warehouse robots']?.id}`;
    const screens = () =>
      [
        ['apis', 'realms/alpha/apis', 'APIs'],
        ['api-overview', 'realms/alpha/apis/ledger', 'Ledger'],
        ['api-scopes', 'realms/alpha/apis/ledger?tab=scopes', 'Ledger'],
        ['api-tokens', 'realms/alpha/apis/ledger?tab=tokens', 'Ledger'],
        ['api-claims', 'realms/alpha/apis/ledger?tab=claims', 'Ledger'],
        ['api-introspection', 'realms/alpha/apis/ledger?tab=introspection', 'Ledger'],
        ['api-quick-start', 'realms/alpha/apis/orders?tab=quick-start', 'Orders'],
        ['api-danger', 'realms/alpha/apis/ledger?tab=danger', 'Ledger'],
        ['api-new', 'realms/alpha/apis?new=true', 'APIs'],
        ['api-hostile', 'realms/alpha/apis/hostile-0', HOSTILE[0]],
        ['permissions', 'realms/alpha/permissions?api=ledger', 'Permissions'],
        ['application-attributes', `${warehouse()}?tab=attributes`, 'Warehouse robots'],
        ['application-limits', `${warehouse()}?tab=limits`, 'Warehouse robots'],
        ['policies', 'realms/alpha/policies', 'Policies'],
        ['policies-credentials', 'realms/alpha/policies?tab=credentials', 'Policies'],
        ['policies-quotas', 'realms/alpha/policies?tab=quotas', 'Policies'],
        ['policies-tokens', 'realms/alpha/policies?tab=tokens', 'Policies'],
        ['policies-claims', 'realms/alpha/policies?tab=claims', 'Policies'],
      ] as const;

    it('every screen is there for everybody, in all colours and widths', async () => {
      for (const [name, path, heading = ''] of screens())
        await expectScreen(person, [name, path, heading]);
    });
  },
  { databases: ['SQLite'] },
);
