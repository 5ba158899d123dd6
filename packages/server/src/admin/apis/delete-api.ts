import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import { ADMIN_API_ID, type Api } from '../../model/api.ts';
import type { ClientGrant } from '../../model/client-grant.ts';
import { describeChange, eventOf, isFresh } from '../change.ts';
import { clientGrantRemoved } from '../client-grants/describe-client-grant.ts';
import type { UseCase } from '../use-case.ts';
import { describeApi } from './describe-api.ts';

type Deleted = { readonly api: Api; readonly grants: readonly ClientGrant[] };

/** Client grants at the API go with it, but only if the administrator said so. */
export const deleteApi: UseCase<'deleteApi'> = async (
  env,
  asked,
  { params, query, precondition },
) => {
  const realm = asked.realm.name;
  if (params.apiId === ADMIN_API_ID) return refuse({ reason: 'admin_api_protected' });
  const deleted = await env.store.commit<Deleted, AdminRefusal>(
    ({ api, grants }) => [
      ...grants.map((grant) => clientGrantRemoved(asked, grant)),
      eventOf(
        asked,
        'api.deleted',
        { kind: 'api', id: api.id },
        describeChange(describeApi(api), undefined),
      ),
    ],
    async (rows) => {
      const api = await rows.apis.find(realm, params.apiId);
      if (api === undefined) return refuse({ reason: 'api_unknown' });
      if (!isFresh(precondition, api)) return refuse({ reason: 'revision_stale' });
      const grants = await rows.clientGrants.ofApi(realm, api.id);
      if (grants.length > 0 && query.cascade !== 'true')
        return refuse({
          reason: 'api_has_grants',
          clientIds: grants.map(({ clientId }) => clientId),
        });
      for (const grant of grants) await rows.clientGrants.delete(realm, grant.clientId, api.id);
      await rows.apis.delete(realm, api.id);
      return ok({ api, grants });
    },
  );
  return deleted.ok ? ok(undefined) : deleted;
};
