import {
  isJsonObject,
  ok,
  type Refusal,
  type Result,
  readClientMetadata,
  refuse,
} from '@tessera/protocol';
import { isGeneratedSecret } from '../../clients/client-secret.ts';
import { formatRegistrationToken, isRegistrationToken } from '../../clients/registration-token.ts';
import type { Rows } from '../../environment.ts';
import type { Client } from '../../model/client.ts';
import { type Credential, isExpired, isOfKind } from '../../model/credential.ts';
import { underPolicy } from '../../model/credential-policy.ts';
import type { NewEvent } from '../../model/event.ts';
import { changeEvents, eventOf } from '../change.ts';
import { describeClient } from '../clients/describe-client.ts';
import { type PreparedSecret, secretAdded } from '../credentials/new-secret.ts';
import type { Asked } from '../use-case.ts';
import { admitHolder, type Holder } from './admit-holder.ts';
import { describeRegistration } from './describe-registration.ts';
import { credentialAdded, echoOf, membersOf, newSecretFor } from './register-itself.ts';
import { isRegisteredKind, newCredential, readMaterials } from './registered-credentials.ts';
import {
  askedBy,
  type RegistrationEnvironment,
  type RegistrationRequest,
  registrationRules,
} from './registration-request.ts';
import { readStatement } from './software-statement.ts';

/**
 * RFC 7592 §2.2: what is sent replaces all that was registered, and what is left out is as if it
 * never was; but for scopes: a client keeps those that it has, and can only give some up. The token
 * of the request has served: the answer has the next one.
 */
export async function replaceRegistration(
  env: RegistrationEnvironment,
  request: RegistrationRequest,
  clientId: string,
): Promise<Result<Record<string, unknown>, Refusal>> {
  const holder = await admitHolder(env, request, clientId);
  if (!holder.ok) return holder;
  const document = request.document();
  if (!document.ok) return document;
  const checked = checkReplacement(env, request, holder.value, document.value);
  if (!checked.ok) return checked;
  const rules = registrationRules(env, request.provider, holder.value.client.scopes);
  const stated = await readStatement(env, request, document.value);
  if (!stated.ok) return stated;
  const metadata = readClientMetadata(stated.value.document, rules);
  if (!metadata.ok) return metadata;
  const materials = readMaterials(env, metadata.value, request.provider);
  if (!materials.ok) return materials;

  const asked = askedBy(request, { kind: 'client', id: clientId });
  const token = formatRegistrationToken(env.random.bytes(32));
  const registrationTokenDigest = env.hasher.digest('registration', token);
  const wanted = materials.value.map((one) => newCredential(env, asked, clientId, one));
  const members = membersOf(metadata.value, clientId);
  const fresh = await newSecretFor(env, asked, { ...holder.value.client, ...members });
  const replaced = await env.store.commit<Replaced, Refusal>(
    ({ events }) => events,
    async (rows) => {
      const before = await rows.clients.find(request.realm.name, clientId);
      // Of two replacements with one token the second comes too late.
      if (before === undefined || !isRegistrationToken(env, before, holder.value.token))
        return refuse({ reason: 'registration_token_wrong', clientId });
      const client = { ...before, ...members, registrationTokenDigest };
      if ((await rows.clients.update(client)) === 'stale')
        return refuse({ reason: 'registration_token_wrong', clientId });
      const held = await rows.credentials.ofClient(client.realm, clientId);
      const secret = held.some((one) =>
        isUsableSecret(underPolicy(request.provider, one), client, asked),
      )
        ? undefined
        : fresh;
      const credentials = await replaceCredentials(rows, asked, client, held, wanted);
      if (secret !== undefined) await rows.credentials.insert(secret.credential);
      return ok({
        client,
        secret: secret?.once,
        credentials: credentials.held,
        events: [
          ...replacedEvents(asked, before, client),
          ...credentials.events,
          ...(secret === undefined ? [] : [secretAdded(asked, secret.credential)]),
        ],
      });
    },
  );
  if (!replaced.ok) return replaced;
  const { client, credentials, secret } = replaced.value;
  return ok({
    ...describeRegistration(env, client, credentials, token, secret),
    ...echoOf(stated.value),
  });
}

