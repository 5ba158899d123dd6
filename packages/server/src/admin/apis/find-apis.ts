import { ok, refuse } from '@tessera/protocol';
import { describePage, readPage } from '../paging.ts';
import type { UseCase } from '../use-case.ts';
import { describeApi } from './describe-api.ts';

export const listApis: UseCase<'listApis'> = async (env, { realm }, { query }) =>
  ok(describePage(await env.store.apis.list(realm.name, readPage(query)), describeApi));

export const findApi: UseCase<'findApi'> = async (env, { realm }, { params }) => {
  const api = await env.store.apis.find(realm.name, params.apiId);
  return api === undefined ? refuse({ reason: 'api_unknown' }) : ok(describeApi(api));
};
