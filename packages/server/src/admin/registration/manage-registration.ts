import { ok, type Refusal, type Result, refuse } from '@tessera/protocol';
import { isRegistrationToken } from '../../clients/registration-token.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { NewEvent } from '../../model/event.ts';
import { removeClient } from '../clients/delete-client.ts';
import { admitHolder } from './admit-holder.ts';
import { describeRegistration } from './describe-registration.ts';
import {
  askedBy,
  type RegistrationEnvironment,
  type RegistrationRequest,
} from './registration-request.ts';

/** RFC 7592 §2.1. */
export async function readRegistration(
  env: RegistrationEnvironment,
  request: RegistrationRequest,
  clientId: string,
): Promise<Result<Record<string, unknown>, Refusal>> {
  const holder = await admitHolder(env, request, clientId);
  if (!holder.ok) return holder;
  const { client, credentials, token } = holder.value;
  return ok(describeRegistration(env, client, credentials, token, undefined));
}

/** RFC 7592 §2.3: the client is gone, and with it its tokens and its credentials. */
export async function deleteRegistration(
  env: RegistrationEnvironment,
  request: RegistrationRequest,
  clientId: string,
): Promise<Result<undefined, Refusal>> {
  const holder = await admitHolder(env, request, clientId);
  if (!holder.ok) return holder;
  const asked = askedBy(request, { kind: 'client', id: clientId });
  const deleted = await env.store.commit<readonly NewEvent[], Refusal>(
    (events) => events,
    async (rows) => {
      const client = await rows.clients.find(request.realm.name, clientId);
      if (client === undefined || !isRegistrationToken(env, client, holder.value.token))
        return refuse({ reason: 'registration_token_wrong', clientId });
      const removed = await removeClient(rows, asked, client);
      return removed.ok ? removed : refuse(describeObstacle(removed.refusal, clientId));
    },
  );
  return deleted.ok ? ok(undefined) : deleted;
}

function describeObstacle({ reason }: AdminRefusal, clientId: string): Refusal {
  if (reason === 'client_has_application') return { reason: 'registration_in_use', clientId };
  throw new Error(`a client cannot be deleted: ${reason}`);
}
