import type { Server } from 'node:http';
import type { Refusal } from '@tessera/protocol';
import {
  type FastifyError,
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyRequest,
  fastify,
} from 'fastify';
import { type Environment, StoreUnavailable } from '../environment.ts';
import { answerAdminFault, registerAdminRoutes } from './admin-routes.ts';
import { type CertificateSource, certificateReader } from './certificate-reader.ts';
import { registerConsole } from './console-routes.ts';
import { registerHealthRoutes } from './health-routes.ts';
import { describeTls, LISTENER_OPTIONS, type TlsKeyPair } from './listener.ts';
import { registerOAuthRoutes } from './oauth-routes.ts';
import { type PingOneOptions, registerPingOneRoutes } from './pingone/pingone-routes.ts';
import { BODY_BYTES_MAX } from './read-request.ts';
import { registerRegistrationRoutes } from './registration-routes.ts';
import { sendPrivate, sendRefusal } from './respond.ts';
import { answerUnreadable, refuseExpectation } from './unreadable.ts';
import { WITHOUT_SCHEMAS } from './without-schemas.ts';

/** The proxies that are trusted are also those whose `X-Forwarded-For` is believed. */
export type AppOptions = CertificateSource & {
  /** undefined: the application is served without TLS, on loopback or behind a proxy. */
  readonly tls?: TlsKeyPair | undefined;
  /** undefined: the administration of PingAM and PingIDM is not served. */
  readonly pingone?: PingOneOptions | undefined;
};

/** Seconds after which a caller may try again when the database is away. RFC 9110 §15.6.4. */
const RETRY_AFTER = 2;

/** Puts the surfaces together. The one place where a fault is caught. */
export function createApp(env: Environment, options: AppOptions): FastifyInstance {
  const requestPrefix = Buffer.from(env.random.bytes(6)).toString('base64url');
  let requests = 0;
  const { requestTimeout, keepAliveTimeout, ...limits } = LISTENER_OPTIONS;
  // A server with TLS is used like one without, so it has the type of one without.
  const transport: Pick<FastifyHttpOptions<Server>, 'http'> = options.tls === undefined
    ? { http: limits }
    : ({ https: { ...limits, ...describeTls(options.tls) } } as object);
  const app = fastify({
    ...WITHOUT_SCHEMAS,
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout,
    keepAliveTimeout,
    ...transport,
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
  const readCertificate = certificateReader(options);
  registerOAuthRoutes(app, env, readCertificate, options.pingone !== undefined);
  registerRegistrationRoutes(app, env);
  registerAdminRoutes(app, env, readCertificate);
  if (options.pingone !== undefined)
    registerPingOneRoutes(app, env, readCertificate, options.pingone);
  registerConsole(app, env);
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
    return sendPrivate(
      reply,
      503,
      {
        error_description: 'The server is temporarily unavailable',
        error: 'temporarily_unavailable',
      },
      ['retry-after', String(RETRY_AFTER)],
    );
  }
  env.log.error({ requestId: request.id, err: error }, 'request failed');
  return sendPrivate(reply, 500, {
    error_description: 'The server met an unexpected condition',
    error: 'server_error',
  });
}
