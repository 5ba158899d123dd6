/*
 * The administration API over HTTP: one route for each row of the contract.
 *
 * Owns how rows travel: addresses, bodies, entity tags, cookies, problems. Decides nothing: who
 * may do what, and what then happens, is behind the door in admin/.
 */
import type { Result } from '@tessera/protocol';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticateAdministrator } from '../admin/authenticate-administrator.ts';
import { perform } from '../admin/perform.ts';
import type { AdminEnvironment } from '../admin/use-case.ts';
import { describeAdminApi } from '../contract/openapi.ts';
import type { AdminRefusal } from '../contract/refusal.ts';
import type { Route } from '../contract/route.ts';
import {
  adminRoutes,
  RESOURCE_ROUTES,
  type ResourceRouteName,
  type RouteName,
  type SessionRouteName,
} from '../contract/routes.ts';
import { type Environment, StoreUnavailable } from '../environment.ts';
import type { CertificateReader } from './certificate-reader.ts';
import { formatEntityTag, matchesIfNoneMatch, readIfMatch } from './entity-tag.ts';
import { ADMIN_HEADERS, sendProblem } from './problem.ts';
import { type CallerReader, callerReader } from './read-caller.ts';
import { JSON_BYTES_MAX, readJson } from './read-json.ts';
import { sessionCookie } from './session-cookie.ts';
import { SESSION_HANDLERS } from './session-routes.ts';

type Env = AdminEnvironment & Pick<Environment, 'log'>;

/** Seconds after which a caller may try again when the database is away. */
const RETRY_AFTER = 2;

/** Adds `/api` and everything below it to an application. */
export function registerAdminRoutes(
  app: FastifyInstance,
  env: Env,
  readCertificate: CertificateReader,
): void {
  const callers = callerReader(
    sessionCookie(env.addresses.publicUrl),
    env.addresses.publicUrl,
    readCertificate,
  );
  app.register(
    (scope, _options, done) => {
      // Whatever comes is read as bytes: who is calling is settled before what they say.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
        parsed(null, body);
      });
      scope.addHook('onRequest', (request, reply, next) => {
        identify(request, reply);
        next();
      });
      scope.addHook('onResponse', (_request, reply, next) => {
        env.metrics.answered('administration', reply.statusCode, reply.elapsedTime / 1000);
        next();
      });
      scope.setErrorHandler<FastifyError>((error, request, reply) =>
        answerAdminFault(env, error, request, reply),
      );
      scope.setNotFoundHandler((request, reply) =>
        answer(env, request, reply, { reason: 'address_unknown' }),
      );
      registerDescription(scope, env);
      for (const [path, routes] of byPath()) registerPath(scope, env, callers, path, routes);
      done();
    },
    { prefix: '/api' },
  );
}

type Row = readonly [RouteName, Route];

/** The rows of one address together, so that all other methods can be told what it answers to. */
function byPath(): ReadonlyMap<string, readonly Row[]> {
  const paths = new Map<string, Row[]>();
  for (const row of adminRoutes()) {
    const path = row[1].path.slice('/api'.length).replaceAll(/\{(\w+)\}/g, ':$1');
    paths.set(path, [...(paths.get(path) ?? []), row]);
  }
  return paths;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

function registerPath(
  scope: FastifyInstance,
  env: Env,
  callers: CallerReader,
  url: string,
  rows: readonly Row[],
): void {
  for (const [name, route] of rows)
    scope.route({
      method: route.method,
      url,
      bodyLimit: route.bodyBytesMax ?? JSON_BYTES_MAX,
      ...(route.bodyBytesMax !== undefined && {
        // Whoever may send much is known before it is read.
        onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
          const administrator = await believe(env, callers, request);
          return administrator.ok ? undefined : answer(env, request, reply, administrator.refusal);
        },
      }),
      handler: (request, reply) => serve(env, callers, name, route, request, reply),
    });
  const allowed = rows.map(([, { method }]) => method).flatMap(withHead);
  registerRefusal(scope, env, url, allowed);
}

const withHead = (method: string): readonly string[] =>
  method === 'GET' ? ['GET', 'HEAD'] : [method];

/** RFC 9110 §15.5.6: the other methods of an address that exists. */
function registerRefusal(
  scope: FastifyInstance,
  env: Env,
  url: string,
  allowed: readonly string[],
): void {
  const refuseMethod = (request: FastifyRequest, reply: FastifyReply) =>
    answer(env, request, reply, { reason: 'method_not_allowed', allowed });
  scope.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url,
    // Before the body, which nobody here would read.
    onRequest: async (request, reply) => refuseMethod(request, reply),
    handler: refuseMethod,
  });
}

