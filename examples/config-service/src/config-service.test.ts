import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AuthorizationServerUnderTest,
  startAuthorizationServer,
} from '../../../packages/resource-server/test/authorization-server.ts';
import { type ConfigService, startConfigService } from './index.ts';

let server: AuthorizationServerUnderTest;
let service: ConfigService;
let dataDir: string;
let token: string;
const lines: string[] = [];

beforeAll(async () => {
  server = await startAuthorizationServer();
  dataDir = await mkdtemp(join(tmpdir(), 'config-service-'));
  service = await start();
  token = await server.issue('first', 'write');
});
afterAll(async () => {
  await service.close();
  await server.close();
  await rm(dataDir, { recursive: true });
});

const start = (): Promise<ConfigService> =>
  startConfigService({
    port: 0,
    issuer: server.url,
    audience: server.audience,
    ...server.api,
    dataDir,
    log: (line) => lines.push(line),
  });

type Call = {
  readonly token?: string | undefined;
  readonly body?: RequestInit['body'] | undefined;
  readonly type?: string;
  readonly path?: string;
};

async function call(method: string, { token, body, type, path = '/config' }: Call = {}) {
  const response = await fetch(`${service.url}${path}`, {
    method,
    headers: {
      'content-type': type ?? 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body, duplex: 'half' }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const errorOf = ({ status, text }: { readonly status: number; readonly text: string }) => [
  status,
  (JSON.parse(text) as { error?: string }).error,
];

describe('a client and its own configuration', () => {
  it('is empty at first, kept byte for byte, and changed whole', async () => {
    const own = await server.issue('second', 'read write');
    expect((await call('GET', { token: own })).text).toBe('{}');

    const first = '{ "precise": 12345678901234567890, "a": 1, "a": 2, "__proto__": {} }';
    expect(await call('PUT', { token: own, body: first })).toMatchObject({
      status: 200,
      text: first,
    });
    expect((await call('GET', { token: own })).text).toBe(first);
    await call('PUT', { token: own, body: '{}' });
    expect((await call('GET', { token: own })).text).toBe('{}');
  });

  it("no client sees or changes another's", async () => {
    await call('PUT', { token, body: '{"of":"first"}' });
    const other = await server.issue('second', 'write');
    await call('PUT', { token: other, body: '{"of":"second"}' });
    expect((await call('GET', { token })).text).toBe('{"of":"first"}');
    expect((await call('GET', { token: other })).text).toBe('{"of":"second"}');
  });

  it('reading needs a valid token of any scope, changing needs the scope write', async () => {
    const reader = await server.issue('first', 'read');
    expect((await call('GET', { token: reader })).status).toBe(200);
    const refused = await call('PUT', { token: reader, body: '{}' });
    expect(errorOf(refused)).toEqual([403, 'insufficient_scope']);
    expect(refused.headers.get('www-authenticate')).toContain('scope="write"');
  });

  it.each(['GET', 'PUT'])('%s without a good token is 401', async (method) => {
    const body = method === 'PUT' ? '{}' : undefined;
    expect(errorOf(await call(method, { body }))).toEqual([401, undefined]);
    expect(errorOf(await call(method, { body, token: 'abc' }))).toEqual([401, 'invalid_token']);
  });

  it('a revoked token reads nothing more', async () => {
    const revoked = await server.issue('first', 'write');
    await server.revoke('first', revoked);
    expect(errorOf(await call('GET', { token: revoked }))).toEqual([401, 'invalid_token']);
  });
});

describe('bad input', () => {
  it.each([
    ['GET', '/', 404, 'not_found'],
    ['GET', '/config/', 404, 'not_found'],
    ['GET', '/%63onfig', 404, 'not_found'],
    ['DELETE', '/config', 405, 'method_not_allowed'],
    ['POST', '/health', 405, 'method_not_allowed'],
  ])('%s %s is %d', async (method, path, status, error) => {
    expect(errorOf(await call(method, { token, path }))).toEqual([status, error]);
  });

  it.each([
    ['', 400],
    ['{', 400],
    ['[]', 400],
    ['"text"', 400],
    ['null', 400],
    ['{"a":1}x', 400],
    ['['.repeat(16_000), 400],
    [`${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`.slice(0, 16_384), 400],
    [`{"a":"${'x'.repeat(16_384 - 8)}"}`, 200],
    [`{"a":"${'x'.repeat(16_384 - 7)}"}`, 413],
    ['x'.repeat(5_000_000), 413],
  ])('a body that begins %.20j is %d', async (body, status) => {
    expect((await call('PUT', { token, body })).status).toBe(status);
  });

  it('bytes that are not UTF-8 are refused', async () => {
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    expect(errorOf(await call('PUT', { token, body }))).toEqual([400, 'invalid_request']);
  });

  it('a body without a length is measured as it comes', async () => {
    const endless = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 100; i++)
          controller.enqueue(new TextEncoder().encode(' '.repeat(1000)));
        controller.close();
      },
    });
    expect(errorOf(await call('PUT', { token, body: endless }))).toEqual([
      413,
      'content_too_large',
    ]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])(
    'a type of %s is 415',
    async (type) => {
      expect((await call('PUT', { token, body: '{}', type })).status).toBe(415);
    },
  );

  it('a sender who breaks off changes nothing and stops nothing', async () => {
    await call('PUT', { token, body: '{"before":true}' });
    const { hostname, port } = new URL(service.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `PUT /config HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":1}`,
        );
        setTimeout(() => socket.destroy(), 100);
      });
      socket.on('close', () => resolve());
    });
    expect((await call('GET', { token })).text).toBe('{"before":true}');
    expect(lines).toEqual([]);
  });

  it('whatever is sent is answered with 200 or a documented 4xx', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('PUT', 'GET', 'POST', 'PATCH', 'DELETE'),
        fc.oneof(fc.constant('/config'), fc.webPath()),
        fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.uint8Array()),
        async (method, path, sent) => {
          const body = method === 'GET' ? undefined : (sent as NonNullable<RequestInit['body']>);
          const { status } = await call(method, { token, path, body });
          expect([200, 400, 404, 405, 413, 415]).toContain(status);
        },
      ),
      { numRuns: 100 },
    );
    expect(lines).toEqual([]);
  });
});

