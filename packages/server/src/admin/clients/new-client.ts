import { ok, type Result, refuse, seconds } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Input } from '../../contract/routes.ts';
import type { Environment, Rows } from '../../environment.ts';
import type { Client } from '../../model/client.ts';
import type { NewEvent } from '../../model/event.ts';
import { firstValid } from '../../model/token.ts';
import { describeChange, eventOf } from '../change.ts';
import { type PreparedSecret, prepareSecret, secretAdded } from '../credentials/new-secret.ts';
import {
  ensureSigningKey,
  type KeyToEnsure,
  prepareSigningKey,
  signingKeyCreated,
} from '../signing-keys/ensure-signing-key.ts';
import type { Asked } from '../use-case.ts';
import { checkClient } from './check-client.ts';
import { describeClient } from './describe-client.ts';

/** A client, with its secret and its key if it needs them, ready to be written. */
export type PreparedClient = {
  readonly client: Client;
  readonly secret: PreparedSecret | undefined;
  readonly key: KeyToEnsure | undefined;
};

type NewClient = Input<'registerClient'>['body'];

/** Checks and hashes outside the transaction. `pointer` is where the client is in the body. */
export async function prepareClient(
  env: Pick<Environment, 'store' | 'keyRing' | 'hasher' | 'random' | 'publicSecrets'>,
  asked: Asked,
  { clientId = env.random.uuid(), name = clientId, ...words }: NewClient,
  pointer: '' | '/client',
): Promise<Result<PreparedClient, AdminRefusal>> {
  const realm = asked.realm.name;
  const { secret: wantedSecret, accessTokenLifetime, tokenReuseSeconds, ...members } = words;
  const client: Client = {
    ...members,
    realm,
    clientId,
    // An id may serve as the name, which is shorter.
    name: name.slice(0, 100),
    accessTokenLifetime: accessTokenLifetime == null ? undefined : seconds(accessTokenLifetime),
    tokenFormat: words.tokenFormat ?? undefined,
    signingAlgorithm: words.signingAlgorithm ?? undefined,
    quotaMode: words.quotaMode ?? undefined,
    tokensPerHour: words.tokensPerHour ?? undefined,
    tokensPerDay: words.tokensPerDay ?? undefined,
    tokenReuseSeconds: tokenReuseSeconds == null ? undefined : seconds(tokenReuseSeconds),
    assertionAlgorithm: words.assertionAlgorithm ?? undefined,
    origin: 'administrator',
    registeredMetadata: undefined,
    keptAttributes: words.keptAttributes ?? undefined,
    registrationTokenDigest: undefined,
    tokensValidFrom: asked.now,
    createdAt: asked.now,
    revision: 1,
  };
  const checked = checkClient(client);
  if (!checked.ok) return checked;
  if (client.type === 'public' && wantedSecret != null)
    return refuse({ reason: 'client_public_with_credential' });

  const key = await prepareSigningKey(env, realm, client.signingAlgorithm);
  if (wantedSecret === null || (wantedSecret === undefined && !usesSecret(client)))
    return ok({ client, secret: undefined, key });
  const secret = await prepareSecret(
    env,
    asked,
    client,
    wantedSecret ?? { label: '', recoverable: needsRecoverable(client) },
    undefined,
    `${pointer}/secret`,
  );
  return secret.ok ? ok({ client, secret: secret.value, key }) : secret;
}

const usesSecret = ({ authenticationMethod }: Client): boolean =>
  authenticationMethod.startsWith('client_secret_');

/** An assertion made with a secret can only be verified with the secret itself. */
const needsRecoverable = ({ authenticationMethod }: Client): boolean =>
  authenticationMethod === 'client_secret_jwt';

/** Writes the client and what belongs to it; answers with the events that tell of it. */
export async function insertClient(
  env: Pick<Environment, 'keyRing'>,
  rows: Rows,
  asked: Asked,
  { client, secret, key }: PreparedClient,
): Promise<Result<readonly NewEvent[], AdminRefusal>> {
  const earlier = await rows.revokedHolders.find(client.realm, client.clientId);
  const tokensValidFrom = firstValid(earlier, asked.now);
  if ((await rows.clients.insert({ ...client, tokensValidFrom })) === 'taken')
    return refuse({ reason: 'client_id_taken' });
  if (secret !== undefined) await rows.credentials.insert(secret.credential);
  const created = await ensureSigningKey(env, rows, asked, key);
  return ok([
    eventOf(
      asked,
      'client.registered',
      { kind: 'client', id: client.clientId },
      describeChange(undefined, describeClient(client)),
    ),
    ...(secret === undefined ? [] : [secretAdded(asked, secret.credential)]),
    ...signingKeyCreated(asked, created),
  ]);
}
