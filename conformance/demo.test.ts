/* `tessera demo`: what somebody who starts it finds in the console. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const TESSERA = fileURLToPath(new URL('../packages/server/bin/tessera.js', import.meta.url));
const PASSWORD = 'rather long and mine';

type Json = Readonly<Record<string, unknown>>;
type Items = { readonly items: readonly Json[] };
type Demo = { readonly child: ChildProcess; readonly url: string; output: string };

vi.setConfig({ testTimeout: 60_000 });

let folder = '';
const running = new Set<ChildProcess>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-demo-'));
});
afterEach(async () => {
  for (const child of running) await end(child);
  rmSync(folder, { recursive: true });
});

async function end(child: ChildProcess): Promise<number | null> {
  child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'exit');
  running.delete(child);
  return child.exitCode;
}

async function start(...words: readonly string[]): Promise<Demo> {
  const ports = ['--port', '0', '--api-port', '0', '--data-dir', join(folder, 'data')];
  const child = spawn(process.execPath, [TESSERA, 'demo', ...ports, ...words], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  let output = '';
  child.stdout.on('data', (bytes) => {
    output += String(bytes);
  });
  await vi.waitUntil(() => output.includes('Stop with Ctrl-C'), { timeout: 40_000 });
  const [, url = ''] = /Authorization server +(\S+)/.exec(output) ?? [];
  return { child, url, output };
}

/** Signs in; a one-time password is replaced. Answers with a reader of the realm `alpha`. */
async function enter({ url, output }: Demo) {
  const post = async (path: string, body: Json, cookie = '') => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, cookie },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    return answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  };
  const [, once] = /one-time password (\S+)/.exec(output) ?? [];
  const first = await post('/api/session', { userName: 'admin', password: once ?? PASSWORD });
  const change = { currentPassword: once, newPassword: PASSWORD };
  const cookie = once === undefined ? first : await post('/api/session/password', change, first);
  return async <T = Items>(path: string): Promise<T> => {
    const answer = await fetch(`${url}/api/realms/alpha/${path}`, { headers: { cookie } });
    expect(answer.status, path).toBe(200);
    return (await answer.json()) as T;
  };
}

const namesIn = ({ items }: Items, member: string) => items.map((one) => one[member]);

describe('tessera demo', () => {
  it('its sample clients ask for tokens, and some are refused, so that each screen has something true', async () => {
    const demo = await start();
    const read = await enter(demo);
    const reasons = async () => namesIn(await read('refusals'), 'reason');
    await vi.waitFor(async () => expect(await reasons()).toContain('grant_type_unknown'), {
      timeout: 30_000,
      interval: 250,
    });
    expect(await reasons()).toEqual(
      expect.arrayContaining(['scope_not_granted', 'secret_wrong', 'client_unknown']),
    );
    expect(namesIn(await read('applications'), 'name')).toEqual(
      expect.arrayContaining(['myClient', 'Nightly invoices', 'Web shop', 'Legacy report']),
    );
    expect(namesIn(await read('apis'), 'id')).toEqual(expect.arrayContaining(['orders', 'stock']));
    const usage = await read<{ readonly total: { readonly issued: number } }>('usage?by=hour');
    expect(usage.total.issued).toBeGreaterThan(20);
    const soon = Math.floor(Date.now() / 1000) + 6 * 86_400;
    expect(namesIn(await read(`expiring?until=${soon}`), 'clientId')).toContain('web-shop');
    expect(namesIn(await read('events?limit=200'), 'type')).toEqual(
      expect.arrayContaining(['client.registered', 'token.issued', 'token.refused']),
    );
    const secrets = join(folder, 'data/sample-clients.json');
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
    for (const { secret } of JSON.parse(readFileSync(secrets, 'utf8')) as { secret: string }[])
      expect(demo.output).not.toContain(secret);
    expect(await end(demo.child)).toBe(0);
  });

  it('started again, it goes on with the clients that it has, and leaves alone what was changed', async () => {
    const first = await start();
    const read = await enter(first);
    await vi.waitFor(async () =>
      expect(namesIn(await read('clients'), 'clientId')).toContain('web-shop'),
    );
    expect(await end(first.child)).toBe(0);
    const before = readFileSync(join(folder, 'data/sample-clients.json'), 'utf8');
    const second = await start();
    const again = await enter({ ...second, output: second.output.replace(/one-time.*/, '') });
    await vi.waitFor(
      async () => expect(namesIn(await again('refusals'), 'reason')).toContain('secret_wrong'),
      { timeout: 30_000, interval: 250 },
    );
    expect(readFileSync(join(folder, 'data/sample-clients.json'), 'utf8')).toBe(before);
  });

  it('--no-traffic leaves them out', async () => {
    const demo = await start('--no-traffic');
    expect(demo.output).not.toContain('Sample clients');
    const read = await enter(demo);
    expect(namesIn(await read('clients'), 'clientId')).toEqual(['config-service', 'myClient']);
  });
});
