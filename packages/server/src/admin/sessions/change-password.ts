import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Input } from '../../contract/routes.ts';
import type { Environment } from '../../environment.ts';
import type { User } from '../../model/user.ts';
import type { Administrator } from '../administrator.ts';
import { HASHER_RETRY_AFTER, hashPassword } from '../users/password.ts';
import { newSession, type Origin } from './new-session.ts';
import { describeOpened, failureKey, type Opened, sessionEvent } from './open-session.ts';

type Env = Pick<Environment, 'clock' | 'failureBudget' | 'hasher' | 'random' | 'store'>;

/**
 * One's own password. Whoever holds a session must still know the password, and guesses are
 * limited as at the sign-in. Every session of the user ends; the caller gets a new one.
 */
export async function changePassword(
  env: Env,
  administrator: Administrator,
  { currentPassword, newPassword }: Input<'changePassword'>['body'],
  origin: Origin,
): Promise<Result<Opened, AdminRefusal>> {
  const now = env.clock.now();
  if (administrator.sessionDigest === undefined) return refuse({ reason: 'session_required' });
  const user = await env.store.users.find(administrator.realm, administrator.id);
  if (user?.passwordHash === undefined) return refuse({ reason: 'session_required' });

  const budget = failureKey(user.realm, user.userName, origin.address);
  const attempt = env.failureBudget.attempt(budget);
  if (attempt.wait > 0) return refuse({ reason: 'failures_too_many', retryAfter: attempt.wait });
  const verified = await env.hasher.verify(currentPassword, [user.passwordHash]);
  if (verified === 'overloaded') {
    attempt.giveBack();
    return refuse({ reason: 'verification_overloaded', retryAfter: HASHER_RETRY_AFTER });
  }
  if (verified === undefined) return refuse({ reason: 'password_wrong' });
  attempt.giveBack();
  if (newPassword === currentPassword)
    return refuse({ reason: 'password_guessable', pointer: '/newPassword' });
  const hash = await hashPassword(env, newPassword, user.userName, '/newPassword');
  if (!hash.ok) return hash;

  const opened = newSession(env, user, origin, now);
  const changed = await env.store.commit<User, AdminRefusal>(
    sessionEvent('password.changed', user, origin.requestId, now),
    async (rows) => {
      const current = await rows.users.find(user.realm, user.id);
      if (current?.enabled !== true || current.passwordHash !== verified)
        return refuse({ reason: 'credentials_invalid' });
      const next = { ...current, passwordHash: hash.value, passwordOneTime: false };
      if ((await rows.users.update(next)) === 'stale') return refuse({ reason: 'revision_stale' });
      await rows.sessions.deleteOfUser(user.realm, user.id);
      await rows.sessions.insert(opened.session);
      return ok(next);
    },
  );
  return changed.ok ? ok(describeOpened(changed.value, opened)) : changed;
}
