import { ok, type Result, refuse } from '@tessera/protocol';
import { formatSecret, isGeneratedSecret, secretContext } from '../../clients/client-secret.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer, Input } from '../../contract/routes.ts';
import type { Environment, Rows } from '../../environment.ts';
import { ADMIN_API_ID } from '../../model/api.ts';
import type { Client } from '../../model/client.ts';
import type { Credential, CredentialOf, SecretMaterial } from '../../model/credential.ts';
import type { NewEvent } from '../../model/event.ts';
import { describeChange, eventOf } from '../change.ts';
import { holds, powerOfScopes } from '../permissions.ts';
import type { Asked } from '../use-case.ts';
import { HASHER_RETRY_AFTER } from '../users/password.ts';
import { newCredential } from './credential-parts.ts';
import { describeSecret } from './describe-secret.ts';

/** A secret ready to be written, and the one answer that shows it. */
export type PreparedSecret = {
  readonly credential: CredentialOf<'secret'>;
  readonly once: Answer<'addSecret'>;
};

/** RFC 7518 §3.2: "A key of the same size as the hash output […] or larger MUST be used". */
const MAC_KEY_BYTES_MIN = 32;

/** A chosen secret below this length can be found by trying, once the database is stolen. */
const CHOSEN_LENGTH_SAFE = 24;

/**
 * Makes a secret, or takes the one that was chosen. `like` is the hash of another chosen secret
 * of the client: under one salt, all of them are verified by one computation.
 */
export async function prepareSecret(
  env: Pick<Environment, 'hasher' | 'random' | 'publicSecrets' | 'store'>,
  asked: Asked,
  { realm, clientId }: Pick<Client, 'realm' | 'clientId'>,
  { secret: chosen, label, expiresIn, recoverable }: Input<'addSecret'>['body'],
  like: string | undefined,
  pointer: string,
): Promise<Result<PreparedSecret, AdminRefusal>> {
  if (chosen !== undefined && isGeneratedSecret(chosen))
    return refuse({ reason: 'secret_in_generated_form', pointer: `${pointer}/secret` });
  if (chosen !== undefined && env.publicSecrets.has(chosen))
    return refuse({ reason: 'secret_public', pointer: `${pointer}/secret` });
  if (chosen !== undefined && recoverable && Buffer.byteLength(chosen) < MAC_KEY_BYTES_MIN)
    return refuse({ reason: 'secret_too_short', pointer: `${pointer}/secret` });
  const limit = (await env.store.providers.find(realm))?.secretLifetimeMax;
  if (limit !== undefined && expiresIn !== undefined && expiresIn > limit)
    return refuse({ reason: 'secret_lifetime_too_long', pointer: `${pointer}/expiresIn`, limit });
  const text = chosen ?? formatSecret(env.random.bytes(32));
  const digest =
    chosen === undefined ? env.hasher.digest('secret', text) : await env.hasher.hash(chosen, like);
  if (digest === 'overloaded')
    return refuse({ reason: 'verification_overloaded', retryAfter: HASHER_RETRY_AFTER });

  const material: SecretMaterial = {
    kind: 'secret',
    origin: chosen === undefined ? 'generated' : 'chosen',
    digest,
    lastFour: chosen === undefined ? text.slice(-4) : '',
    ...(recoverable && { sealed: env.hasher.seal(text, secretContext(realm, clientId)) }),
  };
  const owner = { realm, clientId };
  const given = { label, expiresIn: expiresIn ?? limit };
  const credential = newCredential(env, asked, owner, given, material);
  const note =
    chosen !== undefined && chosen.length < CHOSEN_LENGTH_SAFE
      ? `A chosen secret of ${chosen.length} characters may be guessed. A generated one cannot be.`
      : null;
  return ok({ credential, once: { ...describeSecret(credential, asked.now), secret: text, note } });
}

export const secretAdded = (asked: Asked, credential: CredentialOf<'secret'>): NewEvent =>
  eventOf(
    asked,
    'secret.added',
    { kind: 'client', id: credential.clientId },
    {
      secretId: credential.id,
      ...describeChange(undefined, describeSecret(credential, asked.now)),
    },
  );

/**
 * Whoever gives a client a secret can be that client. So nobody does who may do less, and who
 * owns the client makes no difference.
 */
export async function mayImpersonate(
  rows: Rows,
  { administrator }: Asked,
  { realm, clientId }: Pick<Client, 'realm' | 'clientId'>,
): Promise<boolean> {
  const grant = await rows.clientGrants.find(realm, clientId, ADMIN_API_ID);
  return holds(administrator, realm, powerOfScopes(grant?.scopes ?? [], realm));
}

/**
 * The same for whoever says what is believed of all clients with some kind of credential: each of
 * them could then be impersonated.
 */
export async function mayImpersonateAll(
  rows: Rows,
  asked: Asked,
  relies: (credential: Credential) => boolean,
): Promise<boolean> {
  const { administrator, realm } = asked;
  for (const { clientId, scopes } of await rows.clientGrants.ofApi(realm.name, ADMIN_API_ID)) {
    if (holds(administrator, realm.name, powerOfScopes(scopes, realm.name))) continue;
    const credentials = await rows.credentials.ofClient(realm.name, clientId);
    if (credentials.some(relies)) return false;
  }
  return true;
}
