import { ok, refuse } from '@tessera/protocol';
import { describePage, readPage } from '../paging.ts';
import type { UseCase } from '../use-case.ts';
import { describeClientGrant } from './describe-client-grant.ts';

export const listGrantsOfClient: UseCase<'listGrantsOfClient'> = async (
  env,
  { realm },
  { params, query },
) => {
  const { clientId } = params;
  if ((await env.store.clients.find(realm.name, clientId)) === undefined)
    return refuse({ reason: 'client_unknown' });
  const listed = await env.store.clientGrants.list(realm.name, { ...readPage(query), clientId });
  return ok(describePage(listed, describeClientGrant));
};

export const listGrantsOfApi: UseCase<'listGrantsOfApi'> = async (
  env,
  { realm },
  { params, query },
) => {
  const { apiId } = params;
  if ((await env.store.apis.find(realm.name, apiId)) === undefined)
    return refuse({ reason: 'api_unknown' });
  const listed = await env.store.clientGrants.list(realm.name, { ...readPage(query), apiId });
  return ok(describePage(listed, describeClientGrant));
};
