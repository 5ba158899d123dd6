import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import { eventOf, isFresh, save } from '../change.ts';
import type { UseCase } from '../use-case.ts';
import { mayActAsOwner, outranks } from './administrators.ts';
import { hashPassword, makePassword } from './password.ts';

/** For somebody else: they replace it at their next sign-in, unless told otherwise. */
export const setPassword: UseCase<'setPassword'> = async (
  env,
  asked,
  { params, body, precondition },
) => {
  const realm = asked.realm.name;
  const known = await env.store.users.find(realm, params.userId);
  if (known === undefined) return refuse({ reason: 'user_unknown' });
  const made = body.password === undefined ? makePassword(env) : undefined;
  const hash = await hashPassword(env, made ?? body.password ?? '', known.userName, '/password');
  if (!hash.ok) return hash;

  const changed = eventOf(
    asked,
    'password.changed',
    { kind: 'user', id: known.id },
    { oneTime: body.oneTime },
  );
  return env.store.commit<{ password: string | null; oneTime: boolean }, AdminRefusal>(
    changed,
    async (rows) => {
      const user = await rows.users.find(realm, params.userId);
      if (user === undefined) return refuse({ reason: 'user_unknown' });
      if (!isFresh(precondition, user)) return refuse({ reason: 'revision_stale' });
      if (!outranks(asked.administrator, realm, user.roles))
        return refuse({ reason: 'right_not_held' });
      if (!(await mayActAsOwner(rows, asked.administrator, user)))
        return refuse({ reason: 'right_not_held' });
      const next = { ...user, passwordHash: hash.value, passwordOneTime: body.oneTime };
      const saved = await save(rows.users, user, next);
      if (!saved.ok) return saved;
      await rows.sessions.deleteOfUser(realm, user.id);
      return ok({ password: made ?? null, oneTime: body.oneTime });
    },
  );
};
