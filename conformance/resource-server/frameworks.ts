/*
 * One API, written once for each adapter: the same paths that ask for the same tokens, on a real
 * port. What the tests see of them must not differ.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { AcceptedToken, Requirement, ResourceServer } from '@tessera/resource-server';
import * as inExpress from '@tessera/resource-server/express';
import * as inFastify from '@tessera/resource-server/fastify';
import * as inFetch from '@tessera/resource-server/fetch';
import * as inHono from '@tessera/resource-server/hono';
import * as inMcp from '@tessera/resource-server/mcp';
import * as inNode from '@tessera/resource-server/node';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import type { Identity } from '../certificate-proxy.ts';

/** Below which path the API is, as a router or a proxy may have it. */
export const PREFIX = '/v1';

/** The paths of the API and what each asks for, whatever the method. */
const PATHS: Readonly<Record<string, Requirement>> = {
  '/token': {},
  '/read': { scope: 'orders:read' },
  '/read-and-write': { scope: ['orders:read', 'orders:write'] },
  '/read-or-admin': { anyScope: 'orders:read orders:admin' },
  '/machine': { subject: 'client' },
  '/person': { subject: 'other' },
  '/refund': { authorizationDetails: [{ type: 'order', actions: ['refund'] }] },
  '/bound': { boundTo: 'any' },
  '/dpop': { boundTo: 'dpop' },
  '/certificate': { boundTo: 'certificate' },
};

/** Answers in two parts, as a stream does. */
export const STREAM = '/stream';

/** What the API tells of a token: enough to see that the right one arrived. */
const tell = ({ clientId, subject, scope, validatedBy }: AcceptedToken) => ({
  clientId,
  subject,
  scope,
  validatedBy,
});

const routes = Object.entries({ ...PATHS, [STREAM]: { scope: 'orders:read' } }).map(
  ([path, requirement]) => ({ path: PREFIX + path, requirement, streams: path === STREAM }),
);

export type Application = {
  readonly listener: RequestListener;
  close?(): Promise<unknown>;
};

export type Framework = {
  readonly name: string;
  open(server: ResourceServer): Promise<Application> | Application;
};

async function* twoParts(token: AcceptedToken): AsyncGenerator<string> {
  const text = JSON.stringify(tell(token));
  yield text.slice(0, 10);
  await new Promise((resolve) => setImmediate(resolve));
  yield text.slice(10);
}

