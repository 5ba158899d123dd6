/* `tessera demo --realm-file`: a server for a pipeline, of what files say and nothing else. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { basic, FORM_TYPE } from './realm.ts';

const TESSERA = fileURLToPath(new URL('../packages/server/bin/tessera.js', import.meta.url));

const SHOP = `format: tessera-realm/1
realm:
  name: shop
apis:
  - id: orders
    identifier: https://orders.example.com
    scopes:
      - name: orders:read
clients:
  - clientId: deploy
    secrets:
      - label: ci
    grants:
      - { api: orders, scopes: [orders:read] }
  - clientId: fixed
    scopes: [read]
    secrets:
      - secret: \${FIXED_SECRET}
`;

const STAFF = `{
  "format": "tessera-realm/1",
  "realm": { "name": "staff" },
  "clients": [{ "clientId": "deploy", "scopes": ["read"] }]
}
`;

const folder = mkdtempSync(join(tmpdir(), 'tessera-demo-files-'));
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
/** What the demo keeps for itself goes here, and nowhere else. */
const temporary = join(folder, 'tmp');
mkdirSync(temporary);

type Demo = { readonly child: ChildProcess; output: string; errors: string };

const running = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of running) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Demo {
  const child = spawn(process.execPath, [TESSERA, 'demo', '--port', '0', ...words], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      TMPDIR: temporary,
      FIXED_SECRET: 'of the test',
      ...environment,
    },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const demo: Demo = { child, output: '', errors: '' };
  child.stdout.on('data', (bytes) => {
    demo.output += String(bytes);
  });
  child.stderr.on('data', (bytes) => {
    demo.errors += String(bytes);
  });
  return demo;
}

async function ended({ child }: Demo): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'close');
  return child.exitCode;
}

/** The address of a server that has said that it is ready. */
async function ready(demo: Demo): Promise<string> {
  for (;;) {
    const [, url] = /^Ready: (\S+)$/m.exec(demo.output) ?? [];
    if (url !== undefined) return url;
    if (demo.child.exitCode !== null) throw new Error(`it ended: ${demo.errors}`);
    await once(demo.child.stdout ?? demo.child, 'data');
  }
}

async function requestToken(
  url: string,
  realm: string,
  clientId: string,
  secret: string,
  scope = 'read',
) {
  const answer = await fetch(`${url}/am/oauth2/realms/root/realms/${realm}/access_token`, {
    method: 'POST',
    headers: { authorization: basic({ clientId, secret }), 'content-type': FORM_TYPE },
    body: `grant_type=client_credentials&scope=${scope}`,
  });
  return { status: answer.status, json: await answer.json() };
}