describe('a fault', () => {
  it('of the authorization server is 503, and nothing is shown', async () => {
    const lonely = await startConfigService({
      port: 0,
      issuer: server.url,
      audience: server.audience,
      introspectionEndpoint: 'http://127.0.0.1:9/introspect',
      ...server.api,
      dataDir,
    });
    const response = await fetch(`${lonely.url}/config`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await (await fetch(`${lonely.url}/health`)).json()).toEqual({ status: 'ok' });
    await lonely.close();
  });

  it('a port that is taken is told to whoever starts it', async () => {
    const port = Number(new URL(service.url).port);
    await expect(
      startConfigService({
        port,
        issuer: server.url,
        audience: server.audience,
        ...server.api,
        dataDir,
      }),
    ).rejects.toThrow('EADDRINUSE');
  });
});

describe('what was acknowledged survives', () => {
  it('a new start, which removes what was half written', async () => {
    await call('PUT', { token, body: '{"kept":1}' });
    await writeFile(join(dataDir, 'abc.json.1.tmp'), '{"half"');
    await service.close();
    service = await start();
    expect((await call('GET', { token })).text).toBe('{"kept":1}');
    expect((await readdir(dataDir)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('of many writes at once each is whole, and the last acknowledged one stays', async () => {
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => call('PUT', { token, body: `{"n":${i}}` })),
    );
    await call('PUT', { token, body: '{"n":"last"}' });
    expect((await call('GET', { token })).text).toBe('{"n":"last"}');
  });

  it('kill -9 in the middle of writes', async () => {
    for (let round = 0; round < 5; round++) {
      const { child, url } = await launch();
      let acknowledged = -1;
      let sent = -1;
      const writes = (async () => {
        for (;;) {
          sent += 1;
          const response = await fetch(`${url}/config`, {
            method: 'PUT',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: `{"n":${sent}}`,
          });
          if (response.status !== 200) throw new Error(`answered ${response.status}`);
          acknowledged = sent;
        }
      })().catch(() => {});
      await expect.poll(() => acknowledged, { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, round * 50));
      child.kill('SIGKILL');
      await writes;
      const kept = JSON.parse((await call('GET', { token })).text) as { n: number };
      expect([acknowledged, sent]).toContain(kept.n);
    }
  });
});

/** The service in a process of its own, as its README starts it. */
async function launch(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: {
      CONFIG_SERVICE_PORT: '0',
      CONFIG_SERVICE_ISSUER: server.url,
      CONFIG_SERVICE_AUDIENCE: server.audience,
      CONFIG_SERVICE_CLIENT_ID: server.api.clientId,
      CONFIG_SERVICE_CLIENT_SECRET: server.api.clientSecret,
      CONFIG_SERVICE_DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (data: Buffer) => {
      const found = /listens at (\S+)/.exec(data.toString());
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    child.on('exit', (code) => reject(new Error(`exited with ${code}`)));
  });
  return { child, url };
}
