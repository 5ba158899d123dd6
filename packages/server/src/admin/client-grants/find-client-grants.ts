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

/** Who holds what there, and who might: a part of the realm's clients at a time. */
export const listClientsOfApi: UseCase<'listClientsOfApi'> = async (
  env,
  { realm },
  { params, query },
) => {
  const { apiId } = params;
  if ((await env.store.apis.find(realm.name, apiId)) === undefined)
    return refuse({ reason: 'api_unknown' });
  const grantedAt = query.granted === 'true' ? apiId : undefined;
  const listed = await env.store.clients.list(realm.name, { ...readPage(query), grantedAt });
  const ids = listed.items.map(({ clientId }) => clientId);
  const grants = await env.store.clientGrants.among(realm.name, apiId, ids);
  const held = new Map(grants.map((grant) => [grant.clientId, grant]));
  return ok(
    describePage(listed, ({ clientId, name, enabled }) => {
      const grant = held.get(clientId);
      return {
        clientId,
        name,
        enabled,
        scopes: grant?.scopes ?? [],
        authorizationDetailTypes: grant?.authorizationDetailTypes ?? [],
        revision: grant?.revision ?? null,
      };
    }),
  );
};
