import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Input } from '../../contract/routes.ts';
import type { Rows } from '../../environment.ts';
import type { Client } from '../../model/client.ts';
import { CREDENTIALS_MAX, type Credential, isExpired, isOfKind } from '../../model/credential.ts';
import { type CredentialPolicy, underPolicy } from '../../model/credential-policy.ts';
import type { NewEvent } from '../../model/event.ts';
import { eventOf } from '../change.ts';
import {
  isCertificateCredential,
  isSameCertificate,
  readMaterial,
} from '../credentials/client-certificates.ts';
import { isSameKey, readKey } from '../credentials/client-keys.ts';
import { newCredential } from '../credentials/credential-parts.ts';
import { mayImpersonate, prepareSecret, secretAdded } from '../credentials/new-secret.ts';
import type { AdminEnvironment, Asked } from '../use-case.ts';

/*
 * The credentials that come with a client when it is replaced: each kind that is named is from then
 * on what was said, and of the others nothing was said. What is there already, and still counts, is
 * left as it is; what has ended does not count, so that whoever says it again has it again.
 */

type Given = Pick<Input<'replaceClient'>['body'], 'secret' | 'keys' | 'jwksUri' | 'certificates'>;

/** Credentials to write, and which of those that are there they stand for. */
export type Wanted = {
  readonly replaces: (credential: Credential) => boolean;
  readonly credentials: readonly Credential[];
};

/** Slow work, before the commit. */
export async function prepareCredentials(
  env: AdminEnvironment,
  asked: Asked,
  clientId: string,
  given: Given,
): Promise<Result<readonly Wanted[], AdminRefusal>> {
  const policy = await env.store.providers.find(asked.realm.name);
  const secret = await prepareOwnSecret(env, asked, clientId, given.secret, policy);
  if (!secret.ok) return secret;
  const proofs = readProofs(env, asked, clientId, given, policy);
  return proofs.ok ? ok([...secret.value, ...proofs.value]) : proofs;
}

async function prepareOwnSecret(
  env: AdminEnvironment,
  asked: Asked,
  clientId: string,
  secret: Given['secret'],
  policy: CredentialPolicy | undefined,
): Promise<Result<readonly Wanted[], AdminRefusal>> {
  if (secret === undefined) return ok([]);
  const owner = { realm: asked.realm.name, clientId };
  const known = await env.store.clients.find(owner.realm, clientId);
  const chosen = (known?.credentials ?? [])
    .filter((credential) => isOfKind(credential, 'secret'))
    .filter(({ material, label }) => material.origin === 'chosen' && label === secret.label)
    .filter((credential) => counts(credential, policy, asked))
    .map(({ material }) => material.digest);
  const same =
    secret.secret === undefined ? undefined : await env.hasher.verify(secret.secret, chosen);
  if (same !== undefined && same !== 'overloaded') return ok([]);
  const prepared = await prepareSecret(env, asked, owner, secret, chosen[0], '/secret');
  if (!prepared.ok) return prepared;
  return ok([
    {
      replaces: ({ material, label }) => material.kind === 'secret' && label === secret.label,
      credentials: [prepared.value.credential],
    },
  ]);
}

const counts = (
  credential: Credential,
  policy: CredentialPolicy | undefined,
  { now }: Pick<Asked, 'now'>,
): boolean => !isExpired(policy === undefined ? credential : underPolicy(policy, credential), now);

/** Keys, the address of such, and certificates. */
function readProofs(
  env: AdminEnvironment,
  asked: Asked,
  clientId: string,
  { keys, jwksUri, certificates }: Given,
  policy: CredentialPolicy | undefined,
): Result<readonly Wanted[], AdminRefusal> {
  const owner = { realm: asked.realm.name, clientId };
  const wanted: Wanted[] = [];
  if (keys !== undefined) {
    const credentials: Credential[] = [];
    for (const [index, jwk] of keys.entries()) {
      const material = readKey(env, { jwk }, policy, `/keys/${index}`);
      if (!material.ok) return material;
      const credential = newCredential(env, asked, owner, { label: '' }, material.value);
      if (!credentials.some((one) => isSameKey(one, credential))) credentials.push(credential);
    }
    wanted.push({ replaces: (one) => isOfKind(one, 'public_key'), credentials });
  }
  if (jwksUri !== undefined) {
    const material = jwksUri === null ? undefined : readKey(env, { jwksUri }, policy);
    if (material?.ok === false) return material;
    wanted.push({
      replaces: (one) => isOfKind(one, 'jwks_uri'),
      credentials:
        material === undefined
          ? []
          : [newCredential(env, asked, owner, { label: '' }, material.value)],
    });
  }
  if (certificates !== undefined) {
    const credentials: Credential[] = [];
    for (const certificate of certificates) {
      const material = readMaterial(certificate, asked.now, policy);
      if (!material.ok) return material;
      const credential = newCredential(env, asked, owner, { label: '' }, material.value);
      if (!credentials.some((one) => isSameCertificate(one, credential)))
        credentials.push(credential);
    }
    wanted.push({ replaces: isCertificateCredential, credentials });
  }
  return ok(wanted);
}

export async function writeCredentials(
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
    const isWanted = (one: Credential): boolean =>
      !isExpired(one, asked.now) && credentials.some((next) => isSame(one, next));
    const stay = held.filter((one) => !replaces(one) || isWanted(one));
    for (const gone of held.filter((one) => !stay.includes(one))) {
      await rows.credentials.delete(realm, clientId, gone.id);
      events.push(described(asked, gone, 'revoked'));
    }
    const added = credentials.filter((next) => !stay.some((one) => isSame(one, next)));
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

/** A key by another name, or for another algorithm, is believed of other assertions. */
function isSame(a: Credential, b: Credential): boolean {
  if (isOfKind(a, 'public_key') && isOfKind(b, 'public_key')) {
    const [{ key: one }, { key: other }] = [a.material, b.material];
    return isSameKey(a, b) && one.kid === other.kid && one.alg === other.alg;
  }
  return isSameKey(a, b) || isSameCertificate(a, b);
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
