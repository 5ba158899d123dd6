import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Rows } from '../../environment.ts';
import { ADMIN_API_ID } from '../../model/api.ts';
import type { ClientGrant } from '../../model/client-grant.ts';
import { describeChange, eventOf, isFresh, save } from '../change.ts';
import { holds, powerOfScopes } from '../permissions.ts';
import type { Asked, UseCase } from '../use-case.ts';
import {
  clientGrantRemoved,
  clientGrantSubject,
  describeClientGrant,
  describeGranted,
} from './describe-client-grant.ts';

type Granted = { readonly before: ClientGrant | undefined; readonly after: ClientGrant };

export const setClientGrant: UseCase<'setClientGrant'> = async (
  env,
  asked,
  { params, body, precondition },
) => {
  const realm = asked.realm.name;
  const { clientId, apiId } = params;
  const granted = await env.store.commit<Granted, AdminRefusal>(
    ({ before, after }) => {
      const changes = describeChange(before && describeGranted(before), describeGranted(after));
      return Object.keys(changes).length === 0
        ? []
        : eventOf(asked, 'client-grant.set', clientGrantSubject(after), { apiId, ...changes });
    },
    async (rows) => {
      const checked = await checkGranted(rows, asked, clientId, apiId, body);
      if (!checked.ok) return checked;
      const before = await rows.clientGrants.find(realm, clientId, apiId);
      if (before === undefined) {
        if (precondition !== undefined) return refuse({ reason: 'revision_stale' });
        const after = { realm, clientId, apiId, ...body, createdAt: asked.now, revision: 1 };
        await rows.clientGrants.insert(after);
        return ok({ before, after });
      }
      if (!isFresh(precondition, before)) return refuse({ reason: 'revision_stale' });
      return save(rows.clientGrants, before, { ...before, ...body });
    },
  );
  return granted.ok ? ok(describeClientGrant(granted.value.after)) : granted;
};

/** A part of what the API has, and no more than the administrator may do, if it is this API. */
async function checkGranted(
  rows: Rows,
  asked: Asked,
  clientId: string,
  apiId: string,
  { scopes, authorizationDetailTypes }: Pick<ClientGrant, 'scopes' | 'authorizationDetailTypes'>,
): Promise<Result<undefined, AdminRefusal>> {
  const realm = asked.realm.name;
  if ((await rows.clients.find(realm, clientId)) === undefined)
    return refuse({ reason: 'client_unknown' });
  const api = await rows.apis.find(realm, apiId);
  if (api === undefined) return refuse({ reason: 'api_unknown' });
  const pointers = [
    ...scopes.flatMap((scope, index) =>
      api.scopes.some(({ name }) => name === scope) ? [] : [`/scopes/${index}`],
    ),
    ...authorizationDetailTypes.flatMap((type, index) =>
      api.authorizationDetailTypes.some((known) => known.type === type)
        ? []
        : [`/authorizationDetailTypes/${index}`],
    ),
  ];
  if (pointers.length > 0) return refuse({ reason: 'scope_unknown', pointers });
  if (apiId === ADMIN_API_ID && !holds(asked.administrator, realm, powerOfScopes(scopes, realm)))
    return refuse({ reason: 'right_not_held' });
  return ok(undefined);
}

export const removeClientGrant: UseCase<'removeClientGrant'> = async (
  env,
  asked,
  { params, precondition },
) => {
  const realm = asked.realm.name;
  const { clientId, apiId } = params;
  const removed = await env.store.commit<ClientGrant, AdminRefusal>(
    (grant) => clientGrantRemoved(asked, grant),
    async (rows) => {
      const grant = await rows.clientGrants.find(realm, clientId, apiId);
      if (grant === undefined) return refuse({ reason: 'client_grant_unknown' });
      if (!isFresh(precondition, grant)) return refuse({ reason: 'revision_stale' });
      await rows.clientGrants.delete(realm, clientId, apiId);
      return ok(grant);
    },
  );
  return removed.ok ? ok(undefined) : removed;
};
