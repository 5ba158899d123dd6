import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { json, movableClock, refuse, startEndpoint } from '../test/token-endpoint.ts';
import { secretBasic } from './authentication/secret-basic.ts';
import { backoff } from './backoff.ts';
import { UnreachableError } from './oauth-error.ts';
import { tokenSource } from './token-source.ts';

const { endpoint, grant } = startEndpoint();
const count = () => endpoint.seen.length;

const open = (more: object = {}) =>
  tokenSource({
    server: endpoint.server,
    clientId: 'c',
    authenticate: secretBasic('s'),
    random: () => 0,
    ...more,
  });

const since = (started: number): number => (performance.now() - started) / 1000;

describe('a server that is busy or broken', () => {
  it.each([
    ['500', json({}, 500)],
    ['503', refuse(503, 'temporarily_unavailable')],
    ['429', refuse(429, 'slow_down')],
    ['a proxy without its server', json('<html>', 502)],
  ])('(%s) is asked again until it answers', async (_, failure) => {
    endpoint.answer = (response, seen) =>
      count() < 3 ? failure(response) : grant(100)(response, seen);
    expect(await open().token()).toBe('token-3');
    expect(count()).toBe(3);
  });

  it('is asked again when it breaks the connection', async () => {
    endpoint.answer = (response, seen) =>
      count() < 2 ? response.destroy() : grant(100)(response, seen);
    expect(await open().token()).toBe('token-2');
  });

  it.each([400, 401, 403, 404])('is not asked again after a %i', async (status) => {
    endpoint.answer = refuse(status, 'no');
    await expect(open().token()).rejects.toMatchObject({ status });
    expect(count()).toBe(1);
  });

  it('RFC 9110 §10.2.3 is not asked before the instant that it named', async () => {
    endpoint.answer = (response, seen) =>
      count() < 2
        ? refuse(503, 'temporarily_unavailable', { 'retry-after': '1' })(response)
        : grant(100)(response, seen);
    const started = performance.now();
    expect(await open().token()).toBe('token-2');
    expect(since(started)).toBeGreaterThanOrEqual(0.99);
  });

  it('RFC 9110 §10.2.3 that wants more patience than there is fails at once, and is left alone', async () => {
    endpoint.answer = refuse(429, 'slow_down', { 'retry-after': '86400' });
    const source = open({ retrySeconds: 5 });
    await expect(source.token()).rejects.toMatchObject({ retryAfter: 86400 });
    await expect(source.token()).rejects.toMatchObject({ retryAfter: 86400 });
    expect(count()).toBe(1);
  });

  it('is given up when the time for all attempts is over, however many wait', async () => {
    const clock = movableClock();
    endpoint.answer = (response) => {
      clock.pass(1);
      refuse(503, 'temporarily_unavailable')(response);
    };
    const source = open({ retrySeconds: 3, stopwatch: clock.stopwatch });
    const waiting = Array.from({ length: 1000 }, () => source.token());
    for (const outcome of await Promise.allSettled(waiting))
      expect(outcome).toMatchObject({ status: 'rejected', reason: { status: 503 } });
    // After three seconds and two pauses there is no time left for a third pause.
    expect(count()).toBe(3);
  });

  it('and silent is given up in time, whichever limit is the shorter', async () => {
    endpoint.answer = () => {};
    const limits = [
      { retrySeconds: 0, timeoutSeconds: 0.2 },
      { retrySeconds: 1.2, timeoutSeconds: 600 },
    ];
    for (const limit of limits) await expect(open(limit).token()).rejects.toThrow(UnreachableError);
  });

  it('is asked less and less often, and by nobody in step with others', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 60].map((failures) => backoff(failures, 1))).toEqual([
      0.25, 0.5, 1, 2, 4, 8, 8, 8,
    ]);
    expect(backoff(3, 0)).toBe(0.5);
  });
});

describe('a server that is killed and started again', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.closeAllConnections();
  });
  const start = async (port = 0): Promise<{ server: Server; port: number }> => {
    const server = createServer((_request, response) =>
      json({ access_token: 'a', token_type: 'Bearer', expires_in: 3600 })(response),
    );
    servers.push(server);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return { server, port: (server.address() as AddressInfo).port };
  };

  it('is not missed while the token is good, and is found again by those who wait', async () => {
    const first = await start();
    const issuer = `http://127.0.0.1:${first.port}`;
    const kill = (server: Server) => {
      server.closeAllConnections();
      server.close();
    };
    const source = open({ server: undefined, tokenEndpoint: `${issuer}/token` });
    await source.token();
    kill(first.server);
    expect(await source.token()).toBe('a');
    source.forget();
    const waiting = Array.from({ length: 10 }, () => source.token());
    await pause(200);
    await start(first.port);
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['a']));
  });

  it('and never comes back is told with what is wrong', async () => {
    const { server, port } = await start();
    server.close();
    await once(server, 'close');
    const source = open({
      server: undefined,
      issuer: `http://127.0.0.1:${port}`,
      retrySeconds: 0.3,
    });
    await expect(source.token()).rejects.toMatchObject({
      name: 'UnreachableError',
      remedy: expect.stringContaining('DNS') as string,
    });
  });
});

describe('a process', () => {
  it.each([
    ['fails', 0, refuse(503, 'temporarily_unavailable', { 'retry-after': '60' })],
    ['is never answered', 5, () => {}],
  ])('ends when it is done, though a renewal %s (%i s)', async (_, limit, renewal) => {
    endpoint.answer = (response, seen) =>
      count() === 1 ? grant(100)(response, seen) : renewal(response);
    const program = `
      import { secretBasic, tokenSource } from '@tessera/client';
      let now = 0;
      const stopwatch = () => {
        const started = now;
        return () => now - started;
      };
      const source = tokenSource({
        tokenEndpoint: ${JSON.stringify(`${endpoint.url}/token`)},
        clientId: 'c', authenticate: secretBasic('s'), timeoutSeconds: 5, stopwatch,
      });
      await source.token();
      now = 92;
      await source.token();
      console.log('done');
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: new URL('..', import.meta.url),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const done = performance.now();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    // Far less than a Retry-After or the pauses between attempts, whatever the machine is at.
    expect(since(done)).toBeLessThan(limit + 8);
    expect(count()).toBe(2);
  });
});
