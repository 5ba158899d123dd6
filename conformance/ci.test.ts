/* The pipelines of docs/ci.md: read as YAML, and each of their commands run as the page has it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findFreePort } from '../packages/server/test/free-port.ts';
import { compareOutput } from './documentation.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
const BLOCKS = [...PAGE.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', name = '', text = '']) => ({ language, name, text }),
);

function block(find: (one: (typeof BLOCKS)[number]) => boolean): string {
  const found = BLOCKS.find(find);
  if (found === undefined) throw new Error('docs/ci.md has no such block');
  return found.text;
}
const fileOf = (path: string): string => block(({ name }) => name === path);
const blockIn = (wanted: string): string => block(({ language }) => language === wanted);

type Step = { readonly run?: string; readonly uses?: string; readonly if?: string };
type Workflow = {
  readonly jobs: {
    readonly test: { readonly env: Record<string, string>; readonly steps: readonly Step[] };
  };
};
type GitLab = {
  readonly test: {
    readonly variables: Record<string, string>;
    readonly before_script: readonly string[];
    readonly script: readonly string[];
    readonly after_script: readonly string[];
  };
};

let folder = '';
let port = 0;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-ci-'));
  port = await findFreePort();
  const realm = join(folder, 'test/shop.yaml');
  mkdirSync(dirname(realm));
  writeFileSync(realm, fileOf('test/shop.yaml'));
  // What `npm ci` of a project with @tessera/server would have put there.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The same with a port of the test, and without the installation, which has been made. */
const here = (text: string): string =>
  text.replaceAll('8080', String(port)).replaceAll(/^npm ci$/gm, ':');

/** Runs a script as a runner does, and ends with it what it has left behind, as the end of a job does. */
async function shell(script: string, environment: Readonly<Record<string, string>> = {}) {
  const child = spawn('bash', ['-eo', 'pipefail', '-c', here(script)], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      TMPDIR: folder,
      npm_config_update_notifier: 'false',
      ...environment,
    },
    // A group of its own, by which all of it is ended.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes) => {
      output += String(bytes);
    });
  await once(child, 'close');
  const group = -(child.pid ?? 0);
  while (signal(group)) await pause(20);
  return { code: child.exitCode, output };
}

/** Whether anybody of the group was there to be told to end. */
function signal(group: number): boolean {
  try {
    return process.kill(group, 'SIGTERM');
  } catch {
    return false;
  }
}

const TOKEN = /\{"access_token":"[^"]+","scope":"orders:read","token_type":"Bearer"/;

describe('docs/ci.md', () => {
  it('GitHub Actions: the server runs beside the steps, and a token comes of its secret', async () => {
    const { env, steps } = (parse(fileOf('.github/workflows/test.yml')) as Workflow).jobs.test;
    const runs = steps.filter((step) => step.if === undefined).flatMap(({ run }) => run ?? []);
    expect(runs).toHaveLength(3);
    // GitHub reads the file between two steps; here they are one shell, so that one job ends.
    const handed = 'set -a; . "$GITHUB_ENV"; set +a';
    const script = runs.map((run) => `${run}\n[ ! -e "$GITHUB_ENV" ] || { ${handed}; }`).join('\n');
    const { ISSUER = '' } = env;
    const githubEnv = join(folder, 'github-env');
    const { code, output } = await shell(script, { GITHUB_ENV: githubEnv, ISSUER: here(ISSUER) });
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(TOKEN) });
    const [, secret] = /^SHOP_DEPLOY_SECRET=(\S+)$/m.exec(readFileSync(githubEnv, 'utf8')) ?? [];
    expect(output).toContain(`::add-mask::${secret}\n`);
    expect(statSync(join(folder, 'shop.env')).mode & 0o777).toBe(0o600);
    const last = steps.find((step) => step.if === 'failure()');
    expect((await shell(last?.run ?? '')).output).toContain(`Ready: http://localhost:${port}`);
  }, 60_000);

  it('GitLab CI: the same in one shell', async () => {
    const { test } = parse(fileOf('.gitlab-ci.yml')) as GitLab;
    const script = [...test.before_script, ...test.script, ...test.after_script].join('\n');
    const { ISSUER = '' } = test.variables;
    const { code, output } = await shell(script, { ISSUER: here(ISSUER) });
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(TOKEN) });
  }, 60_000);

  it('any port: the ready file tells where', async () => {
    const { code, output } = await shell(blockIn('sh'));
    expect(code, output).toBe(0);
    expect(compareOutput({ language: 'json', text: blockIn('json') }, output)).toEqual([]);
    expect(existsSync(join(folder, 'ready.json'))).toBe(false);
  }, 60_000);

  it('a mistake in the file is told as the page says', async () => {
    const path = join(folder, 'test/shop.yaml');
    writeFileSync(path, fileOf('test/shop.yaml').replace('[orders:read]', '[orders:delete]'));
    const { code, output } = await shell(
      'npx tessera demo --port 8080 --realm-file test/shop.yaml',
    );
    expect(code).toBe(2);
    expect(output).toContain(blockIn('text'));
  }, 60_000);
});
