import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer } from '../../contract/routes.ts';
import type { Rows } from '../../environment.ts';
import type { NewEvent } from '../../model/event.ts';
import type { Session } from '../../model/session.ts';
import type { User } from '../../model/user.ts';
import { eventOf } from '../change.ts';
import { describePage, readPage } from '../paging.ts';
import type { Asked, UseCase } from '../use-case.ts';
import { outranks } from '../users/administrators.ts';

type View = Answer<'listSessions'>['items'][number];

/** Who is signed in, since when and from where. */
export const listSessions: UseCase<'listSessions'> = async (env, asked, { query }) => {
  const { realm, now } = asked;
  const listed = await env.store.sessions.list(realm.name, {
    ...readPage(query),
    userId: query.userId,
    now,
  });
  const ids = [...new Set(listed.items.map(({ userId }) => userId))];
  const found = await Promise.all(ids.map((id) => env.store.users.find(realm.name, id)));
  const users = new Map(found.flatMap((user) => (user === undefined ? [] : [[user.id, user]])));
  return ok(describePage(listed, (session) => describe(asked, session, users.get(session.userId))));
};

const describe = ({ administrator }: Asked, session: Session, user: User | undefined): View => ({
  id: session.id,
  realm: session.realm,
  userId: session.userId,
  userName: user?.userName ?? session.userId,
  roles: user?.roles ?? [],
  address: session.address,
  userAgent: session.userAgent,
  createdAt: session.createdAt,
  lastSeenAt: session.lastSeenAt,
  expiresAt: session.expiresAt,
  current: session.digest === administrator.sessionDigest,
});

export const endSession: UseCase<'endSession'> = async (env, asked, { params }) => {
  const realm = asked.realm.name;
  return env.store
    .commit<Ended, AdminRefusal>(
      ({ userId, count }) => endedEvent(asked, userId, count),
      async (rows) => {
        const session = await rows.sessions.find(realm, params.sessionId);
        if (session === undefined) return refuse({ reason: 'session_unknown' });
        const allowed = await mayEnd(rows, asked, session.userId);
        if (!allowed.ok) return allowed;
        await rows.sessions.delete(session.digest);
        return ok({ userId: session.userId, count: 1 });
      },
    )
    .then(nothing);
};

export const endSessionsOfUser: UseCase<'endSessionsOfUser'> = async (env, asked, { params }) => {
  const realm = asked.realm.name;
  return env.store
    .commit<Ended, AdminRefusal>(
      ({ userId, count }) => (count === 0 ? [] : endedEvent(asked, userId, count)),
      async (rows) => {
        const allowed = await mayEnd(rows, asked, params.userId);
        if (!allowed.ok) return allowed;
        const count = await rows.sessions.deleteOfUser(realm, params.userId);
        return ok({ userId: params.userId, count });
      },
    )
    .then(nothing);
};

type Ended = { readonly userId: string; readonly count: number };

/** Otherwise a realm's administrator could keep those of the whole server out of it. */
async function mayEnd(
  rows: Rows,
  { administrator, realm }: Asked,
  userId: string,
): Promise<Result<undefined, AdminRefusal>> {
  const user = await rows.users.find(realm.name, userId);
  if (user === undefined) return refuse({ reason: 'user_unknown' });
  return outranks(administrator, realm.name, user.roles)
    ? ok(undefined)
    : refuse({ reason: 'right_not_held' });
}

const endedEvent = (asked: Asked, userId: string, sessions: number): NewEvent =>
  eventOf(asked, 'session.closed', { kind: 'user', id: userId }, { sessions });

const nothing = (ended: Result<Ended, AdminRefusal>): Result<undefined, AdminRefusal> =>
  ended.ok ? ok(undefined) : ended;
