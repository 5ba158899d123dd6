import type { Refusal } from '@tessera/protocol';
import { type FastifyError, type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import { type Environment, StoreUnavailable } from '../environment.ts';
import { answerAdminFault, registerAdminRoutes } from './admin-routes.ts';
import { registerHealthRoutes } from './health-routes.ts';
import { registerOAuthRoutes } from './oauth-routes.ts';
import { BODY_BYTES_MAX } from './read-request.ts';
import { sendPrivate, sendRefusal } from './respond.ts';
import { answerUnreadable, refuseExpectation } from './unreadable.ts';

export type AppOptions = {
  /** Addresses or networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
};

/** A slow sender is cut off: RFC 9110 §15.5.9. Milliseconds. */
const REQUEST_TIMEOUT = 30_000;
const HEADERS_TIMEOUT = 10_000;
/** How often slow senders are looked for; Node.js does so every 30 s by itself. */
const CONNECTIONS_CHECKING_INTERVAL = 5_000;
/** Connections are kept, RFC 9112 §9.3, longer than the 60 s of usual proxies. Milliseconds. */
const KEEP_ALIVE_TIMEOUT = 72_000;
const HEADER_BYTES_MAX = 16 * 1024;

/** Seconds after which a caller may try again when the database is away. RFC 9110 §15.6.4. */
const RETRY_AFTER = 2;

/** Puts the surfaces together. The one place where a fault is caught. */
export function createApp(env: Environment, options: AppOptions): FastifyInstance {
  const requestPrefix = Buffer.from(env.random.bytes(6)).toString('base64url');
  let requests = 0;
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_TIMEOUT,
      connectionsCheckingInterval: CONNECTIONS_CHECKING_INTERVAL,
    },
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    forceCloseConnections: 'idle',
    // A client id of 255 characters, each of them three bytes, percent-encoded.
    routerOptions: { maxParamLength: 255 * 9 },
    genReqId: () => `${requestPrefix}-${(++requests).toString(36)}`,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => {
      const answer = request.url.startsWith('/api/') ? answerAdminFault : answerFault;
      answer(env, error, request, reply);
    },
  });

  app.setErrorHandler<FastifyError>((error, request, reply) =>
    answerFault(env, error, request, reply),
  );
  app.setNotFoundHandler((request, reply) => {
    sendRefusal(request, reply, { reason: 'realm_unknown' }, undefined);
  });

  app.server.on('checkExpectation', refuseExpectation);
  registerOAuthRoutes(app, env);
  registerAdminRoutes(app, env);
  registerHealthRoutes(app, env);
  return app;
}

/** What Fastify could not read is the caller's mistake; anything else that was thrown is ours. */
const UNREADABLE: Readonly<Record<string, Refusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { reason: 'body_too_large' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { reason: 'content_type_unsupported' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { reason: 'body_malformed' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { reason: 'body_malformed' },
  FST_ERR_BAD_URL: { reason: 'realm_unknown' },
};

function describeUnreadable(error: Fault): Refusal | undefined {
  const { code, statusCode } = error;
  const known = code === undefined ? undefined : UNREADABLE[code];
  if (known !== undefined) return known;
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500
    ? { reason: 'body_malformed' }
    : undefined;
}

type Fault = Error & { readonly code?: string; readonly statusCode?: number };

function answerFault(
  env: Environment,
  error: Fault,
  request: FastifyRequest,
  reply: Parameters<typeof sendPrivate>[0],
) {
  const refusal = describeUnreadable(error);
  if (refusal !== undefined) return sendRefusal(request, reply, refusal, undefined);
  if (error instanceof StoreUnavailable) {
    env.log.warn({ requestId: request.id, err: error }, 'the database is not available');
    reply.header('retry-after', RETRY_AFTER);
    return sendPrivate(reply, 503, {
      error_description: 'The server is temporarily unavailable',
      error: 'temporarily_unavailable',
    });
  }
  env.log.error({ requestId: request.id, err: error }, 'request failed');
  return sendPrivate(reply, 500, {
    error_description: 'The server met an unexpected condition',
    error: 'server_error',
  });
}
