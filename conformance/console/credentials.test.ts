import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { importPKCS8, SignJWT } from 'jose';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { issueAuthority } from '../../packages/server/test/certificates.ts';
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

const CLIENT = 'night-shift';
const OF_CLIENT = `/api/realms/alpha/clients/${CLIENT}`;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

type Listed = {
  readonly items: readonly {
    readonly label: string;
    readonly jwksUri?: string | null;
    readonly subject?: string;
    readonly status: string;
    readonly expiresAt: number | null;
    readonly conditions?: readonly object[];
  }[];
};

onEachDatabase(
  (world) => {
    let browser: Browser;
    let person: Visit;
    let page: Page;
    let screen = '';
    let first = '';
    const list = async (kind: string) =>
      (await world.administration.perform<Listed>('GET', `${OF_CLIENT}/${kind}`)).items;
    const dialog = () => page.getByRole('dialog');
    const row = (name: string) =>
      page.getByRole('table', { name: 'Credentials' }).getByRole('row').filter({ hasText: name });
    const add = async (kind: string) => {
      await page.getByRole('button', { name: 'Add a credential' }).click();
      await page.getByRole('menuitem', { name: kind }).click();
    };
    /** What the form in front would be in a terminal. */
    const readCommand = async (tab = 'tessera') => {
      await dialog().getByRole('button', { name: 'As a command' }).click();
      const terminal = page.getByRole('dialog', { name: 'The same in a terminal' });
      await terminal.getByRole('tab', { name: tab }).click();
      const text = await terminal.getByRole('tabpanel').locator('pre').textContent();
      await terminal.getByRole('button', { name: 'Close' }).click();
      await terminal.waitFor({ state: 'hidden' });
      return text;
    };

    beforeAll(async () => {
      browser = await openBrowser();
      const { administration } = world;
      const made = await administration.perform<{ id: string; secret: { secret: string } }>(
        'POST',
        '/api/realms/alpha/applications',
        {
          name: 'Night shift',
          description: 'Sends invoices while everybody sleeps',
          client: { clientId: CLIENT, scopes: ['write'], secret: { label: 'cluster a' } },
        },
      );
      first = made.secret.secret;
      screen = `realms/alpha/applications/${made.id}`;
      await administration.perform('POST', '/api/realms/alpha/trusted-issuers', {
        name: 'GitHub',
        preset: 'github',
      });
      person = await visit(browser, world);
      ({ page } = person);
      await signIn(person, ADMINISTRATOR);
      await person.go(`${screen}?tab=credentials`);
      await row('cluster a').waitFor();
    });
    afterAll(async () => {
      await browser?.close();
    });

    it('a key made in the browser signs for the client, and its private half is offered once', async () => {
      await add('Public key');
      await dialog().getByText('tessera client key generate night-shift').waitFor();
      await dialog().getByRole('textbox', { name: 'Label' }).fill('made here');
      await dialog().getByRole('button', { name: 'Add', exact: true }).click();
      const download = page.waitForEvent('download');
      await dialog().getByRole('button', { name: 'Download the private key' }).click();
      const pem = readFileSync(await (await download).path(), 'utf8');
      const kid = await dialog().locator('code').textContent();

      await page.keyboard.press('Escape');
      await dialog().getByText('Not stored yet').waitFor();
      await keepPicture(page, 'credential-key-made-light');
      await dialog().getByRole('checkbox', { name: 'I have stored it' }).check();
      await dialog().getByRole('button', { name: 'Done' }).click();
      await row('made here').getByText('Active').waitFor();

      const assertion = await new SignJWT({ jti: 'one' })
        .setProtectedHeader({ alg: 'ES256', kid: kid ?? '' })
        .setIssuer(CLIENT)
        .setSubject(CLIENT)
        .setAudience(world.alpha.issuer)
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(await importPKCS8(pem, 'ES256'));
      const answer = await world.alpha.post('access_token', {
        grant_type: 'client_credentials',
        scope: 'write',
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: assertion,
      });
      expect(answer.status, answer.text).toBe(200);
    });

    it('a key that somebody has is pasted; a private one is refused before it is sent', async () => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      await add('Public key');
      await dialog().getByText('Paste or upload').click();
      const field = dialog().getByRole('textbox', { name: 'Public key' });
      await field.fill(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
      await dialog().getByRole('textbox', { name: 'Label' }).fill('build server');
      expect(await dialog().getByRole('button', { name: 'As a command' }).count()).toBe(0);
      await dialog().getByRole('button', { name: 'Add', exact: true }).click();
      await dialog().getByText('This is a private key').waitFor();
      expect(await list('keys')).toHaveLength(1);

      await field.fill(publicKey.export({ type: 'spki', format: 'pem' }).toString());
      const command = await readCommand();
      expect(command).toContain('tessera client key add night-shift');
      expect(command).toContain(publicKey.export({ format: 'jwk' }).x);
      await dialog().getByRole('button', { name: 'Add', exact: true }).click();
      await row('build server').getByText('Active').waitFor();
    });

    it('an address where the client publishes its keys is one, too', async () => {
      await add('Public key');
      await dialog().getByText('An address').click();
      await dialog()
        .getByRole('textbox', { name: 'JWKS URI' })
        .fill('https://night.example.com/jwks.json');
      await dialog().getByRole('textbox', { name: 'Label' }).fill('published');
      expect(await readCommand()).toContain('--jwks-uri https://night.example.com/jwks.json');
      await dialog().getByRole('button', { name: 'Add', exact: true }).click();
      await row('published').getByText('Keys at an address').waitFor();
      const keys = await list('keys');
      expect(keys.map(({ jwksUri }) => jwksUri)).toContain('https://night.example.com/jwks.json');
    });

    it('a certificate of its own, and all of a subject', async () => {
      const { pem } = issueAuthority('night shift');
      await add('Certificate');
      await dialog().getByRole('textbox', { name: 'Certificate' }).fill(pem);
      await dialog().getByRole('textbox', { name: 'Label' }).fill('self-signed');
      expect(await readCommand()).toContain('tessera client cert add night-shift');
      await dialog().getByRole('button', { name: 'Add', exact: true }).click();
      await row('self-signed').getByText('Active').waitFor();

      await add('Certificate');
      await dialog().getByText('Any of a subject').click();
      await dialog().getByRole('combobox', { name: 'What the certificate says' }).click();
      await page.getByRole('option', { name: 'Host name' }).click();
      await dialog().getByRole('textbox', { name: 'To the letter' }).fill('night.example.com');
      await dialog().getByRole('textbox', { name: 'Label' }).fill('of an authority');
      expect(await readCommand()).toContain('--san-dns night.example.com');
      await dialog().getByRole('button', { name: 'Add', exact: true }).click();
      await row('of an authority').getByText('Certificates of a subject').waitFor();
      expect(await list('certificates')).toHaveLength(2);
    });

    it('a workload is what its platform says of it', async () => {
      await add('Workload of a platform');
      await dialog().getByRole('textbox', { name: 'Repository' }).fill('example/night-*');
      await dialog().getByRole('textbox', { name: 'Branch or tag' }).fill('refs/tags/*');
      await dialog().getByRole('textbox', { name: 'Label' }).fill('pipeline');
      expect(await readCommand('curl')).toContain('example/night-*');
      await dialog().getByRole('button', { name: 'Add', exact: true }).click();
      await dialog().getByText('must pin repository').first().waitFor();
      await keepPicture(page, 'credential-workload-light');
      await dialog().getByRole('textbox', { name: 'Repository' }).fill('example/night-shift');
      await dialog().getByRole('button', { name: 'Add', exact: true }).click();
      await row('pipeline').getByText('Workload of https://token.actions').waitFor();
      expect((await list('workloads'))[0]?.conditions).toEqual([
        { claim: 'repository', operator: 'equals', value: 'example/night-shift' },
        { claim: 'ref', operator: 'matches', value: 'refs/tags/*' },
      ]);
    });

    it('a secret is replaced with an overlap, in which both work; the timeline shows both', async () => {
      const timeline = page.getByRole('figure', { name: /When each credential is good/ });
      await row('cluster a')
        .getByRole('button', { name: /^Actions/ })
        .click();
      await page.getByRole('menuitem', { name: 'Replace it' }).click();
      await dialog().getByRole('combobox', { name: 'Earlier secrets go on working' }).click();
      await page.getByRole('option', { name: 'For so many hours' }).click();
      await dialog().getByRole('textbox', { name: 'Hours' }).fill('5');
      await dialog().getByRole('textbox', { name: 'Label' }).fill('cluster b');
      expect(await readCommand()).toMatch(/tessera client secret rotate night-shift.*18000/s);
      await dialog().getByRole('button', { name: 'Reset' }).click();
      await page.getByRole('dialog', { name: 'Client secret reset' }).waitFor();
      const second = (await dialog().locator('code').nth(1).textContent()) ?? '';
      await dialog().getByRole('checkbox', { name: 'I have stored it' }).check();
      await dialog().getByRole('button', { name: 'Done' }).click();
      await row('cluster b').getByText('Active').waitFor();
      await timeline.getByText('cluster a').waitFor();
      await timeline.getByText('cluster b').waitFor();

      for (const secret of [first, second])
        await world.alpha.token({ clientId: CLIENT, secret }, { scope: 'write' });
      const [ends] = (await list('secrets')).filter(({ label }) => label === 'cluster a');
      const left = (ends?.expiresAt ?? 0) - Date.now() / 1_000;
      expect(left).toBeGreaterThan(4.9 * 3_600);
      expect(left).toBeLessThanOrEqual(5 * 3_600);
      await row('cluster a').getByText('in 5 hours').waitFor();
    });

    it('what is revoked works no more', async () => {
      await row('cluster a')
        .getByRole('button', { name: /^Actions/ })
        .click();
      await page.getByRole('menuitem', { name: 'Revoke now' }).click();
      await page.getByRole('textbox', { name: 'Type night-shift to confirm' }).fill(CLIENT);
      await page.getByRole('button', { name: 'Revoke', exact: true }).click();
      await expect.poll(() => row('cluster a').count()).toBe(0);
      const answer = await world.alpha.request({ clientId: CLIENT, secret: first });
      expect(answer.json).toMatchObject({ error: 'invalid_client' });
    });

    it('one that should end by itself is told when', async () => {
      await row('build server')
        .getByRole('button', { name: /^Actions/ })
        .click();
      await page.getByRole('menuitem', { name: 'Let it end in a day' }).click();
      await row('build server')
        .getByText(/tomorrow|in 24 hours/)
        .waitFor();
      await row('build server')
        .getByRole('button', { name: /^Actions/ })
        .click();
      await page.getByRole('menuitem', { name: 'Let it not expire' }).click();
      await expect
        .poll(async () => (await list('keys')).find(({ label }) => label === 'build server'))
        .toMatchObject({ expiresAt: null });
    });

    it('by keyboard alone: menus, forms and what asks before it revokes', async () => {
      /** Opens the menu of what has the focus, and goes down to the item. */
      const choose = async (item: string) => {
        await page.keyboard.press('Enter');
        await page.getByRole('menu').waitFor();
        const focused = page.locator('[role=menuitem]:focus');
        await expect
          .poll(async () => {
            await page.keyboard.press('ArrowDown');
            return focused.textContent({ timeout: 500 }).catch(() => '');
          })
          .toBe(item);
        await page.keyboard.press('Enter');
      };
      await page.getByRole('button', { name: 'Add a credential' }).focus();
      await choose('Certificate');
      await page.getByRole('dialog', { name: 'Add a certificate' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await row('published')
        .getByRole('button', { name: /^Actions/ })
        .focus();
      await choose('Revoke now');
      await page.getByRole('dialog', { name: 'Revoke published' }).waitFor();
      await page.keyboard.type(CLIENT);
      await page.keyboard.press('Enter');
      await expect.poll(() => row('published').count()).toBe(0);
    });

    it('the history says who changed what from what to what', async () => {
      await world.alpha.changeClient({ clientId: CLIENT, secret: '' }, { tokensPerHour: 500 });
      await page.getByRole('tab', { name: 'History' }).click();
      const events = page.getByRole('table', { name: 'What happened' });
      const changed = events.getByRole('row').filter({ hasText: 'Client updated' });
      await changed.getByText('Tokens per hour: none → 500').waitFor();
      await changed.getByText('admin').waitFor();
      await events.getByText('Secret rotated').waitFor();
      await changed.getByRole('button', { name: 'Client updated' }).click();
      const details = page.getByRole('dialog', { name: 'Client updated' });
      await details.getByRole('region', { name: 'What changed' }).getByText('500').waitFor();
      await keepPicture(page, 'history-details-light');
      await details.getByRole('button', { name: 'Close' }).click();
      await page.getByText('Of the application').click();
      await events.getByText('Application created').waitFor();
      await page.getByText('What it did').click();
      await events.getByText('Token issued').first().waitFor();
      expect(person.complaints).toEqual([]);
    });

    describe.each([
      ['light', 1280],
      ['dark', 1280],
      ['light', 360],
      ['light', 2560],
    ] as const)('in %s colours, %i pixels wide', (colorScheme, width) => {
      it.each(['credentials', 'history'])('%s is accessible and fits', async (tab) => {
        const other = await visit(browser, world, { colorScheme, width, height: 1000 });
        await signIn(other, ADMINISTRATOR);
        await other.go(`${screen}?tab=${tab}`);
        await other.page.getByRole('table').first().waitFor();
        await other.page.waitForLoadState('networkidle');
        await keepPicture(other.page, `application-${tab}-${width === 1280 ? colorScheme : width}`);
        await expectAccessible(other.page, `${tab}, ${colorScheme}, ${width}`);
        expect(await findOverflow(other.page)).toBeLessThanOrEqual(0);
        await other.context.close();
      });
    });
  },
  { databases: ['SQLite'] },
);
