/*
 * The console as people have it: the browser of the system, the pages that the running server sends.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { World } from '../world.ts';

/** The first administrator, as the world leaves it signed in once. */
export const ADMINISTRATOR = { userName: 'admin', password: 'good-until-the-tests-end' } as const;

const CANDIDATES = [
  process.env['TESSERA_TEST_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Ends the run when there is no browser: a test of the console without one would show nothing. */
function findChromium(): string {
  const found = CANDIDATES.find((path) => path !== undefined && existsSync(path));
  if (found === undefined)
    throw new Error(
      'no Chromium: install it (Debian: apt-get install chromium) or name it in TESSERA_TEST_CHROMIUM',
    );
  return found;
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium(),
    args: [
      // A sandbox of its own needs more rights than a container gives.
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });

export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained of: scripts that failed, policies that were broken. */
  readonly complaints: readonly string[];
  go(path: string): Promise<void>;
};

export type VisitOptions = {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
};

/** A person with a browser of their own: no cookie is shared with another visit. */
export async function visit(
  browser: Browser,
  world: World,
  { width = 1280, height = 860, colorScheme = 'light' }: VisitOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    // That somebody is not signed in yet is told as a failed request; it is the answer.
    if (
      message.type() === 'error' &&
      !message.text().includes('the server responded with a status')
    )
      complaints.push(message.text());
  });
  return {
    page,
    context,
    complaints,
    go: async (path) => {
      await page.goto(`${world.publicUrl}/console/${path}`);
    },
  };
}

export async function signIn(
  { page, go }: Visit,
  { userName, password }: { readonly userName: string; readonly password: string },
  realm = 'root',
): Promise<void> {
  await go('');
  if (realm !== 'root') {
    await page.getByRole('button', { name: 'I am a user of another realm' }).click();
    await page.getByRole('textbox', { name: 'Realm' }).fill(realm);
  }
  await page.getByRole('textbox', { name: 'User name' }).fill(userName);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: /^Signed in as/ }).waitFor();
}

type Violation = { readonly id: string; readonly nodes: readonly { readonly html: string }[] };

/** By how many pixels the page is wider than the window. */
export const findOverflow = (page: Page): Promise<number> =>
  page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 A and AA and axe's best practices: nothing may be found. */
export async function expectAccessible(
  page: Page,
  where: string,
  rules?: readonly string[],
): Promise<void> {
  // Half-way between two colours nothing has the contrast that it will have.
  await page.evaluate(
    'Promise.allSettled(document.getAnimations().filter(({ playState, effect }) => playState === "running" && effect.getComputedTiming().endTime < Infinity).map(({ finished }) => finished))',
  );
  await page.evaluate(AXE);
  const options = rules === undefined ? {} : { runOnly: rules };
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>(
    `axe.run(${JSON.stringify(options)})`,
  );
  const findings = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(findings, where).toEqual([]);
}

const SCREENS = fileURLToPath(new URL('../../docs/screens/', import.meta.url));

/** Keeps a picture for the documentation, when the run was asked for pictures. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (process.env['TESSERA_KEEP_SCREENS'] === undefined) return;
  mkdirSync(SCREENS, { recursive: true });
  await page.screenshot({ path: join(SCREENS, `${name}.png`) });
}

/**
 * One screen as it is looked at: it is there, in light and in dark, narrow and wide; nothing in it
 * shuts anybody out, is wider than the window, or breaks a policy of the page.
 */
export async function expectScreen(
  { page, go, complaints }: Visit,
  [name, path, heading]: readonly [name: string, path: string, heading: string],
): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await go(path);
  await page
    .getByRole('heading', { name: heading, level: 1, exact: true, includeHidden: true })
    .waitFor();
  await page.waitForLoadState('networkidle');
  expect(await page.title()).toBe(`${heading} · Tessera`);
  await expectAccessible(page, `${name}, light`);
  await keepPicture(page, `${name}-light`);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor({ state: 'attached' });
  // Of all that is examined, only colours differ.
  await expectAccessible(page, `${name}, dark`, ['color-contrast']);
  await keepPicture(page, `${name}-dark`);
  for (const width of [360, 2560]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await findOverflow(page), `${name}, ${width} pixels wide`).toBeLessThanOrEqual(0);
    await keepPicture(page, `${name}-${width}`);
  }
  expect(complaints, name).toEqual([]);
}
