import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { type CertificateRequest, issueAuthority, issueLeaf } from '../../test/certificates.ts';
import { startNameServer } from '../../test/name-server.ts';
import { nameLookup } from './look-up-name.ts';
import { systemNetwork } from './open-connection.ts';
import { outbound } from './outbound.ts';

const LOOPBACK = ['127.0.0.0/8', '::1'];
const QUICK = { timeout: 400, concurrent: 2, waiting: 1, patience: 100 };

const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

/** A server of the other side's, and what it has been asked. */
async function listen(listener: RequestListener, server: Server = createServer()) {
  const asked: IncomingMessage[] = [];
  server.on('request', (request, response) => {
    asked.push(request);
    listener(request, response);
  });
  const port = await portOf(server);
  return { asked, port, url: `http://127.0.0.1:${port}/keys?v=1` };
}

async function portOf(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const json =
  (body: string | Buffer, headers: Record<string, string> = {}, status = 200): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };

const fetchFrom = async (url: string, allow: readonly string[] = LOOPBACK) => {
  const fetched = await outbound(allow, QUICK).fetchJson(url);
  return fetched.ok ? fetched.value : fetched.refusal;
};

it('a JSON object arrives, and how long it is fresh', async () => {
  const { url } = await listen(json('{"keys":[]}', { 'cache-control': 'max-age=120' }));
  expect(await fetchFrom(url)).toEqual({ document: { keys: [] }, maxAge: 120 });
});

it('the other side learns nothing about who asks', async () => {
  const { url, port, asked } = await listen(json('{}'));
  await outbound(LOOPBACK).fetchJson(url, { accept: 'application/jwk-set+json' });
  expect(asked.map(({ method, url: path }) => [method, path])).toEqual([['GET', '/keys?v=1']]);
  expect(asked[0]?.headers).toEqual({
    host: `127.0.0.1:${port}`,
    accept: 'application/jwk-set+json',
    'accept-encoding': 'identity',
    'user-agent': 'tessera',
    connection: 'close',
  });
});

it.each([
  'application/json',
  'Application/JSON; charset=utf-8',
  'application/jwk-set+json',
  'application/vnd.example+json ; v=1',
])('RFC 6839 §3.1 the content type %s is JSON', async (type) => {
  const { url } = await listen(json('{}', { 'content-type': type }));
  expect(await fetchFrom(url)).toMatchObject({ document: {} });
});

it.each([
  'text/html',
  'text/json',
  'application/jsonp',
  'application/json, text/html',
  '+json',
  '',
])('RFC 6839 §3.1 the content type %j is not', async (type) => {
  const { url } = await listen(json('{}', { 'content-type': type }));
  expect(await fetchFrom(url)).toEqual({ problem: 'content_type_unexpected' });
});

it.each(['null', '[]', '"text"', '1', '', '{', '{}{}', Buffer.from('{"a":"\xff"}', 'latin1')])(
  'a body that is no JSON object in UTF-8 is refused: %j',
  async (body) => {
    const { url } = await listen(json(body));
    expect(await fetchFrom(url)).toEqual({ problem: 'not_json' });
  },
);

it('a member named __proto__ changes nothing', async () => {
  const { url } = await listen(json('{"__proto__":{"polluted":true}}'));
  await fetchFrom(url);
  expect(({} as { polluted?: true }).polluted).toBeUndefined();
});

it.each([301, 302, 303, 307, 308])('a redirect is not followed: %i', async (status) => {
  const { url, asked } = await listen(json('{}', { location: '/elsewhere' }, status));
  expect(await fetchFrom(url)).toEqual({ problem: 'redirected' });
  expect(asked).toHaveLength(1);
});

it.each([201, 204, 401, 404, 500, 503])(
  'a status that is not 200 is refused: %i',
  async (status) => {
    const { url } = await listen(json('', {}, status));
    expect(await fetchFrom(url)).toEqual({ problem: 'status_unexpected', status });
  },
);

