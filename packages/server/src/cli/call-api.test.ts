import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../test/terminal.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** `tessera realm list` at a server that answers like this. */
async function listRealmsAt(answer: RequestListener) {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const environment = {
    TESSERA_CLI_SERVER: `http://127.0.0.1:${port}`,
    TESSERA_CLI_TOKEN: 't0ken',
  };
  const { code, output, errors } = await run(['realm', 'list'], { environment });
  return { code, output, errors: errors.replaceAll(environment.TESSERA_CLI_SERVER, 'SERVER') };
}

const problem =
  (status: number, reason: string, headers = {}, more = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
    const type = `urn:tessera:problem:${reason}`;
    response.end(
      JSON.stringify({
        type,
        title: 'Title',
        status,
        detail: 'Detail.',
        requestId: 'r-1',
        ...more,
      }),
    );
  };

describe('what a server answers', () => {
  it.each([
    [401, 'credentials_missing', 4, 'Sign in: tessera login.'],
    [403, 'permission_missing', 4, 'Correct what is named, then repeat the command.'],
    [404, 'realm_unknown', 3, 'See which realms there are: tessera realm list.'],
    [409, 'realm_name_taken', 5, 'Choose another name, or change what is there with update.'],
    [412, 'revision_stale', 5, 'See what it is now, then repeat the command.'],
    [422, 'expiry_past', 2, 'Correct what is named, then repeat the command.'],
    [500, 'server_faulty', 1, "Look for request r-1 in the server's log."],
    [503, 'store_unavailable', 6, "Look for request r-1 in the server's log."],
  ])('%i %s ends with %i', async (status, reason, code, remedy) => {
    const told = await listRealmsAt(problem(status, reason));
    expect(told).toMatchObject({ code, output: '' });
    expect(told.errors.split('\n').slice(1)).toEqual([remedy, '']);
  });

  it('a remedy of its own and each part that is wrong are told', async () => {
    const errors = [
      { pointer: '/name', detail: 'is reserved' },
      { parameter: 'limit', detail: 'must be at most 200' },
    ];
    const more = { remedy: 'Choose another.', errors };
    expect(await listRealmsAt(problem(422, 'realm_name_reserved', {}, more))).toEqual({
      code: 2,
      output: '',
      errors:
        'tessera: Title: Detail.\n  /name: is reserved\n  limit: must be at most 200\nChoose another.\n',
    });
  });

  it('how long to wait is told', async () => {
    const told = await listRealmsAt(problem(429, 'failures_too_many', { 'retry-after': '7' }));
    expect(told).toMatchObject({
      code: 1,
      errors: 'tessera: Title: Detail.\nTry again in 7 seconds.\n',
    });
  });

  it.each<readonly [string, number, RequestListener]>([
    ['a page of something else', 1, (_, response) => response.end('<html>')],
    ['an error page of a proxy', 6, (_, response) => response.writeHead(502).end('<html>')],
    [
      'a way elsewhere, where no token follows',
      1,
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    ['a connection that breaks off', 6, (request) => request.socket.destroy()],
    [
      'half of what it promised',
      6,
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{', () => response.destroy());
      },
    ],
    ['more than can be read', 1, (_, response) => response.end(Buffer.alloc(17 * 1024 * 1024, 32))],
  ])('%s ends with %i and a remedy', async (_, code, answer) => {
    const told = await listRealmsAt(answer);
    expect(told).toMatchObject({ code, output: '' });
    expect(told.errors).toMatch(/^tessera: .*SERVER.*\n.+\n$/);
  });

  it('nothing of the token shows in an error', async () => {
    const told = await listRealmsAt(problem(401, 'credentials_invalid'));
    expect(told.errors).not.toContain('t0ken');
  });
});