describe('tessera demo --realm-file', () => {
  it('starts with what the file says, tells how to get a token, and ends when it is told to', async () => {
    const demo = run(['--realm-file', put('shop.yaml', SHOP)]);
    const url = await ready(demo);
    const [, secret = ''] = /^SHOP_DEPLOY_SECRET=(\S+)$/m.exec(demo.output) ?? [];
    expect(await requestToken(url, 'shop', 'deploy', secret, 'orders:read')).toMatchObject({
      status: 200,
      json: { token_type: 'Bearer', scope: 'orders:read' },
    });
    const [, line = ''] = /^ +A token +(curl .*)$/m.exec(demo.output) ?? [];
    const pasted = await promisify(execFile)('sh', ['-c', line], {
      env: { PATH: process.env['PATH'], SHOP_DEPLOY_SECRET: secret },
    });
    expect(JSON.parse(pasted.stdout)).toMatchObject({ scope: 'orders:read' });
    expect(await requestToken(url, 'shop', 'deploy', 'forgerock')).toMatchObject({ status: 401 });
    // Nothing of the sample data.
    expect(await requestToken(url, 'alpha', 'myClient', 'forgerock')).toMatchObject({
      status: 404,
    });
    expect(readdirSync(temporary)).toHaveLength(1);
    demo.child.kill('SIGTERM');
    expect(await ended(demo), demo.errors).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('a secret that the environment chooses is believed, and never printed', async () => {
    const environment = { FIXED_SECRET: 'chosen by the pipeline' };
    const demo = run(['--realm-file', put('shop.yaml', SHOP)], environment);
    const url = await ready(demo);
    expect(await requestToken(url, 'shop', 'fixed', 'chosen by the pipeline')).toMatchObject({
      status: 200,
      json: { scope: 'read' },
    });
    expect(demo.output + demo.errors).not.toContain('chosen by the pipeline');
  });

  it('serves several realms, and keeps what was made in files', async () => {
    const demo = run([
      ...['--realm-file', put('shop.yaml', SHOP), '--realm-file', put('staff.json', STAFF)],
      ...['--secret-file', 'made.env', '--ready-file', 'ready.json'],
    ]);
    const url = await ready(demo);
    expect(statSync(join(folder, 'made.env')).mode & 0o777).toBe(0o600);
    const secrets = new Map(
      read('made.env')
        .trim()
        .split('\n')
        .map((line) => line.split('=') as [string, string]),
    );
    expect([...secrets.keys()]).toEqual(['SHOP_DEPLOY_SECRET', 'STAFF_DEPLOY_SECRET']);
    for (const secret of secrets.values()) expect(demo.output).not.toContain(secret);
    const ofStaff = secrets.get('STAFF_DEPLOY_SECRET') ?? '';
    expect(await requestToken(url, 'staff', 'deploy', ofStaff)).toMatchObject({ status: 200 });
    // A realm never believes a secret of another.
    expect(await requestToken(url, 'shop', 'deploy', ofStaff)).toMatchObject({ status: 401 });
    const [shop] = (JSON.parse(read('ready.json')) as { realms: unknown[] }).realms;
    expect(shop).toEqual({
      name: 'shop',
      issuer: `${url}/am/oauth2/realms/root/realms/shop`,
      tokenEndpoint: `${url}/am/oauth2/realms/root/realms/shop/access_token`,
    });
    demo.child.kill('SIGTERM');
    await ended(demo);
    expect(existsSync(join(folder, 'ready.json'))).toBe(false);
  });

  it('writes secrets as JSON where the name of the file does not say otherwise', async () => {
    const words = [
      '--realm-file',
      put('staff.json', STAFF),
      '--secret-file',
      'made.json',
      '--once',
    ];
    const demo = run(words);
    expect(await ended(demo), demo.errors).toBe(0);
    expect(JSON.parse(read('made.json'))).toMatchObject([
      { realm: 'staff', clientId: 'deploy', variable: 'STAFF_DEPLOY_SECRET' },
    ]);
  });

  it('takes a folder, and data that is there already', async () => {
    mkdirSync(join(folder, 'realms'));
    put('realms/staff.json', STAFF);
    const words = ['--realm-file', 'realms', '--data-dir', 'kept', '--once'];
    const first = run([...words, '--secret-file', 'first.json']);
    expect(await ended(first), first.errors).toBe(0);
    const second = run(words);
    expect(await ended(second), second.errors).toBe(0);
    expect(second.output).not.toContain('_SECRET=');
    // What was told once is not lost because there is nothing new to tell.
    const kept = read('first.json');
    const third = run([...words, '--secret-file', 'first.json']);
    expect(await ended(third), third.errors).toBe(0);
    expect(read('first.json')).toBe(kept);
  });

  const changed = (from: string, to: string): string => SHOP.replace(from, to);

  it.each([
    ['is no YAML', 'a: [\n  b: }', 'bad.yaml:2: is neither JSON nor YAML'],
    ['names no realm', 'format: tessera-realm/1\n', 'bad.yaml:1: names no realm'],
    [
      'has a member that nobody knows',
      changed('label: ci', 'lable: ci'),
      'bad.yaml:12: /clients/0/secrets/0/lable is unknown here',
    ],
    [
      'has a value of the wrong form',
      changed('scopes: [read]', 'scopes: read'),
      'bad.yaml:16: /clients/1/scopes must be a list',
    ],
    [
      'breaks a rule of the server',
      changed('scopes: [orders:read]', 'scopes: [orders:delete]'),
      'bad.yaml:14: /clients/0/grants/0/scopes/0',
    ],
    [
      'names a variable that is not set',
      changed('FIXED_SECRET', 'UNSET_SECRET'),
      'bad.yaml:18: the environment has no UNSET_SECRET',
    ],
    [
      'names a variable where nothing is filled in',
      changed('FIXED_SECRET', 'FIXED SECRET'),
      'bad.yaml:18: /clients/1/secrets/0/secret names a variable',
    ],
  ])('a file that %s is refused with its line, and nothing starts', async (_, text, line) => {
    const demo = run(['--realm-file', put('bad.yaml', text), '--ready-file', 'ready.json']);
    expect(await ended(demo)).toBe(2);
    expect(demo.errors).toContain(line);
    expect(demo.output).not.toContain('Ready');
    expect(existsSync(join(folder, 'ready.json'))).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('two files of one realm are a mistake', async () => {
    const words = [put('shop.yaml', SHOP), put('again.yaml', SHOP)];
    const demo = run(words.flatMap((path) => ['--realm-file', path]));
    expect(await ended(demo)).toBe(2);
    expect(demo.errors).toContain('again.yaml:3: /realm/name is the realm of shop.yaml, too');
  });
});