it.each(['gzip', 'br', 'gzip, identity'])(
  'a body in another encoding is refused: %s',
  async (encoding) => {
    const bomb = gzipSync(Buffer.alloc(10_000_000, ' '));
    const { url } = await listen(json(bomb, { 'content-encoding': encoding }));
    expect(await fetchFrom(url)).toEqual({ problem: 'encoding_unexpected' });
  },
);

const bodyOf = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;

it('a body of 64 KiB is read, and of a byte more it is not', async () => {
  const most = await listen(json(bodyOf(65_536)));
  expect(await fetchFrom(most.url)).toHaveProperty('document');
  const more = await listen(json(bodyOf(65_537)));
  expect(await fetchFrom(more.url)).toEqual({ problem: 'too_large' });
});

it('a body without a length is counted while it is read', async () => {
  const { url } = await listen((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(bodyOf(40_000));
    response.end(bodyOf(40_000));
  });
  expect(await fetchFrom(url)).toEqual({ problem: 'too_large' });
});

it('a body without an end is left after what may be read of it', async () => {
  let closed = false;
  const { url } = await listen((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = () => {
      if (!closed) response.write(' '.repeat(1_000), () => setImmediate(more));
    };
    response.on('close', () => {
      closed = true;
    });
    more();
  });
  expect(await fetchFrom(url)).toEqual({ problem: 'too_large' });
  await expect.poll(() => closed).toBe(true);
});

it('the caller says how much is read', async () => {
  const { url } = await listen(json(bodyOf(100)));
  expect(await outbound(LOOPBACK).fetchJson(url, { bytesMax: 99 })).toMatchObject({ ok: false });
  expect(await outbound(LOOPBACK).fetchJson(url, { bytesMax: 100 })).toMatchObject({ ok: true });
});

it('a body that trickles is left when its time is over, and so is the connection', async () => {
  let closed = false;
  const { url } = await listen((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const trickle = setInterval(() => response.write(' '), 20);
    response.on('close', () => {
      clearInterval(trickle);
      closed = true;
    });
  });
  const started = performance.now();
  expect(await fetchFrom(url)).toEqual({ problem: 'timed_out' });
  expect(performance.now() - started).toBeLessThan(QUICK.timeout + 1_000);
  await expect.poll(() => closed).toBe(true);
});

it('a server that never answers is left when its time is over', async () => {
  const port = await portOf(createTcpServer());
  expect(await fetchFrom(`http://127.0.0.1:${port}/`)).toEqual({ problem: 'timed_out' });
  expect(await fetchFrom(`https://127.0.0.1:${port}/`)).toEqual({ problem: 'timed_out' });
});

it.each([
  '',
  'SSH-2.0-OpenSSH_9.6\r\n',
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{}',
  'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
  `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`,
])('what is not the whole of an HTTP answer is a problem, not a fault: %j', async (bytes) => {
  const port = await portOf(createTcpServer((socket) => socket.on('error', () => {}).end(bytes)));
  expect(await fetchFrom(`http://127.0.0.1:${port}/`)).toMatchObject({
    problem: expect.stringMatching(/^unreachable$|^status_unexpected$/),
  });
});

it('where nobody listens, nothing is reached', async () => {
  const server = createTcpServer();
  const port = await portOf(server);
  await new Promise((resolve) => server.close(resolve));
  expect(await fetchFrom(`http://127.0.0.1:${port}/`)).toEqual({ problem: 'unreachable' });
});

it('what is not allowed is not asked', async () => {
  const { port, url, asked } = await listen(json('{}'));
  expect(await fetchFrom(url, [])).toEqual({ problem: 'address_not_allowed' });
  expect(await fetchFrom(`https://[::ffff:127.0.0.1]:${port}/`, [])).toEqual({
    problem: 'address_not_allowed',
  });
  expect(await fetchFrom(`http://user:pass@127.0.0.1:${port}/`)).toEqual({
    problem: 'url_not_allowed',
  });
  expect(await fetchFrom('no url')).toEqual({ problem: 'url_not_allowed' });
  expect(asked).toEqual([]);
});

