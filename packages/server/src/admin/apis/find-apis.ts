import { ok, refuse } from '@tessera/protocol';
import { CLIENTS_COUNTED_MAX } from '../../contract/apis.ts';
import { describePage, readPage } from '../paging.ts';
import type { UseCase } from '../use-case.ts';
import { describeApi } from './describe-api.ts';

export const listApis: UseCase<'listApis'> = async (env, { realm }, { query }) => {
  const listed = await env.store.apis.list(realm.name, readPage(query));
  const ids = listed.items.map(({ id }) => id);
  const counted = await env.store.clientGrants.count(realm.name, ids, CLIENTS_COUNTED_MAX);
  return ok(
    describePage(listed, (api) => ({ ...describeApi(api), clients: counted.get(api.id) ?? 0 })),
  );
};

export const findApi: UseCase<'findApi'> = async (env, { realm }, { params }) => {
  const api = await env.store.apis.find(realm.name, params.apiId);
  return api === undefined ? refuse({ reason: 'api_unknown' }) : ok(describeApi(api));
};
