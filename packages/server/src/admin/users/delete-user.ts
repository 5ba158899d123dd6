import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Application } from '../../model/application.ts';
import type { User } from '../../model/user.ts';
import { describeApplication } from '../applications/describe-application.ts';
import { type Changed, changeEvents, describeChange, eventOf, isFresh, save } from '../change.ts';
import type { UseCase } from '../use-case.ts';
import { keepAnAdministrator, outranks } from './administrators.ts';
import { describeUser } from './describe-user.ts';

type Deleted = { readonly user: User; readonly applications: readonly Changed<Application>[] };

/** The user's sessions end, and the applications the user owned lose this owner. */
export const deleteUser: UseCase<'deleteUser'> = async (env, asked, { params, precondition }) => {
  const realm = asked.realm.name;
  const deleted = await env.store.commit<Deleted, AdminRefusal>(
    ({ user, applications }) => [
      eventOf(
        asked,
        'user.deleted',
        { kind: 'user', id: user.id },
        describeChange(describeUser(user), undefined),
      ),
      ...applications.flatMap(({ before, after }) =>
        changeEvents(
          asked,
          'application.updated',
          { kind: 'application', id: before.id },
          describeApplication(before),
          describeApplication(after),
        ),
      ),
    ],
    async (rows) => {
      const user = await rows.users.find(realm, params.userId);
      if (user === undefined) return refuse({ reason: 'user_unknown' });
      if (!isFresh(precondition, user)) return refuse({ reason: 'revision_stale' });
      if (!outranks(asked.administrator, realm, user.roles))
        return refuse({ reason: 'right_not_held' });
      const kept = await keepAnAdministrator(rows, user, undefined);
      if (!kept.ok) return kept;

      const applications: Changed<Application>[] = [];
      for (const before of await rows.applications.ofOwner(realm, user.id)) {
        const owners = before.owners.filter((owner) => owner !== user.id);
        const saved = await save(rows.applications, before, { ...before, owners });
        if (!saved.ok) return saved;
        applications.push(saved.value);
      }
      await rows.sessions.deleteOfUser(realm, user.id);
      await rows.users.delete(realm, user.id);
      return ok({ user, applications });
    },
  );
  return deleted.ok ? ok(undefined) : deleted;
};
