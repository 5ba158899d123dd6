import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Rows } from '../../environment.ts';
import type { Client } from '../../model/client.ts';
import type { NewEvent } from '../../model/event.ts';
import { describeApi } from '../apis/describe-api.ts';
import { changeEvents, describeChange, eventOf, isFresh, save } from '../change.ts';
import type { Asked, UseCase } from '../use-case.ts';
import { describeClient } from './describe-client.ts';

export const deleteClient: UseCase<'deleteClient'> = async (
  env,
  asked,
  { params, precondition },
) => {
  const deleted = await env.store.commit<readonly NewEvent[], AdminRefusal>(
    (events) => events,
    async (rows) => {
      const client = await rows.clients.find(asked.realm.name, params.clientId);
      if (client === undefined) return refuse({ reason: 'client_unknown' });
      if (!isFresh(precondition, client)) return refuse({ reason: 'revision_stale' });
      return removeClient(rows, asked, client);
    },
  );
  return deleted.ok ? ok(undefined) : deleted;
};

/**
 * Removes a client with its secrets and grants, and from the APIs that let it introspect: a later
 * client of the same id must not inherit anything.
 */
export async function removeClient(
  rows: Rows,
  asked: Asked,
  client: Client,
): Promise<Result<readonly NewEvent[], AdminRefusal>> {
  const { realm, clientId } = client;
  const applications = await rows.applications.ofClient(realm, clientId);
  if (applications.length > 0)
    return refuse({
      reason: 'client_has_application',
      applicationIds: applications.map(({ id }) => id),
    });
  const events: NewEvent[] = [];
  for (const api of await rows.apis.all(realm)) {
    if (!api.introspectionClients.includes(clientId)) continue;
    const introspectionClients = api.introspectionClients.filter((one) => one !== clientId);
    const saved = await save(rows.apis, api, { ...api, introspectionClients });
    if (!saved.ok) return saved;
    const { before, after } = saved.value;
    const subject = { kind: 'api', id: api.id };
    events.push(
      ...changeEvents(asked, 'api.updated', subject, describeApi(before), describeApi(after)),
    );
  }
  await rows.clients.delete(realm, clientId);
  events.push(
    eventOf(
      asked,
      'client.deleted',
      { kind: 'client', id: clientId },
      describeChange(describeClient(client), undefined),
    ),
  );
  return ok(events);
}
