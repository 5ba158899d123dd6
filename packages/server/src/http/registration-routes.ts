import { isUtf8 } from 'node:buffer';
import { ok, type Refusal, type Result, readJson, refuse } from '@tessera/protocol';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { deleteRegistration, readRegistration } from '../admin/registration/manage-registration.ts';
import { registerItself } from '../admin/registration/register-itself.ts';
import type { RegistrationRequest } from '../admin/registration/registration-request.ts';
import { replaceRegistration } from '../admin/registration/replace-registration.ts';
import type { Environment } from '../environment.ts';
import { type Handler, measured, refuseOtherMethods, refuseRequest } from './measured-route.ts';
import { isJsonType, JSON_BYTES_MAX } from './read-json.ts';
import { readAuthorization } from './read-request.ts';
import { findRealm, type RealmForm, realmForms } from './realm-address.ts';
import { sendNothing, sendPrivate } from './respond.ts';

const NAME = 'register';

/** How each method is answered, and with which status. RFC 7591 §3, RFC 7592 §2 */
const METHODS = {
  POST: { status: 201, answer: (env, request) => registerItself(env, request) },
  GET: { status: 200, answer: readRegistration },
  PUT: { status: 200, answer: replaceRegistration },
  DELETE: { status: 204, answer: deleteRegistration },
} as const satisfies Record<string, Answered>;

type Answered = {
  readonly status: 200 | 201 | 204;
  answer(
    env: Environment,
    request: RegistrationRequest,
    clientId: string,
  ): Promise<Result<unknown, Refusal>>;
};

/** The registration endpoint of every realm, in the four forms of its address. */
export function registerRegistrationRoutes(app: FastifyInstance, env: Environment): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    for (const form of realmForms(`${env.addresses.contextPath}/oauth2`)) {
      const url = `${form.prefix}/register`;
      for (const [method, answered] of Object.entries<Answered>(METHODS))
        scope.route({
          method,
          url,
          bodyLimit: JSON_BYTES_MAX,
          exposeHeadRoute: false,
          errorHandler(error: FastifyError, request, reply) {
            if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error;
            const refusal = { reason: 'client_metadata_too_large' } as const;
            refuseRequest(env, request, reply, NAME, refusal, undefined);
          },
          handler: measured(env, NAME, handlerOf(env, form, answered)),
        });
      refuseOtherMethods(scope, env, url, NAME, 'GET, POST, PUT, DELETE');
    }
  });
}

const handlerOf =
  (env: Environment, form: RealmForm, { status, answer }: Answered): Handler =>
  async (request, reply) => {
    const found = await findRealm(env, request, form.realmOf(request));
    const clientId = readClientId(request);
    const outcome: Result<unknown, Refusal> =
      found === undefined
        ? refuse({ reason: 'realm_unknown' })
        : clientId.ok
          ? await answer(env, readRequest(env, request, found), clientId.value)
          : clientId;
    if (!outcome.ok) refuseRequest(env, request, reply, NAME, outcome.refusal, found?.realm.name);
    else if (status === 204) sendNothing(reply);
    else sendPrivate(reply, status, outcome.value);
  };

type Found = NonNullable<Awaited<ReturnType<typeof findRealm>>>;

const readRequest = (
  env: Environment,
  request: FastifyRequest,
  { realm, provider }: Found,
): RegistrationRequest => ({
  realm,
  provider,
  authorization: readAuthorization(request),
  address: request.ip,
  requestId: request.id,
  now: env.clock.now(),
  document: () => readDocument(request),
});

/**
 * `?client_id=`, where PingAM has it: the address that a registration is managed at. A new one has
 * none, and `realm` is there where it is what names the realm. Nothing else may be in an address,
 * least of all a token.
 */
function readClientId({ url, params, method }: FastifyRequest): Result<string, Refusal> {
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  const named = (params as { realm?: string }).realm !== undefined || url.includes('/realms/root');
  const allowed = [...(named ? [] : ['realm']), ...(method === 'POST' ? [] : ['client_id'])];
  const ids = query.getAll('client_id');
  return ids.length > 1 || [...query.keys()].some((name) => !allowed.includes(name))
    ? refuse({ reason: 'query_not_allowed' })
    : ok(ids[0] ?? '');
}

/** RFC 7591 §3.1: JSON, as `application/json`. A member that is there twice is no member. */
function readDocument({ body, headers }: FastifyRequest): Result<unknown, Refusal> {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' || !isJsonType(headers['content-type'])) return malformed();
  if (!Buffer.isBuffer(body) || !isUtf8(body)) return malformed();
  const document = readJson(body.toString('utf8'));
  return document === undefined ? malformed() : ok(document);
}

const malformed = () => refuse({ reason: 'client_metadata_malformed' } as const);
