import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Application } from '../../model/application.ts';
import { type Changed, changeEvents, isFresh, merge, save } from '../change.ts';
import type { UseCase } from '../use-case.ts';
import { checkOwners } from './check-owners.ts';
import { describeApplication } from './describe-application.ts';

export const updateApplication: UseCase<'updateApplication'> = async (
  env,
  asked,
  { params, body, precondition },
) => {
  const realm = asked.realm.name;
  // Owners may do much to the client, so giving it others is changing it.
  const mayGive =
    asked.ownedBy !== undefined || asked.administrator.permissions.has('clients:write');
  if (body.owners !== undefined && !mayGive)
    return refuse({
      reason: 'member_not_permitted',
      members: ['owners'],
      permission: 'clients:write',
    });
  const changed = await env.store.commit<Changed<Application>, AdminRefusal>(
    ({ before, after }) =>
      changeEvents(
        asked,
        'application.updated',
        { kind: 'application', id: before.id },
        describeApplication(before),
        describeApplication(after),
      ),
    async (rows) => {
      const current = await rows.applications.find(realm, params.applicationId);
      if (current === undefined) return refuse({ reason: 'application_unknown' });
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      const owners = await checkOwners(rows, realm, body.owners ?? []);
      if (!owners.ok) return owners;
      return save(rows.applications, current, merge(current, body));
    },
  );
  return changed.ok ? ok(describeApplication(changed.value.after)) : changed;
};
