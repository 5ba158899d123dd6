import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Rows } from '../../environment.ts';
import type { Api } from '../../model/api.ts';

/** No two APIs of a realm share an identifier, and only clients of the realm may introspect. */
export async function checkApi(rows: Rows, api: Api): Promise<Result<undefined, AdminRefusal>> {
  const others = (await rows.apis.all(api.realm)).filter(({ id }) => id !== api.id);
  if (others.some(({ identifier }) => identifier === api.identifier))
    return refuse({ reason: 'api_identifier_taken' });
  const pointers: string[] = [];
  for (const [index, clientId] of api.introspectionClients.entries())
    if ((await rows.clients.find(api.realm, clientId)) === undefined)
      pointers.push(`/introspectionClients/${index}`);
  return pointers.length === 0
    ? ok(undefined)
    : refuse({ reason: 'introspection_client_unknown', pointers });
}
