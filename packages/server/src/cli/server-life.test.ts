/* The server as a process: its signals, its database, and what it leaves behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect as connectTo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../test/postgres.ts';
import { startRunningServer, TESSERA } from '../../test/running-server.ts';

let world: Awaited<ReturnType<typeof startRunningServer>>;
let home: string;
let data: string;
const inFolder = (name: string): string => world.inFolder(name);
const tessera = (line: string, input = '') => world.tessera(line.split(' '), input);
const result = <Value>(line: string) => world.result<Value>(line.split(' '));

beforeAll(async () => {
  world = await startRunningServer();
  ({ home, data } = world);
  const secret = inFolder('fresh.secret');
  await result(`client create myClient --scope write --secret-file ${secret}`);
});
afterAll(() => world.close());

describe('the process', () => {
  const spawnTessera = async (line: string, environment: Readonly<Record<string, string>> = {}) => {
    const child = spawn(process.execPath, [TESSERA, ...line.split(' ')], {
      env: {
        PATH: process.env['PATH'],
        HOME: world.folder,
        XDG_CONFIG_HOME: join(home, '.config'),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const [code] = (await once(child, 'close')) as [number];
    return { code, output, errors };
  };

  it('ends with the exit code, results and errors apart', async () => {
    expect(await spawnTessera('realm get alpha --output json')).toMatchObject({
      code: 0,
      output: expect.stringContaining('"name": "alpha"') as string,
      errors: '',
    });
    expect(await spawnTessera('realm get nowhere')).toMatchObject({ code: 3, output: '' });
    expect(await spawnTessera('realm delete alpha')).toMatchObject({ code: 2, output: '' });
    expect(
      await spawnTessera('realm list', {
        TESSERA_CLI_SERVER: 'http://127.0.0.1:1',
        TESSERA_CLI_TOKEN: 'x',
      }),
    ).toMatchObject({ code: 6 });
  });

  it('a port that is taken is told with its remedy', async () => {
    const port = world.url.split(':')[2];
    const other = inFolder('other-data');
    expect(
      await spawnTessera(
        `serve --public-url ${world.url} --host localhost --port ${port} --data-dir ${other} --log-level silent`,
      ),
    ).toMatchObject({ code: 1, errors: expect.stringContaining('--port') as string });
  });

  it('doctor finds a server in order, and what is not', async () => {
    const flags = `--public-url ${world.url} --port ${world.url.split(':')[2]} --host localhost --data-dir ${data}`;
    const healthy = await spawnTessera(`doctor ${flags} --output json`);
    const findings = JSON.parse(healthy.output) as { about: string; state: string }[];
    expect({
      code: healthy.code,
      failed: findings.filter(({ state }) => state === 'fail'),
    }).toEqual({
      code: 0,
      failed: [],
    });
    expect(findings.map(({ about }) => about)).toEqual([
      'node',
      'settings',
      'data directory',
      'first password',
      'master key',
      'database',
      'port',
      'public URL',
      'clock',
    ]);

    chmodSync(data, 0o755);
    const elsewhere = flags.replace(world.url, 'http://localhost:1');
    const ill = await spawnTessera(`doctor ${elsewhere}`);
    expect(ill.code).toBe(1);
    expect(ill.output).toMatch(/^warn data directory .+ open to others/m);
    expect(ill.output).toMatch(/^FAIL public URL/m);
    chmodSync(data, 0o700);
  });
});

describe('the database', () => {
  const backup = () => inFolder('tessera.backup');
  const keepKey = (to: string): void => {
    mkdirSync(to, { mode: 0o700 });
    copyFileSync(join(data, 'master.key'), join(to, 'master.key'));
  };

  it('is backed up while the server runs, for the eyes of its owner alone and never over a file', async () => {
    const line = `db backup ${backup()} --data-dir ${data}`;
    expect(await tessera(line)).toMatchObject({
      code: 0,
      output: '',
      errors: expect.stringMatching(
        /^\d+ rows of \d+ tables are in .+ master key is not in it/,
      ) as string,
    });
    expect(statSync(backup()).mode & 0o777).toBe(0o600);
    expect(gunzipSync(readFileSync(backup())).toString()).not.toContain('BEGIN PRIVATE KEY');
    expect(await tessera(line)).toMatchObject({ code: 5 });
  });

  it('is restored elsewhere with its clients and their secrets', async () => {
    const elsewhere = inFolder('restored');
    keepKey(elsewhere);
    expect(await tessera(`db restore ${backup()} --data-dir ${elsewhere}`)).toMatchObject({
      code: 0,
    });
    expect(await tessera(`db restore ${backup()} --data-dir ${elsewhere}`)).toMatchObject({
      code: 5,
      errors: expect.stringContaining('not empty') as string,
    });
    await world.server.stop('SIGTERM');
    await world.server.start(['--data-dir', elsewhere]);
    const secret = inFolder('fresh.secret');
    expect(
      await tessera(`token get --client-id myClient --client-secret-file ${secret} --scope write`),
    ).toMatchObject({ code: 0 });
    expect(await result('realm get alpha')).toMatchObject({ name: 'alpha' });
  });

  it('moves to PostgreSQL, and the server goes on from there', async () => {
    const url = await freshDatabase();
    expect(await tessera(`db status --output json --database-url ${url}`)).toMatchObject({
      code: 0,
      output: expect.stringContaining('"applied": []') as string,
    });
    await world.server.stop('SIGTERM');
    expect(await tessera(`db move --data-dir ${data} --to ${url}`)).toMatchObject({ code: 0 });
    await world.server.start(['--data-dir', data, '--database-url', url]);
    expect(await result('client get myClient')).toMatchObject({ clientId: 'myClient' });
    await world.server.stop('SIGTERM');
    await world.server.start();
  });

  it.each([
    ['no backup', 'not gzip', 2],
    ['a directory', undefined, 2],
    ['a path that leads nowhere', undefined, 3],
  ])('%s is told from a backup', async (name, text, code) => {
    const path = inFolder(name === 'a directory' ? 'data' : `x-${name.replaceAll(' ', '-')}`);
    if (text !== undefined) writeFileSync(path, text);
    expect(await tessera(`db restore ${path} --data-dir ${inFolder('unused')}`)).toMatchObject({
      code,
    });
  });

  it('a master key of another server is refused', async () => {
    await world.server.stop('SIGTERM');
    const other = inFolder('other-key');
    mkdirSync(other, { mode: 0o700 });
    await expect(
      world.server.start([
        '--data-dir',
        other,
        '--database-url',
        `file:${join(data, 'tessera.db')}`,
      ]),
    ).rejects.toThrow(/the master key is not the one .+\n.*tessera doctor/s);
    await world.server.start();
  });
});

describe('the last signal', () => {
  it('ends in order, and everything is there after the next start', async () => {
    expect(await world.server.stop('SIGTERM')).toBe(0);
    expect(world.server.told()).toContain('Stopped.');
    await world.server.start();
    expect(world.server.told()).not.toContain('First administrator');
    expect(await result('realm get alpha')).toMatchObject({ name: 'alpha' });
    expect(await tessera('logout')).toMatchObject({ code: 0 });
    expect(await tessera('realm list')).toMatchObject({ code: 4 });
    expect(existsSync(join(home, '.config/tessera/contexts.json'))).toBe(true);
    expect(await world.server.stop('SIGINT')).toBe(0);
  });

  it('given twice, it does not wait for a request that does not end', async () => {
    await world.server.start();
    const socket = connectTo({ host: 'localhost', port: Number(world.url.split(':')[2]) });
    await once(socket, 'connect');
    socket.write('POST /api/session HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{');
    // The next request is answered, so this one has been read as far as it goes.
    await fetch(`${world.url}/health/live`);
    const exited = once(world.server.running(), 'exit');
    world.server.running().kill('SIGTERM');
    await expect.poll(() => world.server.told()).toContain('Stopping');
    world.server.running().kill('SIGTERM');
    expect(await exited).toEqual([1, null]);
    expect(world.server.told()).toContain('Stopped at once.');
    socket.destroy();
  });
});