/** A TCP server that notes every connection and byte. */
async function observe() {
  const seen: string[] = [];
  const port = await portOf(
    createTcpServer((socket) => {
      seen.push('connection');
      socket.on('error', () => {}).on('data', () => seen.push('bytes'));
    }),
  );
  return { seen, port };
}

const PUBLIC = { address: '8.8.8.8', family: 4 };
const PRIVATE = { address: '127.0.0.1', family: 4 };

it.each([[[PRIVATE]], [[PUBLIC, PRIVATE]], [[{ address: '::ffff:127.0.0.1', family: 6 }]]])(
  'a name that leads to a private address is not connected to: %j',
  async (found) => {
    const { seen, port } = await observe();
    const network = { ...systemNetwork, lookup: async () => found };
    const fetched = await outbound([], QUICK, network).fetchJson(`https://example.com:${port}/`);
    expect(fetched).toEqual({ ok: false, refusal: { problem: 'address_not_allowed' } });
    expect(seen).toEqual([]);
  },
);

it('the connection is made to what was judged: a name is not looked up twice', async () => {
  const { port } = await observe();
  const asked: string[] = [];
  const given: unknown[] = [];
  await outbound([], QUICK, {
    ...systemNetwork,
    lookup: async (name) => [asked.push(name) === 1 ? PUBLIC : PRIVATE],
    connect(options) {
      if ('lookup' in options)
        options.lookup?.('example.com', { all: true }, (_, addresses) => given.push(addresses));
      return connect({ ...options, host: '127.0.0.1' });
    },
  }).fetchJson(`https://example.com:${port}/`);
  expect(asked).toEqual(['example.com']);
  expect(given).toEqual([[PUBLIC]]);
});

it.each(['https', 'http'])(
  'a connection that ends elsewhere than was judged is closed before a byte is sent: %s',
  async (scheme) => {
    const { seen, port } = await observe();
    const fetched = await outbound(['8.8.8.8'], QUICK, {
      ...systemNetwork,
      lookup: async () => [PUBLIC],
      connect: (options) => connect({ ...options, host: '127.0.0.1' }),
    }).fetchJson(`${scheme}://example.com:${port}/`);
    expect(fetched).toEqual({ ok: false, refusal: { problem: 'address_not_allowed' } });
    await expect.poll(() => seen).toEqual(['connection']);
  },
);

const AUTHORITY = issueAuthority('An authority of its own');

/** The same server over TLS, asked by its name; `sni` is the name it was greeted with. */
async function fetchSecurely(
  request: Partial<CertificateRequest>,
  authorities: readonly string[] | undefined,
  host = 'keys.example.com',
) {
  const { pem, keyPem } = issueLeaf(AUTHORITY, { usages: ['serverAuth'], ...request });
  const sni: unknown[] = [];
  const server = createSecureServer({ cert: pem, key: keyPem });
  server.on('secureConnection', (socket) => sni.push(socket.servername));
  const { port, asked } = await listen(json('{}'), server);
  const network = { ...systemNetwork, lookup: async () => [PRIVATE], authorities };
  const out = outbound(LOOPBACK, { ...QUICK, timeout: 2_500 }, network);
  const fetched = await out.fetchJson(`https://${host}:${port}/`);
  return { fetched, sni, asked };
}

it('a server is believed by its certificate, for its name or its address', async () => {
  const dnsNames = ['keys.example.com'];
  const byName = await fetchSecurely({ dnsNames }, [AUTHORITY.pem]);
  expect(byName).toMatchObject({ fetched: { ok: true }, sni: ['keys.example.com'] });
  const ipAddresses = [Uint8Array.of(127, 0, 0, 1)];
  const byAddress = await fetchSecurely({ ipAddresses }, [AUTHORITY.pem], '127.0.0.1');
  expect(byAddress).toMatchObject({ fetched: { ok: true }, sni: [false] });
});

