import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { NewEvent } from '../../model/event.ts';
import { describeChange, eventOf, isFresh } from '../change.ts';
import { removeClient } from '../clients/delete-client.ts';
import type { UseCase } from '../use-case.ts';
import { describeApplication } from './describe-application.ts';

export const deleteApplication: UseCase<'deleteApplication'> = async (
  env,
  asked,
  { params, query, precondition },
) => {
  const realm = asked.realm.name;
  const withClient = query.withClient === 'true';
  if (withClient && !asked.administrator.permissions.has('clients:write'))
    return refuse({ reason: 'permission_missing', permission: 'clients:write' });
  const deleted = await env.store.commit<readonly NewEvent[], AdminRefusal>(
    (events) => events,
    async (rows) => {
      const application = await rows.applications.find(realm, params.applicationId);
      if (application === undefined) return refuse({ reason: 'application_unknown' });
      if (!isFresh(precondition, application)) return refuse({ reason: 'revision_stale' });
      await rows.applications.delete(realm, application.id);
      const event = eventOf(
        asked,
        'application.deleted',
        { kind: 'application', id: application.id },
        describeChange(describeApplication(application), undefined),
      );
      if (!withClient) return ok([event]);
      const client = await rows.clients.find(realm, application.clientId);
      if (client === undefined) return ok([event]);
      const removed = await removeClient(rows, asked, client);
      return removed.ok ? ok([event, ...removed.value]) : removed;
    },
  );
  return deleted.ok ? ok(undefined) : deleted;
};
