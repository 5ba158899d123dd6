import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { issueAuthority } from '../../packages/server/test/certificates.ts';
import { onEachDatabase } from '../world.ts';
import { ADMINISTRATOR, expectScreen, openBrowser, signIn, type Visit, visit } from './browser.ts';

const SCREENS = [
  ['signing-keys', 'realms/alpha/signing-keys', 'Signing keys'],
  ['trust-authorities', 'realms/alpha/trust', 'Trust'],
  ['trust-issuers', 'realms/alpha/trust?tab=issuers', 'Trust'],
  ['expiry', 'realms/alpha/expiry', 'Expiry calendar'],
  ['realms', 'server/realms', 'Realms'],
  ['realms-compared', 'server/realms/compare?from=staging&to=alpha', 'Compare realms'],
] as const;

/** A browser on a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const ENDING_NAMES = [
  'Billing run',
  'Warehouse <b>robots</b>',
  'بوابة الدفع',
  'Reports 📈 quarterly',
  'Gateway',
];

const realmFile = (name: string, clients: readonly object[]) => ({
  file: {
    format: 'tessera-realm/1',
    realm: { name, displayName: `${name} <b>مثال</b>` },
    apis: [
      {
        id: 'orders',
        identifier: 'https://orders.example.com',
        scopes: [{ name: 'orders:read' }, { name: 'orders:write' }],
      },
    ],
    clients,
  },
});

onEachDatabase(
  (world) => {
    let browser: Browser;
    let person: Visit;
    beforeAll(async () => {
      browser = await openBrowser();
      const { administration } = world;
      const gateway = { clientId: 'gateway', grants: [{ api: 'orders', scopes: ['orders:read'] }] };
      await administration.perform(
        'POST',
        '/api/import',
        realmFile('staging', [{ ...gateway, description: 'At the edge' }, { clientId: 'new-one' }]),
      );
      await administration.perform('POST', '/api/import', realmFile('production', [gateway]));
      await administration.perform('POST', '/api/realms/alpha/signing-keys/rotate', {});
      await administration.perform('POST', '/api/realms/alpha/trusted-issuers', {
        name: 'GitHub',
        preset: 'github',
      });
      await administration.perform('POST', '/api/realms/alpha/trusted-issuers', {
        name: 'Production cluster <b>eu-central</b>',
        preset: 'kubernetes',
        issuer: 'https://cluster.example.com',
        jwksUri: 'https://cluster.example.com/openid/v1/jwks',
      });
      const now = Date.now();
      for (const [name, days] of [
        ['Partners of the mail-order house', 40],
        ['Devices 🏭 هيئة', 800],
      ] as const)
        await administration.perform('POST', '/api/realms/alpha/trusted-authorities', {
          name,
          certificate: issueAuthority(name, {
            notBefore: new Date(now - 86_400_000),
            notAfter: new Date(now + days * 86_400_000),
          }).pem,
        });
      const ending = [2, 5, 20, 40, 45, 100, 170, 171, 172, 260, 330];
      for (const [index, days] of ending.entries())
        await administration.perform('POST', '/api/realms/alpha/applications', {
          name: ENDING_NAMES[index % ENDING_NAMES.length],
          client: { clientId: `ending-${index}`, secret: { expiresIn: days * 86_400 } },
        });
      await administration.perform('POST', '/api/realms/alpha/clients', {
        clientId: 'ended',
        secret: { expiresIn: 1 },
      });
      person = await visit(browser, world);
      await signIn(person, ADMINISTRATOR);
    });
    afterAll(async () => {
      await browser?.close();
    });

    it('a lost signing key is revoked by typing, and another signs', async () => {
      const { page, go } = person;
      await go('realms/alpha/signing-keys');
      await page.getByRole('img', { name: /Timeline of 2 signing keys/ }).waitFor();
      type Keys = { readonly items: readonly { readonly kid: string; readonly state: string }[] };
      const read = () =>
        world.administration.perform<Keys>('GET', '/api/realms/alpha/signing-keys');
      const lost = (await read()).items.find(({ state }) => state === 'signing')?.kid ?? '';
      const row = page.getByRole('row').filter({ hasText: lost });
      await row.getByRole('button', { name: 'Revoke' }).click();
      await page.getByRole('textbox', { name: /to confirm/ }).fill(lost.slice(0, 8));
      await page.getByRole('button', { name: 'Revoke for compromise' }).click();
      await page.getByText('Key revoked').waitFor();
      const { items } = await read();
      expect(items.map(({ kid }) => kid)).not.toContain(lost);
      expect(items.filter(({ state }) => state === 'signing')).toHaveLength(1);
      for (const body of [{}, { algorithm: 'RS256' }])
        await world.administration.perform('POST', '/api/realms/alpha/signing-keys/rotate', body);
    });

    it('one realm is promoted to another, after the differences were seen', async () => {
      const { page, go } = person;
      await go('server/realms/compare?from=staging&to=production');
      await page.getByText('At the edge').waitFor();
      await page.getByText('new-one').first().waitFor();
      await page.getByRole('button', { name: 'Promote to production' }).click();
      await page.getByRole('textbox', { name: 'Type production to confirm' }).fill('production');
      await page.getByRole('button', { name: 'Promote', exact: true }).click();
      await page.getByRole('heading', { name: 'Nothing differs' }).waitFor();
      await page.getByText('Secrets of the new clients').waitFor();
      const client = await world.administration.perform(
        'GET',
        '/api/realms/production/clients/gateway',
      );
      expect(client).toMatchObject({ description: 'At the edge' });
    });

    it('a realm is made like another, without its clients', async () => {
      const { page, go } = person;
      await go('server/realms');
      await page.getByRole('button', { name: 'New realm' }).click();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('copied');
      await page.getByRole('combobox', { name: 'Like' }).click();
      await page.getByRole('option', { name: 'staging' }).click();
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      await page.waitForURL('**/realms/copied');
      type Export = { readonly apis: readonly object[]; readonly clients: readonly object[] };
      const made = await world.administration.perform<Export>('GET', '/api/realms/copied/export');
      expect(made.apis).toHaveLength(1);
      expect(made.clients).toEqual([]);
    });

    it('what ends is seen by month, and leads to where it is replaced', async () => {
      const { page, go } = person;
      await go('realms/alpha/expiry');
      await page.getByRole('button', { name: /^1 ?Overdue$/ }).click();
      const rows = page.getByRole('table', { name: 'What ends' }).getByRole('row');
      await page.getByText('Overdue, ended').waitFor();
      await expect.poll(() => rows.count()).toBe(2);
      expect(page.url()).toContain('month=overdue');
      await page.getByRole('button', { name: 'Show all' }).click();
      await page.getByText('Rotates by itself').first().waitFor();
      await page.getByText('Partners of the mail-order house').waitFor();
      await page.getByRole('link', { name: 'Billing run' }).first().click();
      await page.getByRole('heading', { name: 'Billing run', level: 1 }).waitFor();
    });

    it('every screen is there for everybody, in all colours and widths', async () => {
      const other = await visit(browser, world);
      await signIn(other, ADMINISTRATOR);
      for (const screen of SCREENS) await expectScreen(other, screen);
      await other.context.close();
    });
  },
  { databases: ['SQLite'] },
);
