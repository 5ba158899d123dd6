/*
 * HTTP and nothing else: addresses, headers, bytes. A surface translates; rules that are found
 * here belong to endpoints/, admin/ or the protocol.
 */
import { ok, type Refusal, type Result, refuse } from '@tessera/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerIntrospection } from '../endpoints/introspection-endpoint.ts';
import { answerJwks, answerMetadata } from '../endpoints/metadata-endpoint.ts';
import { nextNonce } from '../endpoints/next-nonce.ts';
import type { OAuthRequest } from '../endpoints/oauth-request.ts';
import { describeDetails } from '../endpoints/refusal-details.ts';
import { answerRevocation } from '../endpoints/revocation-endpoint.ts';
import { answerTokenRequest } from '../endpoints/token-endpoint.ts';
import { answerTokenInfo } from '../endpoints/token-info-endpoint.ts';
import { type Environment, StoreUnavailable } from '../environment.ts';
import { isRealmName, ROOT_REALM } from '../model/realm.ts';
import type { CertificateReader } from './certificate-reader.ts';
import { BODY_BYTES_MAX, readAuthorization, readBody, readProofs } from './read-request.ts';
import { sendIntrospection, sendPrivate, sendPublic, sendRefusal } from './respond.ts';

/** A JWKS or metadata document may be this old at a client. Keys are published longer ahead. */
const PUBLIC_MAX_AGE_SECONDS = 300;

/** What is to be sent, once all headers are there. */
type Send = (reply: FastifyReply) => FastifyReply;

type Endpoint = (env: Environment, request: OAuthRequest) => Promise<Result<Send, Refusal>>;

/** How an endpoint is asked, and how what it says leaves the server. */
const endpoint =
  <T>(
    answer: (env: Environment, request: OAuthRequest) => Promise<Result<T, Refusal>>,
    send: (reply: FastifyReply, value: T) => FastifyReply,
  ): Endpoint =>
  async (env, request) => {
    const outcome = await answer(env, request);
    return outcome.ok ? ok((reply) => send(reply, outcome.value)) : outcome;
  };

const sendJson = (reply: FastifyReply, value: unknown) => sendPrivate(reply, 200, value);

const FORM_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  access_token: endpoint(answerTokenRequest, sendJson),
  introspect: endpoint(answerIntrospection, sendIntrospection),
  'token/revoke': endpoint(answerRevocation, sendJson),
};

/** Where a realm's endpoints are found, and how its name is read from there. */
export type RealmForm = {
  readonly prefix: string;
  realmOf(request: FastifyRequest): string | undefined;
};

export const realmForms = (contextPath: string): readonly RealmForm[] => {
  const base = `${contextPath}/oauth2`;
  // The root is no child of itself: two addresses would be one issuer.
  const fromPath = ({ params }: FastifyRequest) => {
    const { realm } = params as { realm?: string };
    return realm === ROOT_REALM ? undefined : realm;
  };
  return [
    { prefix: `${base}/realms/root/realms/:realm`, realmOf: fromPath },
    { prefix: `${base}/realms/root`, realmOf: () => ROOT_REALM },
    { prefix: `${base}/:realm`, realmOf: fromPath },
    { prefix: base, realmOf: readRealmQuery },
  ];
};

export function registerOAuthRoutes(
  app: FastifyInstance,
  env: Environment,
  readCertificate: CertificateReader,
): void {
  void app.register(async (oauth) => {
    oauth.removeAllContentTypeParsers();
    oauth.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX },
      (_request, body, done) => done(null, body),
    );
    for (const form of realmForms(env.addresses.contextPath)) {
      for (const [path, endpoint] of Object.entries(FORM_ENDPOINTS))
        registerFormEndpoint(oauth, env, form, path, endpoint, readCertificate);
      registerTokenInfo(oauth, env, form, readCertificate);
      registerAuthorization(oauth, env, form);
      registerDocuments(oauth, env, form);
    }
    registerInsertedMetadata(oauth, env);
  });
}

function registerFormEndpoint(
  app: FastifyInstance,
  env: Environment,
  form: RealmForm,
  path: string,
  endpoint: Endpoint,
  readCertificate: CertificateReader,
): void {
  const url = `${form.prefix}/${path}`;
  const name = path.replace('/', '-');

  const answer: Handler = async (request, reply) => {
    const realm = form.realmOf(request);
    const read = await readOAuthRequest(env, request, realm, readCertificate);
    const outcome = read.ok ? await endpoint(env, read.value) : read;
    if (read.ok) giveNonce(reply, nextNonce(env, read.value));
    if (outcome.ok) outcome.value(reply);
    else refuseRequest(env, request, reply, name, outcome.refusal, read.ok ? realm : undefined);
    return reply;
  };
  app.post(url, measured(env, name, answer));

  refuseOtherMethods(app, env, url, name, 'POST');
}

