import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Role, User } from '../../model/user.ts';
import { type Changed, changeEvents, isFresh, merge, save } from '../change.ts';
import type { UseCase } from '../use-case.ts';
import { keepAnAdministrator, outranks } from './administrators.ts';
import { describeUser } from './describe-user.ts';

/** Whoever may do less than the user may now, or could afterwards, changes nothing. */
export const updateUser: UseCase<'updateUser'> = async (
  env,
  asked,
  { params, body, precondition },
) => {
  const realm = asked.realm.name;
  const changed = await env.store.commit<Changed<User>, AdminRefusal>(
    ({ before, after }) =>
      changeEvents(
        asked,
        'user.updated',
        { kind: 'user', id: before.id },
        describeUser(before),
        describeUser(after),
      ),
    async (rows) => {
      const current = await rows.users.find(realm, params.userId);
      if (current === undefined) return refuse({ reason: 'user_unknown' });
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      const next = merge(current, body);
      if (!outranks(asked.administrator, realm, [...current.roles, ...next.roles]))
        return refuse({ reason: 'right_not_held' });
      const namesake = await rows.users.findByUserName(realm, next.userName);
      if (namesake !== undefined && namesake.id !== next.id)
        return refuse({ reason: 'user_name_taken' });
      const kept = await keepAnAdministrator(rows, current, next);
      if (!kept.ok) return kept;
      if (!next.enabled || !isSame(current.roles, next.roles))
        await rows.sessions.deleteOfUser(realm, next.id);
      return save(rows.users, current, next);
    },
  );
  return changed.ok ? ok(describeUser(changed.value.after)) : changed;
};

const isSame = (before: readonly Role[], after: readonly Role[]): boolean =>
  before.length === after.length && before.every((role) => after.includes(role));
