import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ResourceServer, resourceServer } from '@tessera/resource-server';
import * as inExpress from '@tessera/resource-server/express';
import * as inFastify from '@tessera/resource-server/fastify';
import * as inFetch from '@tessera/resource-server/fetch';
import * as inHono from '@tessera/resource-server/hono';
import * as inMcp from '@tessera/resource-server/mcp';
import * as inNode from '@tessera/resource-server/node';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { converse, send } from '../wire.ts';
import { AUDIENCE, METADATA } from './api.ts';
import { listen, type RunningApi } from './frameworks.ts';
import { type Issuer, openIssuer } from './issuer.ts';

/* What one adapter has and others do not. Shows RFC 6750 §2. */

let issuer: Issuer;
let server: ResourceServer;
const opened: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  issuer = await openIssuer(AUDIENCE);
  server = resourceServer({
    issuer: issuer.url,
    audience: AUDIENCE,
    resource: {},
    allowHttp: true,
  });
});
afterAll(async () => {
  server.close();
  for (const close of opened) await close();
  await issuer.close();
});

async function open(listener: RequestListener): Promise<RunningApi> {
  const api = await listen({ listener });
  opened.push(api.close);
  return api;
}

const bearer = () => ({ authorization: `Bearer ${issuer.token()}` });

describe('a connection that becomes something else', () => {
  let port: number;
  let upgraded = 0;

  beforeAll(async () => {
    const http = createServer((_request, response) => response.writeHead(404).end());
    const upgrade = inNode.requireTokenToUpgrade(
      server,
      { scope: 'orders:read' },
      (_request, socket, _head, token) => {
        upgraded += 1;
        socket.end(
          `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n${token.clientId}`,
        );
      },
    );
    http.on('upgrade', (request, socket, head) => void upgrade(request, socket, head));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    port = (http.address() as AddressInfo).port;
    opened.push(async () => http.close());
  });

  const ask = (headers: string) =>
    converse(
      port,
      [
        `GET /feed HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers}\r\n`,
      ],
      {
        patience: 5_000,
      },
    );

  it('does so with a good token (O304)', async () => {
    const { text } = await ask(`Authorization: Bearer ${issuer.token()}\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 101 [\s\S]*robot$/);
  });

  it.each<[string, () => string, RegExp]>([
    [
      'without a token',
      () => '',
      /^HTTP\/1\.1 401 Unauthorized\r\n[\s\S]*www-authenticate: Bearer/,
    ],
    ['with one that is none', () => 'Authorization: Bearer x\r\n', /^HTTP\/1\.1 401 /],
    [
      'with one that permits too little',
      () => `Authorization: Bearer ${issuer.token({ scope: 'x' })}\r\n`,
      /^HTTP\/1\.1 403 Forbidden\r\n/,
    ],
    [
      'with two',
      () => 'Authorization: Bearer x\r\nAuthorization: Bearer x\r\n',
      /^HTTP\/1\.1 400 /,
    ],
  ])('%s it is answered and closed (O304)', async (_, headers, expected) => {
    const before = upgraded;
    const { text, closed } = await ask(headers());
    expect(text).toMatch(expected);
    expect(closed).toBe(true);
    expect(upgraded).toBe(before);
  });
});

describe('RFC 6750 §2 a body that was parsed before the guard', () => {
  const form = (body: string) => ({
    method: 'POST',
    path: '/',
    headers: { ...bearer(), 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });

  it('with a token in it, beside one in the header, is refused: Express (O290)', async () => {
    const app = express();
    app.use(express.urlencoded());
    app.post('/', inExpress.requireToken(server), (_request, response) => void response.json({}));
    const { port } = await open(app);
    expect(await send(port, form('a=b&access_token=x'))).toMatchObject({ status: 400 });
    expect(await send(port, form('a=b'))).toMatchObject({ status: 200 });
  });

  it('and as a later hook of Fastify (O290)', async () => {
    let listener: RequestListener = () => {};
    const app = Fastify({
      serverFactory: (handler) => {
        listener = handler;
        return createServer(handler);
      },
    });
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    app.post('/', { preHandler: inFastify.requireToken(server) }, (_request, reply) =>
      reply.send({}),
    );
    await app.ready();
    opened.push(() => app.close());
    const { port } = await open(listener);
    expect(await send(port, form('access_token=x'))).toMatchObject({ status: 400 });
    expect(await send(port, form('a=b'))).toMatchObject({ status: 200 });
  });
});

describe('a mistake of the programmer', () => {
  const never = { scope: 'a"b' };

  it('in a requirement is a TypeError at the start, not an answer', () => {
    const handler = () => new Response();
    for (const make of [
      () => inExpress.requireToken(server, never),
      () => inFastify.requireToken(server, never),
      () => inHono.requireToken(server, never),
      () => inNode.requireToken(server, never, () => {}),
      () => inNode.requireTokenToUpgrade(server, never, () => {}),
      () => inFetch.requireToken(server, { anyScope: never.scope }, handler),
      () => inMcp.requireToken(server, never, handler),
      () => inMcp.requireAuth(server, never),
    ])
      expect(make).toThrow(TypeError);
  });

  it('metadata that were never described cannot be served', () => {
    const silent = resourceServer({ issuer: issuer.url, audience: AUDIENCE });
    expect(() => inExpress.resourceMetadata(silent)).toThrow('`resource`');
    silent.close();
  });

  it('that shows while a request is judged is 503, and told to whom it concerns', async () => {
    const faults: unknown[] = [];
    const onFault = (fault: unknown) => faults.push(fault);
    const broken: ResourceServer = { ...server, admit: () => Promise.reject(new Error('secret')) };
    const app = express();
    app.use(inExpress.requireToken(broken, {}, { onFault }));
    const hono = new Hono().get('/', inHono.requireToken(broken, {}, { onFault }), (c) =>
      c.text(''),
    );
    const fetched = inFetch.requireToken(broken, {}, () => new Response(), { onFault });
    const { port } = await open(app);
    const { status, text, headers } = await send(port, { path: '/', headers: bearer() });
    expect({ status, retry: headers['retry-after'] }).toEqual({ status: 503, retry: '1' });
    expect(text).not.toContain('secret');
    expect((await hono.request('/')).status).toBe(503);
    expect((await fetched(new Request('http://a/'))).status).toBe(503);
    expect(faults).toHaveLength(3);
  });
});

describe('what a handler throws is the affair of its framework', () => {
  it('and no request of others suffers from it', async () => {
    const app = express();
    app.get('/', inExpress.requireToken(server), () => {
      throw new Error('a fault of the handler');
    });
    app.use((_fault: unknown, _request: unknown, response: express.Response, _next: unknown) => {
      response.status(500).json({ error: 'handled' });
    });
    const { port } = await open(app);
    expect(await send(port, { path: '/', headers: bearer() })).toMatchObject({
      status: 500,
      json: { error: 'handled' },
    });
    expect(await send(port, { path: '/' })).toMatchObject({ status: 401 });
  });
});

describe('an MCP server in Express', () => {
  it('its transport finds who calls in `request.auth`', async () => {
    const app = express();
    app.post('/', inMcp.requireAuth(server), (request, response) => {
      response.json((request as { auth?: inMcp.AuthInfo }).auth);
    });
    const { port } = await open(app);
    expect(await send(port, { method: 'POST', path: '/', headers: bearer() })).toMatchObject({
      status: 200,
      json: {
        token: '',
        clientId: 'robot',
        scopes: ['orders:read', 'orders:write'],
        resourceMetadataUrl: METADATA,
        expiresAt: expect.any(Number),
      },
    });
  });
});