it.each([
  ['another name', { dnsNames: ['other.example.com'] }, [AUTHORITY.pem]],
  ['an address alone', { ipAddresses: [Uint8Array.of(127, 0, 0, 1)] }, [AUTHORITY.pem]],
  [
    'a time that is over',
    { dnsNames: ['keys.example.com'], notAfter: new Date(Date.now() - 1_000) },
    [AUTHORITY.pem],
  ],
  ['an authority that nobody knows', { dnsNames: ['keys.example.com'] }, undefined],
])(
  'a certificate for %s is not believed, and nothing is asked',
  async (_, request, authorities) => {
    const { fetched, asked } = await fetchSecurely(request, authorities);
    expect(fetched).toEqual({ ok: false, refusal: { problem: 'unreachable' } });
    expect(asked).toEqual([]);
  },
);

it('a name that nobody knows, or not in time, is a problem', async () => {
  const unknown = { ...systemNetwork, lookup: async () => [] };
  const hangs = { ...systemNetwork, lookup: () => new Promise<never>(() => {}) };
  const url = 'https://example.com/';
  expect(await outbound([], QUICK, unknown).fetchJson(url)).toMatchObject({
    refusal: { problem: 'unreachable' },
  });
  expect(await outbound([], QUICK, hangs).fetchJson(url)).toMatchObject({
    refusal: { problem: 'timed_out' },
  });
});

it('name servers that do not answer keep nobody else from a document', async () => {
  const { port } = await listen(json('{"keys":[]}'));
  const names = await startNameServer({
    '*.silent.example': 'silent',
    'keys.example.com': ['127.0.0.1'],
  });
  servers.push(names);
  const network = { ...systemNetwork, lookup: nameLookup({ servers: [names.address] }) };
  const out = outbound(LOOPBACK, { ...QUICK, timeout: 2_500, concurrent: 20 }, network);
  const ended: string[] = [];
  const silent = Array.from({ length: 15 }, async (_, n) => {
    const fetched = await out.fetchJson(`http://${n}.silent.example:${port}/`);
    ended.push(fetched.ok ? 'fetched' : fetched.refusal.problem);
  });
  await expect.poll(() => names.questions.length).toBeGreaterThanOrEqual(30);
  expect(await out.fetchJson(`http://keys.example.com:${port}/`)).toMatchObject({ ok: true });
  expect(ended).toEqual([]);
  await Promise.all(silent);
  expect(new Set(ended)).toEqual(new Set(['unreachable']));
});

it('what a name server answers is judged: a private address is not connected to', async () => {
  const { seen, port } = await observe();
  const names = await startNameServer({ 'keys.example.com': ['8.8.8.8', '127.0.0.1'] });
  servers.push(names);
  const network = { ...systemNetwork, lookup: nameLookup({ servers: [names.address] }) };
  const fetched = await outbound([], QUICK, network).fetchJson(`https://keys.example.com:${port}/`);
  expect(fetched).toEqual({ ok: false, refusal: { problem: 'address_not_allowed' } });
  expect(seen).toEqual([]);
});

it('so many are asked at once, so many wait, and the rest is told so', async () => {
  let open = 0;
  let most = 0;
  const { url } = await listen((_, response) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    }, 50);
  });
  const out = outbound(LOOPBACK, { ...QUICK, concurrent: 3, waiting: 2, patience: 2_000 });
  const fetched = await Promise.all(Array.from({ length: 8 }, () => out.fetchJson(url)));
  expect(most).toBe(3);
  expect(fetched.filter(({ ok }) => ok)).toHaveLength(5);
  expect(fetched.filter((one) => !one.ok && one.refusal.problem === 'busy')).toHaveLength(3);
  expect((await out.fetchJson(url)).ok).toBe(true);
});

it('whoever waits too long is told so', async () => {
  const port = await portOf(createTcpServer());
  const out = outbound(LOOPBACK, { ...QUICK, concurrent: 1 });
  const slow = out.fetchJson(`http://127.0.0.1:${port}/`);
  expect(await out.fetchJson(`http://127.0.0.1:${port}/`)).toMatchObject({
    refusal: { problem: 'busy' },
  });
  expect(await slow).toMatchObject({ refusal: { problem: 'timed_out' } });
});
