import { ok, type Result, refuse } from '@tessera/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Administrator } from '../admin/administrator.ts';
import { authenticateAdministrator, isOwnOrigin } from '../admin/authenticate-administrator.ts';
import { changePassword } from '../admin/sessions/change-password.ts';
import { closeSession } from '../admin/sessions/close-session.ts';
import { describeSession } from '../admin/sessions/describe-session.ts';
import { SESSION_LIFETIME } from '../admin/sessions/new-session.ts';
import { type Opened, openSession } from '../admin/sessions/open-session.ts';
import type { AdminEnvironment } from '../admin/use-case.ts';
import { type InputProblem, readInput } from '../contract/read-input.ts';
import type { AdminRefusal } from '../contract/refusal.ts';
import { ADMIN_ROUTES, type Answer, type SessionRouteName } from '../contract/routes.ts';
import { type CallerReader, readOrigin } from './read-caller.ts';
import { readJson } from './read-json.ts';
import type { SessionCookie } from './session-cookie.ts';

/*
 * Signing in and out: the only operations before the one door of the administration, since they
 * decide who comes through it.
 */

type Surroundings = {
  readonly env: AdminEnvironment;
  readonly callers: CallerReader;
};

type SessionRoute<Name extends SessionRouteName> = (
  surroundings: Surroundings,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<Result<Answer<Name>, AdminRefusal>>;

export const SESSION_HANDLERS: { readonly [Name in SessionRouteName]: SessionRoute<Name> } = {
  async openSession({ env, callers }, request, reply) {
    const origin = readOrigin(request);
    // Otherwise another site could sign its visitors in as somebody else.
    if (origin !== undefined && !isOwnOrigin(env, origin))
      return refuse({ reason: 'origin_mismatched' });
    const body = readBody(request, (value) =>
      readInput(ADMIN_ROUTES.openSession.body, value, 'body'),
    );
    if (!body.ok) return body;
    return giveCookie(callers.cookie, reply, await openSession(env, body.value, originOf(request)));
  },

  async findSession(surroundings, request) {
    const caller = await readAdministrator(surroundings, request);
    return caller.ok ? ok(describeSession(caller.value)) : caller;
  },

  async closeSession(surroundings, request, reply) {
    const caller = await readAdministrator(surroundings, request);
    if (!caller.ok) return caller;
    const closed = await closeSession(surroundings.env, caller.value, originOf(request));
    if (closed.ok) reply.header('set-cookie', surroundings.callers.cookie.clear());
    return closed;
  },

  async changePassword(surroundings, request, reply) {
    const { env, callers } = surroundings;
    const caller = await readAdministrator(surroundings, request);
    if (!caller.ok) return caller;
    const body = readBody(request, (value) =>
      readInput(ADMIN_ROUTES.changePassword.body, value, 'body'),
    );
    if (!body.ok) return body;
    const changed = await changePassword(env, caller.value, body.value, originOf(request));
    return giveCookie(callers.cookie, reply, changed);
  },
};

const readAdministrator = (
  { env, callers }: Surroundings,
  request: FastifyRequest,
): Promise<Result<Administrator, AdminRefusal>> =>
  authenticateAdministrator(env, callers.read(request), env.clock.now());

export const originOf = ({ id, ip, headers }: FastifyRequest) => ({
  requestId: id,
  address: ip,
  userAgent: headers['user-agent'] ?? '',
});

type Read<T> = (value: unknown) => Result<T, readonly InputProblem[]>;

function readBody<T>(request: FastifyRequest, read: Read<T>): Result<T, AdminRefusal> {
  const json = readJson(request);
  if (!json.ok) return json;
  const body = read(json.value === undefined ? {} : json.value);
  return body.ok ? body : refuse({ reason: 'input_malformed', problems: body.refusal });
}

function giveCookie(
  cookie: SessionCookie,
  reply: FastifyReply,
  opened: Result<Opened, AdminRefusal>,
): Result<Opened['answer'], AdminRefusal> {
  if (!opened.ok) return opened;
  reply.header('set-cookie', cookie.set(opened.value.token, SESSION_LIFETIME));
  return ok(opened.value.answer);
}
