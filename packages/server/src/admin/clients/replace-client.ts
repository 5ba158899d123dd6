import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Client } from '../../model/client.ts';
import type { NewEvent } from '../../model/event.ts';
import { changeEvents, isFresh, save } from '../change.ts';
import { ensureSigningKey, signingKeyCreated } from '../signing-keys/ensure-signing-key.ts';
import type { UseCase } from '../use-case.ts';
import { describeClient } from './describe-client.ts';
import { insertClient, prepareClient } from './new-client.ts';
import { prepareCredentials, writeCredentials } from './replaced-credentials.ts';

type Replaced = { readonly client: Client; readonly events: readonly NewEvent[] };

/** The client with its credentials, as one: all of it is written, or nothing. */
export const replaceClient: UseCase<'replaceClient'> = async (
  env,
  asked,
  { params, body, precondition },
) => {
  const { clientId } = params;
  const realm = asked.realm.name;
  const { secret, keys, jwksUri, certificates, ...members } = body;
  // A new client may bring its secret, as when it is registered; all else is changing credentials.
  const known = await env.store.clients.find(realm, clientId);
  const proofs = [keys, jwksUri, certificates].some((one) => one !== undefined);
  const changes = proofs || (secret !== undefined && known !== undefined);
  if (changes && !asked.administrator.permissions.has('credentials:write'))
    return refuse({ reason: 'permission_missing', permission: 'credentials:write' });
  const prepared = await prepareClient(env, asked, { ...members, clientId, secret: null }, '');
  if (!prepared.ok) return prepared;
  const ready = prepared.value;
  const wanted = await prepareCredentials(env, asked, clientId, {
    secret,
    keys,
    jwksUri,
    certificates,
  });
  if (!wanted.ok) return wanted;
  const some = wanted.value.some(({ credentials }) => credentials.length > 0);
  if (ready.client.type === 'public' && some)
    return refuse({ reason: 'client_public_with_credential' });

  const replaced = await env.store.commit<Replaced, AdminRefusal>(
    ({ events }) => events,
    async (rows) => {
      const current = await rows.clients.find(realm, clientId);
      const written: Result<Replaced, AdminRefusal> =
        current === undefined
          ? await insert()
          : isFresh(precondition, current)
            ? await replace(current)
            : refuse({ reason: 'revision_stale' });
      if (!written.ok) return written;
      const credentials = await writeCredentials(rows, asked, written.value.client, wanted.value);
      return credentials.ok
        ? ok({ ...written.value, events: [...written.value.events, ...credentials.value] })
        : credentials;

      async function insert(): Promise<Result<Replaced, AdminRefusal>> {
        // A revision is named by who has seen one: there was a client then.
        if (precondition !== undefined && precondition.length > 0)
          return refuse({ reason: 'revision_stale' });
        const inserted = await insertClient(env, rows, asked, ready);
        return inserted.ok ? ok({ client: ready.client, events: inserted.value }) : inserted;
      }

      async function replace(before: Client): Promise<Result<Replaced, AdminRefusal>> {
        const { client, key } = ready;
        if (client.type === 'public' && before.type !== 'public') {
          const held = await rows.credentials.ofClient(realm, clientId);
          if (held.length > 0) return refuse({ reason: 'client_has_credentials' });
        }
        const saved = await save(rows.clients, before, keepLife(before, client));
        if (!saved.ok) return saved;
        const { after } = saved.value;
        const created = await ensureSigningKey(env, rows, asked, key);
        return ok({
          client: after,
          events: [
            ...changeEvents(
              asked,
              'client.updated',
              { kind: 'client', id: clientId },
              describeClient(before),
              describeClient(after),
            ),
            ...signingKeyCreated(asked, created),
          ],
        });
      }
    },
  );
  return replaced.ok ? ok(describeClient(replaced.value.client)) : replaced;
};

/** What a client has become by itself is not said of it. */
const keepLife = (before: Client, said: Client): Client => ({
  ...before,
  ...said,
  origin: before.origin,
  registeredMetadata: before.registeredMetadata,
  registrationTokenDigest: before.registrationTokenDigest,
  tokensValidFrom: before.tokensValidFrom,
  createdAt: before.createdAt,
  revision: before.revision,
});
