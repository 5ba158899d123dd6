import { ok, refuse } from '@tessera/protocol';
import type { Client } from '../../model/client.ts';
import { describePage, readPage } from '../paging.ts';
import type { UseCase } from '../use-case.ts';
import { describeClient } from './describe-client.ts';

/** All of the realm's; for an owner, those of the owner's applications, a page of these at a time. */
export const listClients: UseCase<'listClients'> = async (env, { realm, ownedBy }, { query }) => {
  const page = readPage(query);
  if (ownedBy === undefined)
    return ok(describePage(await env.store.clients.list(realm.name, page), describeClient));
  const owned = await env.store.applications.list(realm.name, { ...page, owner: ownedBy });
  const clients: Client[] = [];
  for (const { clientId } of owned.items) {
    const registered = await env.store.clients.find(realm.name, clientId);
    if (registered !== undefined) clients.push(registered.client);
  }
  return ok(describePage({ items: clients, next: owned.next }, describeClient));
};

export const findClient: UseCase<'findClient'> = async (env, { realm }, { params }) => {
  const registered = await env.store.clients.find(realm.name, params.clientId);
  return registered === undefined
    ? refuse({ reason: 'client_unknown' })
    : ok(describeClient(registered.client));
};
