import { later, type NumericDate, seconds } from '@tessera/protocol';
import type { Environment } from '../../environment.ts';
import { formatRandomText, isRandomText } from '../../model/random-text.ts';
import type { Session } from '../../model/session.ts';
import type { User } from '../../model/user.ts';
import type { Administrator } from '../administrator.ts';
import { powerOfRole } from '../permissions.ts';

/** A working day. */
export const SESSION_LIFETIME = seconds(8 * 3600);

/** A session, and the text that its cookie holds; only the digest of the text is kept. */
export type NewSession = { readonly session: Session; readonly token: string };

/** From where a request came and what it is called in the log. */
export type Origin = {
  readonly address: string;
  readonly userAgent: string;
  readonly requestId: string;
};

/** What browsers call themselves is about half as long. */
const USER_AGENT_MAX = 300;

export function newSession(
  env: Pick<Environment, 'random' | 'hasher'>,
  user: User,
  { address, userAgent }: Origin,
  now: NumericDate,
): NewSession {
  const token = formatRandomText('tss', env.random.bytes(32));
  return {
    token,
    session: {
      digest: digestSession(env, token),
      realm: user.realm,
      id: env.random.uuid(),
      userId: user.id,
      address,
      userAgent: userAgent.slice(0, USER_AGENT_MAX),
      createdAt: now,
      lastSeenAt: now,
      expiresAt: later(now, SESSION_LIFETIME),
    },
  };
}

/** What cannot be the text of a session is not looked up. */
export const isSessionToken = (text: string): boolean => isRandomText('tss', text);

export const digestSession = (env: Pick<Environment, 'hasher'>, token: string): string =>
  env.hasher.digest('session', token);

/** What a signed-in user may do: all that any of the roles permits. */
export function administratorOf(user: User, session: Session): Administrator {
  const powers = user.roles.map((role) => powerOfRole(role, user.realm));
  // A role of one realm beside one of all realms adds nothing outside that realm.
  const wide = powers.filter(({ everyRealm }) => everyRealm);
  const counted = wide.length > 0 ? wide : powers;
  return {
    kind: 'user',
    id: user.id,
    realm: user.realm,
    name: user.userName,
    roles: user.roles,
    permissions: new Set(counted.flatMap(({ permissions }) => permissions)),
    everyRealm: wide.length > 0,
    passwordOneTime: user.passwordOneTime,
    expiresAt: session.expiresAt,
    sessionDigest: session.digest,
  };
}
