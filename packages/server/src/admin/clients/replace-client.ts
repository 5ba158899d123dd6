import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Input } from '../../contract/routes.ts';
import type { Rows } from '../../environment.ts';
import type { Client } from '../../model/client.ts';
import { CREDENTIALS_MAX, type Credential, isOfKind } from '../../model/credential.ts';
import type { NewEvent } from '../../model/event.ts';
import { changeEvents, eventOf, isFresh, save } from '../change.ts';
import { isKeyCredential, isSameKey, readKey } from '../credentials/client-keys.ts';
import { newCredential } from '../credentials/credential-parts.ts';
import { mayImpersonate, prepareSecret, secretAdded } from '../credentials/new-secret.ts';
import { ensureSigningKey, signingKeyCreated } from '../signing-keys/ensure-signing-key.ts';
import type { AdminEnvironment, Asked, UseCase } from '../use-case.ts';
import { describeClient } from './describe-client.ts';
import { insertClient, prepareClient } from './new-client.ts';

type Body = Input<'replaceClient'>['body'];
type Replaced = { readonly client: Client; readonly events: readonly NewEvent[] };

/** The client with its credentials, as one: all of it is written, or nothing. */
export const replaceClient: UseCase<'replaceClient'> = async (
  env,
  asked,
  { params, body, precondition },
) => {
  const { clientId } = params;
  const realm = asked.realm.name;
  const { secret, keys, ...members } = body;
  // A new client may bring its secret, as when it is registered; all else is changing credentials.
  const known = await env.store.clients.find(realm, clientId);
  const changes = keys !== undefined || (secret !== undefined && known !== undefined);
  if (changes && !asked.administrator.permissions.has('credentials:write'))
    return refuse({ reason: 'permission_missing', permission: 'credentials:write' });
  const prepared = await prepareClient(env, asked, { ...members, clientId, secret: null }, '');
  if (!prepared.ok) return prepared;
  const ready = prepared.value;
  const wanted = await prepareCredentials(env, asked, clientId, { secret, keys });
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

/** A credential to write, and which of those that are there it stands for. */
type Wanted = {
  readonly replaces: (credential: Credential) => boolean;
  readonly credentials: readonly Credential[];
};

/** Slow work, before the commit. A secret that the client has already is left as it is. */
async function prepareCredentials(
  env: AdminEnvironment,
  asked: Asked,
  clientId: string,
  { secret, keys }: Pick<Body, 'secret' | 'keys'>,
): Promise<Result<readonly Wanted[], AdminRefusal>> {
  const owner = { realm: asked.realm.name, clientId };
  const wanted: Wanted[] = [];
  if (secret !== undefined) {
    const known = await env.store.clients.find(owner.realm, clientId);
    const chosen = (known?.credentials ?? [])
      .filter((credential) => isOfKind(credential, 'secret'))
      .filter(({ material, label }) => material.origin === 'chosen' && label === secret.label)
      .map(({ material }) => material.digest);
    const same =
      secret.secret === undefined ? undefined : await env.hasher.verify(secret.secret, chosen);
    if (same === undefined || same === 'overloaded') {
      const prepared = await prepareSecret(env, asked, owner, secret, chosen[0], '/secret');
      if (!prepared.ok) return prepared;
      wanted.push({
        replaces: ({ material, label }) => material.kind === 'secret' && label === secret.label,
        credentials: [prepared.value.credential],
      });
    }
  }
  if (keys !== undefined) {
    const credentials: Credential[] = [];
    for (const jwk of keys) {
      const material = readKey(env, { jwk, label: '' });
      if (!material.ok) return material;
      const credential = newCredential(env, asked, owner, { label: '' }, material.value);
      if (!credentials.some((one) => isSameKey(one, credential))) credentials.push(credential);
    }
    wanted.push({ replaces: isKeyCredential, credentials });
  }
  return ok(wanted);
}

async function writeCredentials(
  rows: Rows,
  asked: Asked,
  client: Client,
  wanted: readonly Wanted[],
): Promise<Result<readonly NewEvent[], AdminRefusal>> {
  if (wanted.length === 0) return ok([]);
  if (!(await mayImpersonate(rows, asked, client))) return refuse({ reason: 'right_not_held' });
  const { realm, clientId } = client;
  const events: NewEvent[] = [];
  let held = await rows.credentials.ofClient(realm, clientId);
  for (const { replaces, credentials } of wanted) {
    const stay = held.filter(
      (one) => !replaces(one) || credentials.some((next) => isSameKey(one, next)),
    );
    for (const gone of held.filter((one) => !stay.includes(one))) {
      await rows.credentials.delete(realm, clientId, gone.id);
      events.push(described(asked, gone, 'revoked'));
    }
    const added = credentials.filter((next) => !stay.some((one) => isSameKey(one, next)));
    for (const credential of added) {
      await rows.credentials.insert(credential);
      events.push(described(asked, credential, 'added'));
    }
    held = [...stay, ...added];
  }
  return held.length > CREDENTIALS_MAX
    ? refuse({ reason: 'credentials_too_many', limit: CREDENTIALS_MAX })
    : ok(events);
}

/** Never what it consists of. */
function described(asked: Asked, credential: Credential, what: 'added' | 'revoked'): NewEvent {
  const subject = { kind: 'client', id: credential.clientId };
  if (isOfKind(credential, 'secret'))
    return what === 'added'
      ? secretAdded(asked, credential)
      : eventOf(asked, 'secret.revoked', subject, { secretId: credential.id });
  return eventOf(asked, `credential.${what}`, subject, {
    credentialId: credential.id,
    kind: credential.material.kind,
  });
}
