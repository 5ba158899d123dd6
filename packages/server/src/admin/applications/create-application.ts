import { ok, type Result, refuse } from '@tessera/protocol';
import { NEW_CLIENT_DEFAULTS } from '../../contract/clients.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer } from '../../contract/routes.ts';
import type { Application } from '../../model/application.ts';
import type { Client } from '../../model/client.ts';
import type { NewEvent } from '../../model/event.ts';
import { describeChange, eventOf } from '../change.ts';
import { describeClient } from '../clients/describe-client.ts';
import { insertClient, type PreparedClient, prepareClient } from '../clients/new-client.ts';
import type { UseCase } from '../use-case.ts';
import { checkOwners } from './check-owners.ts';
import { describeApplication } from './describe-application.ts';

type Created = { readonly answer: Answer<'createApplication'>; readonly events: NewEvent[] };

/** An application, its client and the client's secret: one step, one commit. */
export const createApplication: UseCase<'createApplication'> = async (env, asked, { body }) => {
  const { id = env.random.uuid() } = body;
  if (body.clientId !== undefined && body.client !== undefined)
    return refuse({ reason: 'application_client_ambiguous' });
  // Owners may do much to the client, so giving it owners is changing it.
  if (!asked.administrator.permissions.has('clients:write'))
    return refuse({ reason: 'permission_missing', permission: 'clients:write' });
  const prepared: Result<PreparedClient | undefined, AdminRefusal> =
    body.clientId === undefined
      ? await prepareClient(
          env,
          asked,
          {
            ...(body.client ?? NEW_CLIENT_DEFAULTS),
            name: body.name,
            description: body.description,
          },
          '/client',
        )
      : ok(undefined);
  if (!prepared.ok) return prepared;

  const describeNew = (application: Application): NewEvent =>
    eventOf(
      asked,
      'application.created',
      { kind: 'application', id: application.id },
      describeChange(undefined, describeApplication(application)),
    );
  const created = await env.store.commit<Created, AdminRefusal>(
    ({ events }) => events,
    async (rows) => {
      const realm = asked.realm.name;
      if ((await rows.applications.find(realm, id)) !== undefined)
        return refuse({ reason: 'id_taken' });
      const owners = await checkOwners(rows, realm, body.owners);
      if (!owners.ok) return owners;

      let client: Client | undefined;
      const events: NewEvent[] = [];
      if (prepared.value === undefined) {
        client = await rows.clients.find(realm, body.clientId ?? '');
        if (client === undefined) return refuse({ reason: 'client_to_attach_unknown' });
      } else {
        const inserted = await insertClient(env, rows, asked, prepared.value);
        if (!inserted.ok) return inserted;
        client = prepared.value.client;
        events.push(...inserted.value);
      }

      const application: Application = {
        realm,
        id,
        name: body.name,
        description: body.description,
        logoUri: body.logoUri ?? undefined,
        template: body.template,
        clientId: client.clientId,
        owners: body.owners,
        keptAttributes: body.keptAttributes ?? undefined,
        createdAt: asked.now,
        revision: 1,
      };
      // A client acts for one application.
      if ((await rows.applications.insert(application)) === 'taken') {
        const others = await rows.applications.ofClient(realm, client.clientId);
        const applicationIds = others.map(({ id }) => id);
        return refuse({ reason: 'client_has_application', applicationIds });
      }
      return ok({
        answer: {
          ...describeApplication(application),
          client: describeClient(client),
          secret: prepared.value?.secret?.once ?? null,
        },
        events: [...events, describeNew(application)],
      });
    },
  );
  return created.ok ? ok(created.value.answer) : created;
};