function giveNonce(reply: FastifyReply, nonce: string | undefined): void {
  if (nonce !== undefined) reply.header('dpop-nonce', nonce);
}

export type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Tells the metrics how it ended and how long it took, a fault included. */
export const measured =
  (env: Environment, endpoint: string, handler: Handler): Handler =>
  async (request, reply) => {
    const started = env.clock.monotonic();
    try {
      return await handler(request, reply);
    } catch (error) {
      reply.code(error instanceof StoreUnavailable ? 503 : 500);
      throw error;
    } finally {
      env.metrics.answered(endpoint, reply.statusCode, (env.clock.monotonic() - started) / 1000);
    }
  };

async function readOAuthRequest(
  env: Environment,
  request: FastifyRequest,
  name: string | undefined,
  readCertificate: CertificateReader,
): Promise<Result<OAuthRequest, Refusal>> {
  const found = await findRealm(env, request, name);
  if (found === undefined) return refuse({ reason: 'realm_unknown' });
  if (hasParametersInUrl(request)) return refuse({ reason: 'query_not_allowed' });
  const form = readBody(request);
  if (!form.ok) return form;
  const certificate = readCertificate(request);
  if (!certificate.ok) return certificate;
  return {
    ok: true,
    value: {
      ...found,
      // A query that is let by is what names the realm: without it, the address is the root's.
      called: env.addresses.baseCalled(request.headers.host) + request.url,
      proofs: readProofs(request),
      form: form.value,
      authorization: readAuthorization(request),
      certificate: certificate.value,
      accept: request.headers.accept,
      address: request.ip,
      requestId: request.id,
      now: env.clock.now(),
    },
  };
}

/** A realm that does not exist, is disabled, or is named in another spelling is not there. */
export async function findRealm(
  env: Environment,
  request: FastifyRequest,
  name: string | undefined,
) {
  if (name === undefined || (name !== ROOT_REALM && !isRealmName(name))) return undefined;
  // The router decodes: `%61lpha` would be a second name for `alpha`.
  if (pathOf(request).includes('%')) return undefined;
  const realm = await env.store.realms.find(name);
  if (realm === undefined || !realm.enabled) return undefined;
  const provider = await env.store.providers.find(name);
  return provider === undefined ? undefined : { realm, provider };
}

const pathOf = ({ url }: FastifyRequest['raw'] | FastifyRequest): string =>
  (url ?? '').split('?', 1)[0] ?? '';

/** `?realm=/alpha`, also `?realm=%2Falpha`: PingAM's form for load balancers. No query: root. */
function readRealmQuery(request: FastifyRequest): string | undefined {
  const query = request.url.indexOf('?');
  if (query === -1) return ROOT_REALM;
  const realms = new URLSearchParams(request.url.slice(query)).getAll('realm');
  if (realms.length === 0) return ROOT_REALM;
  const [path = ''] = realms;
  if (realms.length > 1) return undefined;
  if (path === '/' || path === '/root') return ROOT_REALM;
  return path.startsWith('/') ? path.slice(1) : undefined;
}

/**
 * RFC 6749 §2.3.1: parameters "MUST NOT be included in the request URI". Only `realm` may be, and
 * only where it is what names the realm.
 */
function hasParametersInUrl({ url, params }: FastifyRequest): boolean {
  const query = url.indexOf('?');
  if (query === -1 || query === url.length - 1) return false;
  const named = (params as { realm?: string }).realm !== undefined || url.includes('/realms/root');
  return [...new URLSearchParams(url.slice(query)).keys()].some(
    (name) => named || name !== 'realm',
  );
}

export function refuseRequest(
  env: Environment,
  request: FastifyRequest,
  reply: FastifyReply,
  endpoint: string,
  refusal: Refusal,
  realm: string | undefined,
): void {
  env.metrics.refused(endpoint, refusal.reason);
  env.log.info(
    { requestId: request.id, endpoint, realm, ...describeDetails(refusal) },
    'request refused',
  );
  sendRefusal(request, reply, refusal, realm);
}

