import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { onEachDatabase } from '../world.ts';
import { ADMINISTRATOR, findOverflow, openBrowser, signIn, visit } from './browser.ts';

const OWNER_PASSWORD = 'brief-lantern-42-meadow';

/** Names that a page which is careless with text would run, widen or turn around. */
const HOSTILE_NAMES = [
  '<img src=x onerror="document.title=1">',
  '"><script>document.title="taken"</script>',
  'a'.repeat(100),
  'مثال على تطبيق',
  '👩🏽‍💻 agent 🤖',
  '{{constructor.constructor("document.title=1")()}}',
] as const;

/** A browser on a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

onEachDatabase(
  (world) => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await openBrowser();
      const { administration } = world;
      const owner = await administration.perform<{ id: string }>(
        'POST',
        '/api/realms/alpha/users',
        {
          userName: 'owner',
          password: OWNER_PASSWORD,
          passwordOneTime: false,
        },
      );
      await administration.perform('POST', '/api/realms/alpha/applications', {
        name: 'Owned here',
        owners: [owner.id],
        client: { clientId: 'owned', scopes: ['write'] },
      });
      await administration.perform('POST', '/api/realms/alpha/applications', {
        name: 'Of somebody else',
        client: { clientId: 'foreign' },
      });
      for (const [index, name] of HOSTILE_NAMES.entries())
        await administration.perform('POST', '/api/realms/alpha/applications', {
          name,
          description: name,
          client: { clientId: `hostile-${index}` },
        });
    });
    afterAll(async () => {
      await browser?.close();
    });

    it('a password for one time is typed once, and another is chosen', async () => {
      const once = 'plain-harbour-17-violet';
      await world.administration.perform('POST', '/api/realms/alpha/users', {
        userName: 'newcomer',
        password: once,
      });
      const person = await visit(browser, world);
      const { page } = person;
      const enter = async () => {
        await person.go('');
        await page.getByRole('button', { name: 'I am a user of another realm' }).click();
        await page.getByRole('textbox', { name: 'Realm' }).fill('alpha');
        await page.getByRole('textbox', { name: 'User name' }).fill('newcomer');
        await page.getByRole('textbox', { name: 'Password' }).fill(once);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
      };
      const before = page.getByRole('textbox', { name: 'Password you signed in with' });
      await enter();
      expect(await before.count()).toBe(0);
      await page.reload();
      await before.waitFor();
      await person.context.clearCookies();
      await enter();
      await page.getByRole('textbox', { name: 'New password', exact: true }).fill(OWNER_PASSWORD);
      await page.getByRole('textbox', { name: 'New password again' }).fill(OWNER_PASSWORD);
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('button', { name: 'Signed in as newcomer' }).waitFor();
      await person.context.close();
    });

    it('no screen can be chosen before it is known in which realm', async () => {
      const person = await visit(browser, world);
      const { page } = person;
      let give = () => {};
      const given = new Promise<void>((resolve) => {
        give = resolve;
      });
      await page.route(/\/api\/realms\?/, async (route) => {
        await given;
        await route.continue();
      });
      await signIn(person, ADMINISTRATOR);
      await page.getByText('Loading the realms').waitFor();
      expect(await page.getByRole('link', { name: 'Identities' }).count()).toBe(0);
      give();
      await page.getByRole('link', { name: 'Identities' }).click();
      await page.getByRole('heading', { name: 'Alpha realm - Users' }).waitFor();
      await person.context.close();
    });

    it('an owner sees and changes only what is owned', async () => {
      const owner = await visit(browser, world);
      const { page } = owner;
      await signIn(owner, { userName: 'owner', password: OWNER_PASSWORD }, 'alpha');
      await page.getByRole('link', { name: 'Applications' }).click();
      await page.getByRole('link', { name: 'Owned here' }).waitFor();
      expect(await page.getByText('Of somebody else').count()).toBe(0);
      expect(await page.getByRole('button', { name: 'Custom Application' }).count()).toBe(0);
      await page.getByRole('link', { name: 'Owned here' }).click();
      await page.getByRole('textbox', { name: 'Description' }).fill('Changed by its owner');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Application updated').waitFor();
      await owner.go('realms/alpha/users');
      await page.getByText('permission', { exact: false }).first().waitFor();
      expect(owner.complaints).toEqual([]);
      await owner.context.close();
    });

    it('a session that ends while somebody types loses nothing', async () => {
      const person = await visit(browser, world);
      const { page, context } = person;
      await signIn(person, ADMINISTRATOR);
      await person.go('realms/alpha/applications');
      await page.getByRole('link', { name: 'Of somebody else' }).click();
      await page.getByRole('textbox', { name: 'Description' }).fill('Typed for an hour');
      await context.clearCookies();
      await page.getByRole('button', { name: 'Save' }).click();
      const again = page.getByRole('dialog', { name: 'Sign in again' });
      await again.getByRole('textbox', { name: 'Password' }).fill(ADMINISTRATOR.password);
      await again.getByRole('button', { name: 'Sign in' }).click();
      await again.waitFor({ state: 'hidden' });
      expect(await page.getByRole('textbox', { name: 'Description' }).inputValue()).toBe(
        'Typed for an hour',
      );
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Application updated').waitFor();
      await context.close();
    });

    it('from one application straight to another, the form is that of the other', async () => {
      const person = await visit(browser, world);
      const { page, context } = person;
      await signIn(person, ADMINISTRATOR);
      const goTo = async (name: string) => {
        await page.keyboard.press('Control+k');
        await page.getByPlaceholder('Applications, clients, users, screens').fill(name);
        await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
        await page.getByRole('heading', { name, level: 1 }).waitFor();
      };
      await page.waitForLoadState('networkidle');
      for (const name of ['Owned here', 'Of somebody else', 'Owned here']) {
        await goTo(name);
        expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe(name);
      }
      await context.close();
    });

    it('somebody else’s change is told, and what was typed stays', async () => {
      const person = await visit(browser, world);
      const { page, context } = person;
      await signIn(person, ADMINISTRATOR);
      await person.go('realms/alpha/applications');
      await page.getByRole('link', { name: 'Owned here' }).click();
      await page.getByRole('textbox', { name: 'Description' }).fill('Mine');
      const [, id = ''] = /applications\/([^/?]+)/.exec(page.url()) ?? [];
      await world.administration.change(`/api/realms/alpha/applications/${id}`, {
        description: 'Theirs',
      });
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Somebody changed this meanwhile').waitFor();
      expect(await page.getByRole('textbox', { name: 'Description' }).inputValue()).toBe('Mine');
      await page.getByRole('button', { name: 'Load what is there now' }).click();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Application updated').waitFor();
      await context.close();
    });

    describe('names that others chose', () => {
      it('are text and nothing else, at 360 pixels too', async () => {
        const person = await visit(browser, world, { width: 360, height: 740 });
        const { page } = person;
        await signIn(person, ADMINISTRATOR);
        await person.go('realms/alpha/applications');
        for (const name of HOSTILE_NAMES) await page.getByText(name).first().waitFor();
        expect(await page.title()).toBe('Applications · Tessera');
        const overflow = await findOverflow(page);
        expect(overflow).toBeLessThanOrEqual(0);
        expect(person.complaints).toEqual([]);
        await person.context.close();
      });
    });

    it('the page can be put into no frame, and no other site can act with the cookie', async () => {
      const answer = await world.send({ method: 'GET', path: '/console/' });
      const policy = String(answer.headers['content-security-policy']);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain('unsafe');
      const person = await visit(browser, world);
      await signIn(person, ADMINISTRATOR);
      const [cookie] = await person.context.cookies();
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
      const forged = await fetch(`${world.publicUrl}/api/realms`, {
        method: 'POST',
        headers: {
          cookie: `${cookie?.name}=${cookie?.value}`,
          origin: 'https://evil.example',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ name: 'forged' }),
      });
      expect(forged.status).toBe(403);
      await person.context.close();
    });
  },
  { databases: ['SQLite'] },
);
