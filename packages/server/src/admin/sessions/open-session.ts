import { type NumericDate, ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer, Input } from '../../contract/routes.ts';
import type { Environment, FailureKey } from '../../environment.ts';
import type { NewEvent } from '../../model/event.ts';
import { type User, userNameKey } from '../../model/user.ts';
import { HASHER_RETRY_AFTER } from '../users/password.ts';
import { describeSession } from './describe-session.ts';
import { administratorOf, type NewSession, newSession, type Origin } from './new-session.ts';

type Env = Pick<
  Environment,
  'clock' | 'failureBudget' | 'hasher' | 'metrics' | 'random' | 'recorder' | 'store'
>;

/** Whom the cookie is for, and the text that goes into it. */
export type Opened = {
  readonly answer: Answer<'openSession'>;
  readonly token: string;
  readonly expiresAt: NumericDate;
};

/**
 * Signs a person in. An unknown user, one who may not sign in and a wrong password cost the same
 * time and get the same answer, and how often one may try is limited.
 */
export async function openSession(
  env: Env,
  { realm: realmName, userName, password }: Input<'openSession'>['body'],
  origin: Origin,
): Promise<Result<Opened, AdminRefusal>> {
  const now = env.clock.now();
  const budget = failureKey(realmName, userName, origin.address);
  const attempt = env.failureBudget.attempt(budget);
  if (attempt.wait > 0) return refuse({ reason: 'failures_too_many', retryAfter: attempt.wait });

  const realm = await env.store.realms.find(realmName);
  const user = realm && (await env.store.users.findByUserName(realm.name, userName));
  const mayEnter = realm?.enabled === true && user?.enabled === true;
  const hash = mayEnter ? user.passwordHash : undefined;
  const verified = await env.hasher.verify(password, hash === undefined ? [] : [hash]);
  if (verified === 'overloaded') {
    attempt.giveBack();
    return refuse({ reason: 'verification_overloaded', retryAfter: HASHER_RETRY_AFTER });
  }
  if (verified === undefined || user === undefined) {
    if (user !== undefined) recordRefusal(env, user, origin, now);
    return refuse({ reason: 'sign_in_failed' });
  }
  attempt.giveBack();
  env.failureBudget.succeeded(budget);

  const opened = newSession(env, user, origin, now);
  const stored = await env.store.commit<User, AdminRefusal>(
    sessionEvent('session.opened', user, origin.requestId, now),
    async (rows) => {
      // The password may have been changed while it was being verified.
      const current = await rows.users.find(user.realm, user.id);
      if (current?.enabled !== true || current.passwordHash !== verified)
        return refuse({ reason: 'sign_in_failed' });
      await rows.sessions.insert(opened.session);
      return ok(current);
    },
  );
  return stored.ok ? ok(describeOpened(stored.value, opened)) : stored;
}

export const describeOpened = (user: User, { session, token }: NewSession): Opened => ({
  answer: describeSession(administratorOf(user, session)),
  token,
  expiresAt: session.expiresAt,
});

/**
 * No client id has a NUL, so users and clients never share a budget. All spellings by which the
 * store finds one user share theirs.
 */
export const failureKey = (realm: string, userName: string, address: string): FailureKey => ({
  realm,
  claimant: `\0${userNameKey(userName)}`,
  address,
});

export const sessionEvent = (
  type: 'session.opened' | 'session.closed' | 'password.changed',
  user: { readonly realm: string; readonly id: string },
  requestId: string,
  now: NumericDate,
): NewEvent => ({
  at: now,
  realm: user.realm,
  type,
  actor: { kind: 'user', id: user.id },
  subject: { kind: 'user', id: user.id },
  details: {},
  requestId,
});

/** Of known users alone: strangers must not be able to fill the table with names. */
function recordRefusal(
  env: Pick<Env, 'recorder'>,
  user: User,
  { requestId, address }: Origin,
  now: NumericDate,
): void {
  env.recorder.record({
    at: now,
    realm: user.realm,
    type: 'sign-in.refused',
    actor: { kind: 'user', id: user.id },
    subject: { kind: 'user', id: user.id },
    details: { address },
    requestId,
  });
}