export function refuseOtherMethods(
  app: FastifyInstance,
  env: Environment,
  url: string,
  endpoint: string,
  allowed: 'POST' | 'GET, HEAD' | 'GET, POST, PUT, DELETE',
): void {
  const method = (['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const).filter(
    (one) => !allowed.split(', ').includes(one),
  );
  app.route({
    method,
    url,
    exposeHeadRoute: false,
    handler: (request, reply) => {
      const refusal = {
        reason: 'method_not_allowed',
        allowed,
        found: request.method,
      } as const;
      refuseRequest(env, request, reply, endpoint, refusal, undefined);
      return reply;
    },
  });
}

function registerTokenInfo(
  app: FastifyInstance,
  env: Environment,
  form: RealmForm,
  readCertificate: CertificateReader,
): void {
  const url = `${form.prefix}/tokeninfo`;
  const answer: Handler = async (request, reply) => {
    const found = await findRealm(env, request, form.realmOf(request));
    const outcome = await readTokenInfo(env, request, found, readCertificate);
    if (found !== undefined) {
      const { provider } = found;
      giveNonce(
        reply,
        nextNonce(env, { provider, proofs: readProofs(request), now: env.clock.now() }),
      );
    }
    if (outcome.ok) sendPrivate(reply, 200, outcome.value);
    else refuseRequest(env, request, reply, 'tokeninfo', outcome.refusal, found?.realm.name);
    return reply;
  };
  app.get(url, measured(env, 'tokeninfo', answer));
  refuseOtherMethods(app, env, url, 'tokeninfo', 'GET, HEAD');
}

async function readTokenInfo(
  env: Environment,
  request: FastifyRequest,
  found: Found,
  readCertificate: CertificateReader,
): Promise<Result<unknown, Refusal>> {
  if (found === undefined) return refuse({ reason: 'realm_unknown' });
  if (hasParametersInUrl(request)) return refuse({ reason: 'query_not_allowed' });
  const certificate = readCertificate(request);
  if (!certificate.ok) return certificate;
  return answerTokenInfo(env, found.provider, {
    certificate: certificate.value,
    authorization: readAuthorization(request),
    proofs: readProofs(request),
    method: request.method,
    called: env.addresses.baseCalled(request.headers.host) + pathOf(request),
    now: env.clock.now(),
  });
}

/**
 * Clients that know people look for this endpoint before they talk to a server at all. "If the
 * response type is not understood, the authorization server MUST return an error response"
 * (RFC 6749 §3.1.1), and none is understood. Never a redirect: to follow the caller's
 * `redirect_uri` would make this address a way to any other.
 */
function registerAuthorization(app: FastifyInstance, env: Environment, form: RealmForm): void {
  const answer: Handler = async (request, reply) => {
    const found = await findRealm(env, request, form.realmOf(request));
    const reason = found === undefined ? 'realm_unknown' : 'response_type_unsupported';
    refuseRequest(env, request, reply, 'authorize', { reason }, found?.realm.name);
    return reply;
  };
  app.all(`${form.prefix}/authorize`, measured(env, 'authorize', answer));
}

function registerDocuments(app: FastifyInstance, env: Environment, form: RealmForm): void {
  const documents = {
    'connect/jwk_uri': (realm) => answerJwks(env, realm.provider.realm),
    '.well-known/openid-configuration': (realm) => answerMetadata(env, realm.provider),
    '.well-known/oauth-authorization-server': (realm) => answerMetadata(env, realm.provider),
  } satisfies Record<string, (realm: NonNullable<Found>) => Promise<unknown>>;

  for (const [path, describe] of Object.entries(documents)) {
    const url = `${form.prefix}/${path}`;
    registerDocument(app, env, url, form.realmOf, describe);
  }
}

/**
 * RFC 8414 §3.1: the well-known string goes between host and path of the issuer. OpenID Connect
 * clients look in the same place under their own name.
 */
function registerInsertedMetadata(app: FastifyInstance, env: Environment): void {
  for (const wellKnown of ['oauth-authorization-server', 'openid-configuration'])
    for (const form of realmForms(env.addresses.contextPath).slice(0, 2))
      registerDocument(
        app,
        env,
        `/.well-known/${wellKnown}${form.prefix}`,
        form.realmOf,
        ({ provider }) => answerMetadata(env, provider),
      );
}

type Found = Awaited<ReturnType<typeof findRealm>>;

function registerDocument(
  app: FastifyInstance,
  env: Environment,
  url: string,
  realmOf: RealmForm['realmOf'],
  describe: (realm: NonNullable<Found>) => Promise<unknown>,
): void {
  const answer: Handler = async (request, reply) => {
    const found = await findRealm(env, request, realmOf(request));
    if (found === undefined) {
      refuseRequest(env, request, reply, 'metadata', { reason: 'realm_unknown' }, undefined);
      return reply;
    }
    return sendPublic(request, reply, await describe(found), PUBLIC_MAX_AGE_SECONDS);
  };
  app.get(url, measured(env, 'metadata', answer));
  refuseOtherMethods(app, env, url, 'metadata', 'GET, HEAD');
}
