import { ok, type Result, refuse } from '@tessera/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { perform } from '../../admin/perform.ts';
import { performTogether } from '../../admin/perform-together.ts';
import type { Precondition } from '../../contract/route.ts';
import { type Environment, StoreUnavailable } from '../../environment.ts';
import { ROOT_REALM } from '../../model/realm.ts';
import type {
  Answered,
  Ask,
  Collection,
  Document,
  Door,
  Reply,
  Together,
} from '../../pingone/collection.ts';
import {
  type CrestRefusal,
  pickFields,
  type Resource,
  readFields,
  readQuery,
  unreadable,
} from '../../pingone/crest.ts';
import { describeAdminRefusal } from '../../pingone/describe-refusal.ts';
import { readIfMatch } from '../entity-tag.ts';
import { readJson } from '../read-json.ts';
import { believeCrestCaller } from './crest-caller.ts';
import { sendCrest } from './crest-reply.ts';
import type { CrestSurroundings } from './crest-surroundings.ts';

/*
 * Collections over HTTP as Common REST has them: GET with a filter, or of one object; PUT, PATCH,
 * DELETE; and POST with an action. Owns how requests travel; what they mean is in pingone/.
 */

/** A provider of AM with every attribute takes some 20 kB. */
const BODY_BYTES_MAX = 256 * 1024;

/** How the address of a request names the realm; undefined: it names none that can be. */
export type RealmOf = (request: FastifyRequest) => string | undefined;

/** Adds a collection at `path`, and its objects below. */
export function registerCollection(
  scope: FastifyInstance,
  surroundings: CrestSurroundings,
  path: string,
  collection: Collection,
  realmOf: RealmOf = () => ROOT_REALM,
): void {
  const serve = server(surroundings, realmOf);
  const { query, read, put, patch, remove, actions = {}, itemActions = {} } = collection;
  const idOf = ({ params }: FastifyRequest) => (params as { readonly id: string }).id;

  if (query !== undefined)
    for (const url of [path, `${path}/`])
      scope.get(
        url,
        serve(async (ask, request) => {
          const asked = readQuery(request.query as Readonly<Record<string, unknown>>);
          return asked.ok ? query(ask, asked.value) : asked;
        }),
      );
  if (read !== undefined)
    scope.get(
      `${path}/:id`,
      serve(async (ask, request) => {
        const fields = readFields((request.query as { readonly _fields?: unknown })._fields);
        if (!fields.ok) return fields;
        const found = await read(ask, idOf(request));
        return found.ok
          ? ok({ ...found.value, body: pickFields(found.value.body as Resource, fields.value) })
          : found;
      }),
    );
  if (put !== undefined)
    scope.put(
      `${path}/:id`,
      serve(withBody((ask, body, request) => put(ask, idOf(request), body))),
    );
  if (patch !== undefined)
    scope.patch(
      `${path}/:id`,
      serve(withBody((ask, body, request) => patch(ask, idOf(request), body))),
    );
  if (remove !== undefined)
    scope.delete(
      `${path}/:id`,
      serve((ask, request) => remove(ask, idOf(request))),
    );
  for (const url of [path, `${path}/`])
    scope.post(
      url,
      serve(
        withBody((ask, body, request) => {
          const action = ownOf(actions, actionOf(request));
          return action === undefined ? refuseAction(request) : action(ask, body);
        }),
      ),
    );
  // Where there are objects at all.
  if (read !== undefined)
    scope.post(
      `${path}/:id`,
      serve(
        withBody((ask, body, request) => {
          const action = ownOf(itemActions, actionOf(request));
          return action === undefined ? refuseAction(request) : action(ask, idOf(request), body);
        }),
      ),
    );
}

/** Adds one object at `path`. */
export function registerDocument(
  scope: FastifyInstance,
  surroundings: CrestSurroundings,
  path: string,
  { read, put }: Document,
  realmOf: RealmOf = () => ROOT_REALM,
): void {
  const serve = server(surroundings, realmOf);
  scope.get(path, serve(read));
  if (put !== undefined) scope.put(path, serve(withBody(put)));
}

/** How a route is served: by whom it may be called, how much it takes, what it answers. */
const server =
  (surroundings: CrestSurroundings, realmOf: RealmOf) =>
  (answer: (ask: Ask, request: FastifyRequest) => Answered) => ({
    // Common REST has no HEAD, and each route that is there takes time at the start.
    exposeHeadRoute: false,
    bodyLimit: BODY_BYTES_MAX,
    onRequest: admit(surroundings),
    handler: (request: FastifyRequest, reply: FastifyReply) =>
      serveCrest(surroundings, realmOf, answer, request, reply),
  });

