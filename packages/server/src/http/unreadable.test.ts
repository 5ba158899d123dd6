import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from '../../test/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.createRealm('alpha');
  await world.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => world.close());

/** Sends bytes and reads what comes back until the connection ends. */
async function converse(bytes: string): Promise<{ status: string; headers: string; body: string }> {
  const { port } = world.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('utf8');
  });
  socket.on('error', () => {});
  socket.write(bytes);
  await once(socket, 'close');
  const [headers = '', body = ''] = text.split('\r\n\r\n');
  return { status: headers.split(' ')[1] ?? '', headers, body };
}

const TOKEN =
  'POST /am/oauth2/realms/root/realms/alpha/access_token HTTP/1.1\r\nHost: localhost\r\n';

it.each([
  [
    'RFC 9112 §6.3 two lengths',
    `${TOKEN}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    '400',
  ],
  ['headers without end', `${TOKEN}X: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
  ['no request at all', 'hello\r\n\r\n', '400'],
  [
    'RFC 9110 §10.1.1 an expectation',
    `${TOKEN}Expect: miracles\r\nContent-Length: 1\r\n\r\nx`,
    '417',
  ],
])('%s is refused in JSON, and the connection ends', async (_name, bytes, status) => {
  const answer = await converse(bytes);
  expect(answer.status).toBe(status);
  expect(answer.headers.toLowerCase()).toContain('content-type: application/json');
  expect(JSON.parse(answer.body)).toEqual({
    error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/),
    error: 'invalid_request',
  });
});
