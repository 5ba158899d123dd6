import { ok, refuse } from '@tessera/protocol';
import { describePage, readPage } from '../paging.ts';
import type { UseCase } from '../use-case.ts';
import { describeApplication } from './describe-application.ts';

export const listApplications: UseCase<'listApplications'> = async (
  env,
  { realm, ownedBy },
  { query },
) => {
  if (ownedBy !== undefined && query.owner !== undefined && query.owner !== ownedBy)
    return ok({ items: [], next: null });
  const listed = await env.store.applications.list(realm.name, {
    ...readPage(query),
    owner: ownedBy ?? query.owner,
    clientId: query.clientId,
  });
  return ok(describePage(listed, describeApplication));
};

export const findApplication: UseCase<'findApplication'> = async (env, { realm }, { params }) => {
  const application = await env.store.applications.find(realm.name, params.applicationId);
  return application === undefined
    ? refuse({ reason: 'application_unknown' })
    : ok(describeApplication(application));
};
