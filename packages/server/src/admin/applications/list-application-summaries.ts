import { numericDate, ok, refuse } from '@tessera/protocol';
import { describePage, readPage } from '../paging.ts';
import type { UseCase } from '../use-case.ts';

const ALSO_NEEDED = ['clients:read', 'credentials:read', 'usage:read'] as const;

export const listApplicationSummaries: UseCase<'listApplicationSummaries'> = async (
  env,
  { administrator, realm, now, ownedBy },
  { query },
) => {
  const missing = ALSO_NEEDED.find((permission) => !administrator.permissions.has(permission));
  if (ownedBy === undefined && missing !== undefined)
    return refuse({ reason: 'permission_missing', permission: missing });
  if (ownedBy !== undefined && query.owner !== undefined && query.owner !== ownedBy)
    return ok({ items: [], next: null });
  const { enabled, unusedSince, expiringBefore } = query;
  const listed = await env.store.applications.list(realm.name, {
    ...readPage(query),
    owner: ownedBy ?? query.owner,
    client: {
      now,
      enabled: enabled === undefined ? undefined : enabled === 'true',
      unusedSince: unusedSince === undefined ? undefined : numericDate(unusedSince),
      expiringBefore: expiringBefore === undefined ? undefined : numericDate(expiringBefore),
    },
  });
  const clientIds = listed.items.map(({ clientId }) => clientId);
  const ownerIds = [...new Set(listed.items.flatMap(({ owners }) => owners))];
  const [summaries, apis, owners] = await Promise.all([
    env.store.clients.summarize(realm.name, clientIds, now),
    env.store.apis.all(realm.name),
    Promise.all(ownerIds.map((id) => env.store.users.find(realm.name, id))),
  ]);
  const apiNames = new Map(apis.map(({ id, name }) => [id, name]));
  const userNames = new Map(owners.map((user) => [user?.id, user?.userName]));
  // A client that was deleted while this was asked takes its application with it.
  const items = listed.items.flatMap((application) => {
    const summary = summaries.get(application.clientId);
    return summary === undefined ? [] : [{ application, summary }];
  });
  return ok(
    describePage({ ...listed, items }, ({ application, summary }) => {
      const { id, name, description, template, createdAt, clientId, owners: of } = application;
      const { apiIds, lastUsedAt, expiresAt, revision, ...client } = summary;
      return {
        ...{ id, name, description, template, createdAt, clientId },
        owners: of.map((owner) => ({ id: owner, userName: userNames.get(owner) ?? owner })),
        ...client,
        clientRevision: revision,
        apis: apiIds.map((apiId) => ({ id: apiId, name: apiNames.get(apiId) ?? apiId })),
        lastUsedAt: lastUsedAt ?? null,
        expiresAt: expiresAt ?? null,
      };
    }),
  );
};