type Replaced = {
  readonly client: Client;
  readonly credentials: readonly Credential[];
  readonly secret: PreparedSecret['once'] | undefined;
  readonly events: readonly NewEvent[];
};

/** A new token is a change that shows in no member. */
function replacedEvents(asked: Asked, before: Client, after: Client): readonly NewEvent[] {
  const subject = { kind: 'client', id: after.clientId };
  const views = [describeClient(before), describeClient(after)] as const;
  const events = changeEvents(asked, 'client.updated', subject, ...views);
  return events.length > 0 ? events : [eventOf(asked, 'client.updated', subject, {})];
}

/** What the server gives is not the client's to send. RFC 7592 §2.2 */
const GIVEN = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
] as const;

function checkReplacement(
  { hasher }: RegistrationEnvironment,
  { now }: RegistrationRequest,
  { client, credentials }: Holder,
  document: unknown,
): Result<undefined, Refusal> {
  if (!isJsonObject(document)) return invalid('body', 'must be a JSON object');
  if (document['client_id'] !== client.clientId)
    return invalid('client_id', 'must be the id of this client');
  const given = GIVEN.find((member) => Object.hasOwn(document, member));
  if (given !== undefined) return invalid(given, 'must not be sent');
  const secret = document['client_secret'];
  if (secret === undefined || secret === null) return ok(undefined);
  const digest =
    typeof secret === 'string' && isGeneratedSecret(secret)
      ? hasher.digest('secret', secret)
      : undefined;
  const isHeld = credentials.some(
    (one) => isOfKind(one, 'secret') && one.material.digest === digest && !isExpired(one, now),
  );
  return isHeld ? ok(undefined) : invalid('client_secret', 'must be the secret of this client');
}

/** Whether the client can go on with a secret that it has. */
const isUsableSecret = (credential: Credential, client: Client, { now }: Asked): boolean =>
  isOfKind(credential, 'secret') &&
  !isExpired(credential, now) &&
  (client.authenticationMethod !== 'client_secret_jwt' || credential.material.sealed !== undefined);

/** What stays is not touched, so that its last use is still known. */
async function replaceCredentials(
  rows: Rows,
  asked: Asked,
  { realm, clientId, authenticationMethod }: Client,
  held: readonly Credential[],
  wanted: readonly Credential[],
) {
  const usesSecret = authenticationMethod.startsWith('client_secret_');
  const isWanted = (one: Credential) =>
    isOfKind(one, 'secret')
      ? usesSecret
      : !isRegisteredKind(one) || wanted.some((other) => isSame(one, other));
  const kept = held.filter(isWanted);
  const gone = held.filter((one) => !kept.includes(one));
  const added = wanted.filter((one) => !kept.some((other) => isSame(one, other)));
  for (const { id } of gone) await rows.credentials.delete(realm, clientId, id);
  for (const credential of added) await rows.credentials.insert(credential);
  return {
    held: [...kept, ...added],
    events: [
      ...gone.map((one) => credentialRevoked(asked, one)),
      ...added.map((one) => credentialAdded(asked, one)),
    ],
  };
}

const isSame = (a: Credential, b: Credential): boolean =>
  JSON.stringify(a.material) === JSON.stringify(b.material);

function credentialRevoked(asked: Asked, { id, clientId, material }: Credential): NewEvent {
  const noun = material.kind === 'secret' ? 'secret' : 'credential';
  const details = { [`${noun}Id`]: id, kind: { from: material.kind } };
  return eventOf(asked, `${noun}.revoked`, { kind: 'client', id: clientId }, details);
}

const invalid = (member: string, detail: string) =>
  refuse({ reason: 'client_metadata_invalid', member, detail } as const);
