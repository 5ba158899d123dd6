import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Connection, openConnection } from './connection.ts';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo();
});

/** What a connection makes of a server that answers a request with these bytes, in these parts. */
async function answersTo(...parts: readonly string[]): Promise<string> {
  const port = await listen((socket) => {
    socket.setNoDelay(true);
    socket.once('data', () => {
      for (const [index, part] of parts.entries()) setTimeout(() => socket.write(part), index * 5);
    });
  });
  return new Promise((resolve, reject) => {
    openConnection(
      { host: '127.0.0.1', port },
      {
        answered: (status, body) => resolve(`${status} ${body}`),
        failed: (why) => resolve(`failed: ${why}`),
      },
    ).then((connection: Connection) => {
      cleanUp.push(() => connection.close());
      connection.send(Buffer.from('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'));
    }, reject);
  });
}

function listen(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer(serve).listen(0, '127.0.0.1');
  cleanUp.push(() => server.close());
  return new Promise((resolve) => {
    server.once('listening', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
    });
  });
}

describe('A connection', () => {
  it('reads an answer in one piece', async () => {
    expect(await answersTo('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')).toBe('200 ok');
  });

  it('reads an answer in many pieces', async () => {
    expect(
      await answersTo('HTTP/1.1 401 Unauthorized\r\nconte', 'nt-length: 6\r\n', '\r\nnö', 'oo!'),
    ).toBe('401 nöoo!');
  });

  it('counts bytes, not characters', async () => {
    expect(await answersTo('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnö')).toBe('200 nö');
  });

  it.each([
    ['no length', 'HTTP/1.1 200 OK\r\n\r\nok', 'the answer has no Content-Length'],
    [
      'more than one answer',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n',
      'the server sent more than one answer',
    ],
    ['something else than HTTP', 'hello\r\n\r\n', 'the answer starts with hello'],
  ])('does not accept %s', async (_what, bytes, why) => {
    expect(await answersTo(bytes)).toBe(`failed: ${why}`);
  });

  it('reports a server that hangs up', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.end()));
    const why = await new Promise((resolve, reject) => {
      openConnection(
        { host: '127.0.0.1', port },
        { answered: () => reject(new Error('answered')), failed: resolve },
      ).then((connection) => connection.send(Buffer.from('x')), reject);
    });
    expect(why).toBe('the server closed the connection');
  });
});