/** Own members alone: `_action=constructor` is none. */
const ownOf = <T>(actions: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(actions, name) ? actions[name] : undefined;

const actionOf = ({ query }: FastifyRequest): string => {
  const { _action } = query as { readonly _action?: unknown };
  return typeof _action === 'string' && /^[a-zA-Z]{1,40}$/.test(_action) ? `${_action}` : '';
};

const refuseAction = async (request: FastifyRequest): Answered =>
  refuse(unreadable(`Action ${JSON.stringify(actionOf(request))} is not supported here.`));

const withBody =
  (answer: (ask: Ask, body: unknown, request: FastifyRequest) => Answered) =>
  async (ask: Ask, request: FastifyRequest): Answered => {
    const body = readJson(request);
    return body.ok
      ? answer(ask, body.value === undefined ? {} : body.value, request)
      : refuse(describeAdminRefusal(body.refusal));
  };

/** Whoever may send much is known before it is read. */
const admit =
  (surroundings: CrestSurroundings) => async (request: FastifyRequest, reply: FastifyReply) => {
    const administrator = await believeCrestCaller(surroundings, request);
    return administrator.ok
      ? undefined
      : sendOutcome(
          surroundings,
          request,
          reply,
          refuse(describeAdminRefusal(administrator.refusal)),
        );
  };

async function serveCrest(
  surroundings: CrestSurroundings,
  realmOf: RealmOf,
  answer: (ask: Ask, request: FastifyRequest) => Answered,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { env, surface } = surroundings;
  const outcome = await (async (): Promise<Result<Reply, CrestRefusal>> => {
    const administrator = await believeCrestCaller(surroundings, request);
    if (!administrator.ok) return refuse(describeAdminRefusal(administrator.refusal));
    const precondition = readPrecondition(request);
    if (!precondition.ok) return precondition;
    const door: Door = async (
      name,
      { params = {}, query = {}, body, precondition: made, names },
    ) => {
      const done = await perform(env, administrator.value, name, {
        params,
        query: withoutUndefined(query),
        body,
        precondition: made,
        requestId: request.id,
        surface,
      });
      return done.ok ? done : refuse(describeAdminRefusal(done.refusal, names));
    };
    const together: Together = async (operations, names, passwords = []) => {
      const given = operations.map(({ name, params, body, precondition: made }) => ({
        name,
        given: { params, query: {}, body, precondition: made, requestId: request.id, surface },
      }));
      const done = await performTogether(env, administrator.value, given, passwords);
      return done.ok ? done : refuse(describeAdminRefusal(done.refusal, names));
    };
    const realm = realmOf(request);
    if (realm === undefined) return refuse({ code: 404, message: 'Realm not found' });
    const newId = () => env.random.uuid();
    return answer({ door, together, newId, realm, precondition: precondition.value }, request);
  })();
  return sendOutcome(surroundings, request, reply, outcome);
}

function sendOutcome(
  { env }: CrestSurroundings,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: Result<Reply, CrestRefusal>,
): FastifyReply {
  if (!outcome.ok) env.metrics.refused('administration', `crest_${outcome.refusal.code}`);
  return sendCrest(request, reply, outcome);
}

function readPrecondition(request: FastifyRequest): Result<Precondition | undefined, CrestRefusal> {
  // RFC 9110 §13.1.2: it must not be there yet.
  if (request.headers['if-none-match']?.trim() === '*') return { ok: true, value: [] };
  const read = readIfMatch(request.headers['if-match']);
  return read.ok ? read : refuse(describeAdminRefusal(read.refusal));
}

const withoutUndefined = (query: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));

/** A fault that nobody foresaw, and a database that is away, as Common REST tells them. */
export function describeCrestFault(
  { log }: Pick<Environment, 'log'>,
  error: Error & { readonly code?: string; readonly statusCode?: number },
  request: FastifyRequest,
): CrestRefusal {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return {
      code: 413,
      message: `A body may have ${request.routeOptions.bodyLimit ?? BODY_BYTES_MAX} bytes.`,
    };
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return unreadable('The request cannot be read.');
  if (error instanceof StoreUnavailable) {
    log.warn({ requestId: request.id, err: error }, 'the database is not available');
    return { code: 503, message: 'The database does not answer.', retryAfter: 2 };
  }
  log.error({ requestId: request.id, err: error }, 'request failed');
  return { code: 500, message: 'The server met an unexpected condition.' };
}
