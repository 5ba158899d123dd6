/*
 * The libraries as those have them who are not in this repository: packed, installed in an empty
 * folder, by the commands of docs/apis/README.md, and used by the first programs of the documentation.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../packages/server/test/free-port.ts';
import { readPage } from './documentation.ts';
import { onEachDatabase } from './world.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = ['protocol', 'resource-server', 'client'] as const;

/** What comes from a registry elsewhere is packed here as well, so that nobody has to be asked. */
const FROM_REGISTRY = ['jose', '@types/node', 'undici-types'] as const;

const run = promisify(execFile);

type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly type: string;
  readonly engines: { readonly node: string };
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
};
const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

const temporary = mkdtempSync(join(tmpdir(), 'tessera-packages-'));
const project = mkdtempSync(join(tmpdir(), 'tessera-project-'));
const put = (name: string, text: string) => writeFileSync(join(project, name), text);
const environment = {
  ...process.env,
  HOME: temporary,
  npm_config_offline: 'true',
  npm_config_ignore_scripts: 'true',
  npm_config_audit: 'false',
};
const packed = new Map<string, readonly string[]>();

async function npm(cwd: string, ...words: readonly string[]): Promise<string> {
  const { stdout } = await run('npm', [...words], { cwd, env: environment });
  return stdout;
}

beforeAll(async () => {
  // The first block says what to do in the repository, the second what in a project.
  const [pack = '', install = ''] = readPage('apis/README.md').flatMap((step) =>
    step.kind === 'commands' && step.text.includes('tessera-packages') ? [step.text] : [],
  );
  const inShell = (cwd: string, commands: string) =>
    run('bash', ['-euo', 'pipefail', '-c', commands], { cwd, env: environment });
  const built = pack.replace('npm run build\n', '').replace('npm pack', 'npm pack --json');
  const { stdout } = await inShell(ROOT, built);
  for (const { name, files } of JSON.parse(stdout) as { name: string; files: { path: string }[] }[])
    packed.set(
      name,
      files.map(({ path }) => path),
    );
  await npm(
    ROOT,
    ...['pack', '--pack-destination', temporary],
    ...FROM_REGISTRY.map((name) => `./node_modules/${name}`),
  );
  put('package.json', JSON.stringify({ private: true, type: 'module' }));
  await inShell(project, `npm install ${temporary}/*.tgz`);
  await inShell(project, install);
}, 120_000);

afterAll(() => {
  for (const folder of [temporary, project]) rmSync(folder, { recursive: true });
});

describe.each(PACKAGES)('@tessera/%s, packed', (folder) => {
  const here = join(ROOT, 'packages', folder);
  const manifest = readManifest(here);

  it('is what programs and their compilers need, what it is, and the licence', () => {
    const all = packed.get(manifest.name) ?? [];
    const rest = all.filter((path) => !/^dist\/.+\.(?:js|d\.ts)$/.test(path));
    expect([...rest].sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(all.filter((path) => /test|vectors|src\//.test(path))).toEqual([]);
    expect(readFileSync(join(here, 'LICENSE'))).toEqual(readFileSync(join(ROOT, 'LICENSE')));
  });

  it('has every file that it offers, with its types before what they are of', () => {
    const offered = Object.values(manifest.exports).flatMap((entry) => Object.entries(entry));
    for (const [, path] of offered)
      expect(packed.get(manifest.name)).toContain(path.replace('./', ''));
    for (const entry of Object.values(manifest.exports))
      expect([Object.keys(entry)[0], Object.keys(entry).at(-1)]).toEqual(['types', 'default']);
  });

  it('says the version, the licence and the Node that the repository does', () => {
    const { version, license, type, engines } = readManifest(ROOT);
    expect(manifest).toMatchObject({ version, license, type, engines });
    expect(readManifest(join(project, 'node_modules', manifest.name)).version).toBe(version);
  });
});

it('what needs no framework loads without one', async () => {
  const entries = ['.', './node', './fetch', './mcp', './express'].map((entry) =>
    entry.replace('.', '@tessera/resource-server'),
  );
  const all = [...entries, '@tessera/client', '@tessera/client/node'];
  put('load.js', `${all.map((name) => `await import('${name}');`).join('\n')}\nconsole.log('ok');`);
  expect((await run(process.execPath, ['load.js'], { cwd: project })).stdout).toBe('ok\n');
});

onEachDatabase(
  ({ alpha }) => {
    let api: ChildProcess | undefined;
    afterAll(async () => {
      if (api === undefined) return;
      api.kill();
      await once(api, 'exit');
    });

    it('the first programs of the documentation compile and run', { timeout: 90_000 }, async () => {
      const port = await findFreePort();
      const origin = `http://localhost:${port}`;
      const scopes = [{ name: 'orders:read' }, { name: 'orders:write' }];
      await alpha.registerApi({ id: 'orders', identifier: `${origin}/orders`, scopes });
      const client = await alpha.registerClient({ clientId: 'orders' });
      await alpha.grant(client, 'orders', ['orders:read']);
      put('orders.secret', client.secret);
      put('server.ts', serverProgram(alpha.issuer, port));
      put('call.ts', clientProgram(alpha.issuer, origin));
      put('tsconfig.json', JSON.stringify(TSCONFIG));

      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
      const { stdout: problems } = await run(process.execPath, [tsc, '-p', project]).catch(
        (error: { stdout: string }) => error,
      );
      expect(problems).toBe('');

      api = spawn(process.execPath, ['server.js'], { cwd: project, stdio: 'inherit' });
      const answers = async () => (await fetch(`${origin}/orders`).catch(() => undefined))?.status;
      await expect.poll(answers, { timeout: 20_000 }).toBe(401);
      const { stdout } = await run(process.execPath, ['call.js'], { cwd: project });
      expect(stdout).toBe("200 { hello: 'orders' }\n");
    });
  },
  { databases: ['SQLite'] },
);

/** Strict, and of the declarations of the libraries too. */
const TSCONFIG = {
  compilerOptions: {
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'NodeNext',
    types: ['node'],
    noEmitOnError: true,
  },
  include: ['*.ts'],
};

function serverProgram(issuer: string, port: number): string {
  const [server] = readPage('apis/node.md').filter(({ kind }) => kind === 'file');
  if (server?.kind !== 'file') throw new Error('docs/apis/node.md has no program');
  return server.text
    .replaceAll('http://localhost:8080/am/oauth2/realms/root/realms/alpha', issuer)
    .replaceAll('3000', String(port));
}

function clientProgram(issuer: string, origin: string): string {
  const page = readFileSync(join(ROOT, 'docs/client-sdk.md'), 'utf8');
  const [, program = ''] = /^```ts\n(.*?)^```$/ms.exec(page) ?? [];
  return program
    .replaceAll('https://id.example.com/am/oauth2/realms/root/realms/alpha', issuer)
    .replaceAll('https://api.example.com', origin)
    .replaceAll('stock:read', 'orders:read')
    .replaceAll('/stock', '/orders');
}