function registerDescription(scope: FastifyInstance, env: Env): void {
  // Made when somebody asks: a tenth of a start, for a text that most servers never send.
  let document: string | undefined;
  scope.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(describeAdminApi());
    return reply.header('content-type', 'application/json').send(document);
  });
  registerRefusal(scope, env, '/openapi.json', withHead('GET'));
}

async function serve(
  env: Env,
  callers: CallerReader,
  name: RouteName,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const outcome: Result<unknown, AdminRefusal> = isResourceRoute(name)
    ? await performRequest(env, callers, name, request)
    : await SESSION_HANDLERS[name]({ env, callers }, request, reply);
  if (!outcome.ok) return answer(env, request, reply, outcome.refusal);
  return sendAnswer(request, reply, route, outcome.value);
}

const isResourceRoute = (name: RouteName): name is Exclude<RouteName, SessionRouteName> =>
  Object.hasOwn(RESOURCE_ROUTES, name);

async function performRequest(
  env: Env,
  callers: CallerReader,
  name: ResourceRouteName,
  request: FastifyRequest,
): Promise<Result<unknown, AdminRefusal>> {
  const administrator = await believe(env, callers, request);
  if (!administrator.ok) return administrator;
  const precondition = readIfMatch(request.headers['if-match']);
  if (!precondition.ok) return precondition;
  const body = readJson(request);
  if (!body.ok) return body;
  return perform(env, administrator.value, name, {
    params: request.params as Readonly<Record<string, string>>,
    query: request.query,
    body: body.value,
    precondition: precondition.value,
    requestId: request.id,
  });
}

type Believed = ReturnType<typeof authenticateAdministrator>;
const believed = new WeakMap<FastifyRequest, Believed>();

/** Who calls: once for each request, for a proof is good for one time. */
function believe(env: Env, callers: CallerReader, request: FastifyRequest): Believed {
  const known = believed.get(request);
  if (known !== undefined) return known;
  const asked = authenticateAdministrator(env, callers.read(request), env.clock.now());
  believed.set(request, asked);
  return asked;
}

function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  body: unknown,
): FastifyReply {
  reply.code(route.status);
  if (body === undefined) return reply.send();
  const members = body as Readonly<Record<string, unknown>>;
  const { revision } = members;
  if (route.tagged && typeof revision === 'number') {
    reply.header('etag', formatEntityTag(revision));
    const known = request.headers['if-none-match'];
    if (route.method === 'GET' && matchesIfNoneMatch(known, revision))
      return reply.code(304).send();
  }
  if (route.locates !== undefined) {
    const [path] = request.url.split('?', 1);
    reply.header('location', `${path}/${encodeURIComponent(String(members[route.locates]))}`);
  }
  return reply.header('content-type', 'application/json').send(JSON.stringify(body));
}

function answer(
  { metrics }: Env,
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: AdminRefusal,
): FastifyReply {
  metrics.refused('administration', refusal.reason);
  return sendProblem(request, reply, refusal);
}

/** For what goes wrong before a route is found, too. */
export const answerAdminFault = (
  env: Env,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply =>
  answer(env, request, identify(request, reply), describeFault(env, error, request));

/** What every answer has: who may use it how, and the id under which the log knows it. */
const identify = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.headers(ADMIN_HEADERS).header('x-request-id', request.id);

/** What Fastify could not read is the caller's mistake; anything else that was thrown is ours. */
function describeFault(env: Env, error: FastifyError, request: FastifyRequest): AdminRefusal {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return { reason: 'body_too_large', limit: request.routeOptions.bodyLimit ?? JSON_BYTES_MAX };
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return { reason: 'media_type_unsupported' };
  if (error.code === 'FST_ERR_BAD_URL') return { reason: 'address_unknown' };
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return { reason: 'body_malformed', detail: 'The request cannot be read.' };
  if (error instanceof StoreUnavailable) {
    env.log.warn({ requestId: request.id, err: error }, 'the database is not available');
    return { reason: 'store_unavailable', retryAfter: RETRY_AFTER };
  }
  env.log.error({ requestId: request.id, err: error }, 'request failed');
  return { reason: 'server_faulty' };
}
