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
import { answerRevocation } from '../endpoints/revocation-endpoint.ts';
import { asServiceAccountRequest } from '../endpoints/service-account-request.ts';
import { answerTokenRequest, type TokenAnswer } from '../endpoints/token-endpoint.ts';
import { answerTokenInfo } from '../endpoints/token-info-endpoint.ts';
import type { Environment } from '../environment.ts';
import type { CertificateReader } from './certificate-reader.ts';
import { type Handler, measured, refuseOtherMethods, refuseRequest } from './measured-route.ts';
import { nextTurn } from './next-turn.ts';
import { describeQuotas } from './quota-headers.ts';
import {
  BODY_BYTES_MAX,
  FORM_TYPE,
  readAuthorization,
  readBody,
  readProofs,
} from './read-request.ts';
import { type Found, findRealm, pathOf, type RealmForm, realmForms } from './realm-address.ts';
import { type Headers, sendIntrospection, sendPrivate, sendPublic } from './respond.ts';
import { registerStatusListRoutes } from './status-list-routes.ts';

/** A JWKS or metadata document may be this old at a client. Keys are published longer ahead. */
const PUBLIC_MAX_AGE_SECONDS = 300;

/** What is to be sent, once all headers are there. */
type Send = (reply: FastifyReply, headers: Headers) => void;

type Endpoint = (env: Environment, request: OAuthRequest) => Promise<Result<Send, Refusal>>;

/** How an endpoint is asked, and how what it says leaves the server. */
const endpoint =
  <T>(
    answer: (env: Environment, request: OAuthRequest) => Promise<Result<T, Refusal>>,
    send: (reply: FastifyReply, value: T, headers: Headers) => void,
  ): Endpoint =>
  async (env, request) => {
    const outcome = await answer(env, request);
    return outcome.ok ? ok((reply, headers) => send(reply, outcome.value, headers)) : outcome;
  };

const sendJson = (reply: FastifyReply, value: unknown, headers: Headers): void =>
  sendPrivate(reply, 200, value, headers);

const sendToken = (reply: FastifyReply, answer: TokenAnswer, headers: Headers): void =>
  sendPrivate(reply, 200, answer.response, [...headers, ...describeQuotas(answer.quotas)]);

const answerAnyTokenRequest: typeof answerTokenRequest = (env, request) =>
  answerTokenRequest(env, asServiceAccountRequest(request));

const FORM_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  access_token: endpoint(answerTokenRequest, sendToken),
  introspect: endpoint(answerIntrospection, sendIntrospection),
  'token/revoke': endpoint(answerRevocation, sendJson),
};

export function registerOAuthRoutes(
  app: FastifyInstance,
  env: Environment,
  readCertificate: CertificateReader,
  /** Whether PingOne's service accounts get tokens in their own way. */
  serviceAccounts: boolean,
): void {
  const endpoints = serviceAccounts
    ? { ...FORM_ENDPOINTS, access_token: endpoint(answerAnyTokenRequest, sendToken) }
    : FORM_ENDPOINTS;
  void app.register(async (oauth) => {
    oauth.removeAllContentTypeParsers();
    // The usual one by its name: a type that is known as it is written is not taken apart.
    oauth.addContentTypeParser(
      [FORM_TYPE, '*'],
      { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX },
      (_request, body, done) => done(null, body),
    );
    for (const form of realmForms(`${env.addresses.contextPath}/oauth2`)) {
      for (const [path, endpoint] of Object.entries(endpoints))
        registerFormEndpoint(oauth, env, form, path, endpoint, readCertificate);
      registerTokenInfo(oauth, env, form, readCertificate);
      registerAuthorization(oauth, env, form);
      registerDocuments(oauth, env, form);
    }
    registerInsertedMetadata(oauth, env);
    registerStatusListRoutes(oauth, env);
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
  const counted = path === 'access_token';

  const answer: Handler = async (request, reply) => {
    const started = env.clock.monotonic();
    await nextTurn();
    const realm = form.realmOf(request);
    const read = await readOAuthRequest(env, request, realm, readCertificate);
    const outcome = read.ok ? await endpoint(env, read.value) : read;
    if (counted) countRequest(env, started, realm, read, outcome);
    const headers = read.ok ? giveNonce(nextNonce(env, read.value)) : [];
    if (outcome.ok) outcome.value(reply, headers);
    else {
      const { refusal } = outcome;
      refuseRequest(env, request, reply, name, refusal, read.ok ? realm : undefined, headers);
    }
  };
  app.post(url, measured(env, name, answer));

  refuseOtherMethods(app, env, url, name, 'POST');
}

/** For the rates and latencies of the realm; what could not be read has not been counted yet. */
function countRequest(
  env: Environment,
  started: number,
  realm: string | undefined,
  read: Result<OAuthRequest, Refusal>,
  outcome: Result<unknown, Refusal>,
): void {
  if (realm === undefined) return;
  if (!read.ok) {
    // A name of no realm is the caller's own.
    if (read.refusal.reason === 'realm_unknown') return;
    env.refusals.refused(realm, undefined, read.refusal, {}, env.clock.now());
  }
  const now = read.ok ? read.value.now : env.clock.now();
  env.rates.answered(realm, outcome.ok, env.clock.monotonic() - started, now);
}

const giveNonce = (nonce: string | undefined): Headers =>
  nonce === undefined ? [] : ['dpop-nonce', nonce];

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
    // Spelled out: after a spread, V8 defines each further member by itself, a microsecond each.
    value: {
      realm: found.realm,
      provider: found.provider,
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
    const headers =
      found === undefined
        ? []
        : giveNonce(
            nextNonce(env, {
              provider: found.provider,
              proofs: readProofs(request),
              now: env.clock.now(),
            }),
          );
    if (outcome.ok) sendPrivate(reply, 200, outcome.value, headers);
    else
      refuseRequest(env, request, reply, 'tokeninfo', outcome.refusal, found?.realm.name, headers);
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
    for (const form of realmForms(`${env.addresses.contextPath}/oauth2`).slice(0, 2))
      registerDocument(
        app,
        env,
        `/.well-known/${wellKnown}${form.prefix}`,
        form.realmOf,
        ({ provider }) => answerMetadata(env, provider),
      );
}

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
      return;
    }
    sendPublic(request, reply, await describe(found), PUBLIC_MAX_AGE_SECONDS);
  };
  app.get(url, measured(env, 'metadata', answer));
  refuseOtherMethods(app, env, url, 'metadata', 'GET, HEAD');
}
