/*
 * The small world of the administration tests: the real application over a real SQLite file, with
 * a root realm, a realm `alpha`, and callers of every kind.
 */
import { later, seconds } from '@tessera/protocol';
import { bootstrap } from '../src/admin/bootstrap.ts';
import { newSession, SESSION_LIFETIME } from '../src/admin/sessions/new-session.ts';
import type { Problem } from '../src/contract/problem.ts';
import {
  ADMIN_ROUTES,
  type Answer,
  type Body,
  type Input,
  type RouteName,
} from '../src/contract/routes.ts';
import type { Session } from '../src/model/session.ts';
import type { Role, User } from '../src/model/user.ts';
import { createWorld, START } from './world.ts';

export { START };

/** Headers by which a caller is known. */
export type Caller = Readonly<Record<string, string>>;

const FROM = { address: '192.0.2.1', userAgent: 'Browser/1.0', requestId: 'test' };

export const ORIGIN = 'http://localhost:8080';

export const STRANGER: Caller = {};

export type Said<Name extends RouteName> = {
  readonly params?: Partial<Input<Name>['params']>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Body<Name>;
  readonly ifMatch?: string;
};

export type Replied<T> = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The answer; `undefined` members when it was refused. */
  readonly answer: T;
  /** The problem's reason, without its namespace; undefined when it was answered. */
  readonly reason: string | undefined;
  readonly problem: Problem | undefined;
};

export type AdminWorld = Awaited<ReturnType<typeof createAdminWorld>>;

export async function createAdminWorld() {
  const world = await createWorld();
  const { env, app } = world;
  await bootstrap(env, 'a password for one sign-in');

  /** A signed-in user with the roles given, made without the pains of choosing a password. */
  const enter = async (realm: string, roles: readonly Role[], given: Partial<User> = {}) => {
    const user: User = {
      realm,
      id: env.random.uuid(),
      userName: `user-${env.random.uuid()}`,
      givenName: '',
      familyName: '',
      email: '',
      enabled: true,
      passwordHash: undefined,
      passwordOneTime: false,
      roles,
      keptAttributes: undefined,
      createdAt: env.clock.now(),
      revision: 1,
      ...given,
    };
    await world.change((rows) => rows.users.insert(user));
    return { ...(await signInAs(user)), id: user.id, userName: user.userName };
  };

  const signInAs = async (
    user: User,
    lifetime = SESSION_LIFETIME,
  ): Promise<{ caller: Caller; session: Session }> => {
    const { session, token } = newSession(env, user, FROM, env.clock.now());
    const expiresAt = later(env.clock.now(), lifetime);
    await world.change((rows) => rows.sessions.insert({ ...session, expiresAt }));
    return { caller: { cookie: `tessera_session=${token}`, origin: ORIGIN }, session };
  };

  const call = async <Name extends RouteName>(
    caller: Caller,
    name: Name,
    said: Said<Name> = {},
  ): Promise<Replied<Answer<Name>>> => {
    const { method, path } = ADMIN_ROUTES[name];
    const params: Readonly<Record<string, string>> = { realm: 'alpha', ...said.params };
    const url = path.replaceAll(/\{(\w+)\}/g, (_, part: string) =>
      encodeURIComponent(params[part] ?? ''),
    );
    const response = await app.inject({
      method,
      url: `${url}?${new URLSearchParams(said.query).toString()}`,
      headers: {
        ...caller,
        ...(said.ifMatch !== undefined && { 'if-match': said.ifMatch }),
        ...(said.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(said.body !== undefined && { payload: JSON.stringify(said.body) }),
    });
    const json: unknown = response.body === '' ? undefined : response.json();
    const problem = response.statusCode >= 400 ? (json as Problem) : undefined;
    return {
      status: response.statusCode,
      headers: response.headers,
      answer: (problem === undefined ? json : {}) as Answer<Name>,
      reason: problem?.type.replace('urn:tessera:problem:', ''),
      problem,
    };
  };

  const { id } = await enter('root', ['administrator'], { passwordHash: 'none' });
  const administrator = await env.store.users.find('root', id);
  if (administrator === undefined) throw new Error('the administrator was made');
  // Time passes in tests, but not for whom they call upon.
  const { caller: root } = await signInAs(administrator, seconds(10 * 365 * 86_400));
  await call(root, 'createRealm', { body: { name: 'alpha' } });

  return {
    ...world,
    root,
    call,
    enter,

    /** A client of a realm that holds these scopes of the administration API, with its token. */
    async automate(realm: string, scopes: readonly string[]): Promise<Caller> {
      const registered = await call(root, 'registerClient', { params: { realm }, body: {} });
      const { clientId, secret } = registered.answer;
      await call(root, 'setClientGrant', {
        params: { realm, clientId, apiId: 'tessera-admin' },
        body: { scopes },
      });
      const path = realm === 'root' ? 'root' : `root/realms/${realm}`;
      const response = await app.inject({
        method: 'POST',
        url: `/am/oauth2/realms/${path}/access_token`,
        headers: {
          authorization: `Basic ${Buffer.from(`${clientId}:${secret?.secret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        payload: new URLSearchParams({
          grant_type: 'client_credentials',
          scope: scopes.join(' '),
        }).toString(),
      });
      const { access_token: token } = response.json<{ access_token: string }>();
      return { authorization: `Bearer ${token}` };
    },

    async register(body: Body<'registerClient'> = {}, realm = 'alpha') {
      const { answer } = await call(root, 'registerClient', { params: { realm }, body });
      return answer;
    },
  };
}
