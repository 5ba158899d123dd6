import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer } from '../../contract/routes.ts';
import type { Rows } from '../../environment.ts';
import { CREDENTIALS_MAX, type Credential, isExpired, isOfKind } from '../../model/credential.ts';
import type { Asked, UseCase } from '../use-case.ts';
import { mayImpersonate, prepareSecret, secretAdded } from './new-secret.ts';

export const addSecret: UseCase<'addSecret'> = async (env, asked, { params, body }) => {
  const realm = asked.realm.name;
  const known = await env.store.clients.find(realm, params.clientId);
  if (known === undefined) return refuse({ reason: 'client_unknown' });
  const like = known.credentials
    .filter((credential) => isOfKind(credential, 'secret'))
    .find(({ material }) => material.origin === 'chosen')?.material.digest;
  const prepared = await prepareSecret(env, asked, known.client, body, like, '');
  if (!prepared.ok) return prepared;
  const { credential, once } = prepared.value;

  return env.store.commit<Answer<'addSecret'>, AdminRefusal>(
    secretAdded(asked, credential),
    async (rows) => {
      const room = await makeRoom(rows, asked, credential.clientId);
      if (!room.ok) return room;
      await rows.credentials.insert(credential);
      return ok(once);
    },
  );
};

/**
 * Whether the client can take one more secret from this administrator; the secrets it has. The
 * expired ones give way when there is no room otherwise.
 */
export async function makeRoom(
  rows: Rows,
  asked: Asked,
  clientId: string,
): Promise<Result<readonly Credential[], AdminRefusal>> {
  const realm = asked.realm.name;
  const client = await rows.clients.find(realm, clientId);
  if (client === undefined) return refuse({ reason: 'client_unknown' });
  if (client.type === 'public') return refuse({ reason: 'client_public_with_credential' });
  if (!(await mayImpersonate(rows, asked, client))) return refuse({ reason: 'right_not_held' });

  const credentials = await rows.credentials.ofClient(realm, clientId);
  if (credentials.length < CREDENTIALS_MAX) return ok(credentials);
  const valid = credentials.filter((credential) => !isExpired(credential, asked.now));
  if (valid.length >= CREDENTIALS_MAX)
    return refuse({ reason: 'credentials_too_many', limit: CREDENTIALS_MAX });
  for (const credential of credentials)
    if (!valid.includes(credential)) await rows.credentials.delete(realm, clientId, credential.id);
  return ok(valid);
}