const webAnswer = (token: AcceptedToken, streams: boolean): Response => {
  if (!streams) return Response.json(tell(token));
  const encoder = new TextEncoder();
  const parts = twoParts(token);
  return new Response(
    new ReadableStream({
      async pull(controller) {
        const { done, value } = await parts.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
    }),
    { headers: { 'content-type': 'application/json' } },
  );
};

const certificateOf = new WeakMap<Request, Uint8Array>();

/**
 * A platform whose requests are those of the Fetch standard. It keeps the certificates of its
 * callers to itself, as Workers do, so the API says where they are.
 */
function webPlatform(answer: (request: Request) => Response | Promise<Response>): RequestListener {
  const listener = getRequestListener((request, { incoming }) => {
    const certificate = inNodeCertificate(incoming as IncomingMessage);
    if (certificate !== undefined) certificateOf.set(request, certificate);
    return answer(request);
  });
  return (request, response) => void listener(request, response);
}

const inNodeCertificate = ({ socket }: IncomingMessage): Uint8Array | undefined =>
  'getPeerCertificate' in socket
    ? (socket as { getPeerCertificate(): { raw?: Uint8Array } }).getPeerCertificate().raw
    : undefined;

const pathOf = (url: string): string => new URL(url, 'http://any').pathname;

const webOptions = { peerCertificate: (request: Request) => certificateOf.get(request) };

export const FRAMEWORKS: readonly Framework[] = [
  {
    name: 'express',
    open(server) {
      const app = express();
      app.use(inExpress.resourceMetadata(server));
      const router = express.Router();
      for (const { path, requirement, streams } of routes)
        router.all(
          path.slice(PREFIX.length),
          inExpress.requireToken(server, requirement),
          async (request, response) => {
            if (!streams) return void response.json(tell(request.token));
            response.type('json');
            for await (const part of twoParts(request.token)) response.write(part);
            response.end();
          },
        );
      app.use(PREFIX, router);
      return { listener: app };
    },
  },
  {
    name: 'fastify',
    async open(server) {
      let listener: RequestListener = () => {};
      const app = Fastify({
        serverFactory: (handler) => {
          listener = handler;
          return createServer(handler);
        },
      });
      app.addHook('onRequest', inFastify.resourceMetadata(server));
      for (const { path, requirement, streams } of routes)
        app.all(
          path,
          { onRequest: inFastify.requireToken(server, requirement) },
          (request, reply) =>
            streams
              ? reply.type('application/json').send(webAnswer(request.token, true).body)
              : reply.send(tell(request.token)),
        );
      await app.ready();
      return { listener, close: () => app.close() };
    },
  },
  {
    name: 'hono',
    open(server) {
      const app = new Hono();
      app.use(inHono.resourceMetadata(server));
      const api = new Hono();
      for (const { path, requirement, streams } of routes)
        api.all(path.slice(PREFIX.length), inHono.requireToken(server, requirement), (c) =>
          streams ? webAnswer(c.get('token'), true) : c.json(tell(c.get('token'))),
        );
      app.route(PREFIX, api);
      const listener = getRequestListener(app.fetch);
      return { listener: (request, response) => void listener(request, response) };
    },
  },
  {
    name: 'node',
    open(server) {
      const metadata = inNode.resourceMetadata(server);
      const handlers = new Map(
        routes.map(({ path, requirement, streams }) => [
          path,
          inNode.requireToken(server, requirement, async (_request, response, token) => {
            response.setHeader('content-type', 'application/json');
            if (streams) for await (const part of twoParts(token)) response.write(part);
            response.end(streams ? undefined : JSON.stringify(tell(token)));
          }),
        ]),
      );
      return {
        listener: (request, response) => {
          if (metadata(request, response)) return;
          const handler = handlers.get(pathOf(request.url ?? ''));
          if (handler === undefined) response.writeHead(404).end();
          else void handler(request, response);
        },
      };
    },
  },
  {
    name: 'fetch',
    open(server) {
      const metadata = inFetch.resourceMetadata(server);
      const handlers = new Map(
        routes.map(({ path, requirement, streams }) => [
          path,
          inFetch.requireToken(
            server,
            requirement,
            (_request, token) => webAnswer(token, streams),
            webOptions,
          ),
        ]),
      );
      return {
        listener: webPlatform(
          (request) =>
            metadata(request) ??
            handlers.get(pathOf(request.url))?.(request) ??
            new Response(null, { status: 404 }),
        ),
      };
    },
  },
  {
    name: 'mcp',
    open(server) {
      const metadata = inMcp.resourceMetadata(server);
      const handlers = new Map(
        routes.map(({ path, requirement, streams }) => [
          path,
          inMcp.requireToken(
            server,
            requirement,
            (_request, { authInfo }) => webAnswer(authInfo.extra.accepted, streams),
            webOptions,
          ),
        ]),
      );
      return {
        listener: webPlatform(
          (request) =>
            metadata(request) ??
            handlers.get(pathOf(request.url))?.(request) ??
            new Response(null, { status: 404 }),
        ),
      };
    },
  },
];

export type RunningApi = { readonly port: number; close(): Promise<void> };

/** Puts an application on a port; with an identity behind TLS that asks for certificates. */
export async function listen(
  { listener, close }: Application,
  identity?: Identity,
): Promise<RunningApi> {
  const server: Server =
    identity === undefined
      ? createServer(listener)
      : createTlsServer(
          {
            cert: identity.certificate,
            key: identity.key,
            requestCert: true,
            rejectUnauthorized: false,
          },
          listener,
        );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await close?.();
    },
  };
}
