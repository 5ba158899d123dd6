import {
  describeKeyProblem,
  ok,
  type Result,
  readVerificationKey,
  refuse,
  rsaKeyBits,
} from '@tessera/protocol';
import { thumbprintOf } from '../../clients/thumbprint.ts';
import { openVerificationKey } from '../../clients/verify-signature.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer, Input } from '../../contract/routes.ts';
import {
  type Credential,
  type CredentialOf,
  isOfKind,
  type JwksUriMaterial,
  type PublicKeyMaterial,
} from '../../model/credential.ts';
import {
  type CredentialPolicy,
  describeShortKey,
  isLongEnough,
} from '../../model/credential-policy.ts';
import type { AdminEnvironment, Asked, UseCase } from '../use-case.ts';
import {
  changeCredential,
  type DistinctFamily,
  insertCredential,
  revokeCredential,
} from './change-credential.ts';
import { describeState, listFamily, newCredential } from './credential-parts.ts';

type KeyCredential = CredentialOf<'public_key' | 'jwks_uri'>;

const KEYS: DistinctFamily<KeyCredential> = {
  noun: 'credential',
  unknown: { reason: 'key_unknown' },
  taken: { reason: 'key_taken' },
  isSame: isSameKey,
  includes: isKeyCredential,
  describe: describeKey,
};

function isKeyCredential(credential: Credential): credential is KeyCredential {
  return isOfKind(credential, 'public_key') || isOfKind(credential, 'jwks_uri');
}

function describeKey({ material, ...credential }: KeyCredential, now: Asked['now']): KeyView {
  const key = material.kind === 'public_key' ? material.key : undefined;
  return {
    id: credential.id,
    kind: material.kind,
    label: credential.label,
    kid: key?.kid ?? null,
    keyType: key === undefined ? null : key.kty === 'RSA' ? 'RSA' : `${key.kty} ${key.crv}`,
    algorithm: key?.alg ?? null,
    thumbprint: material.kind === 'public_key' ? material.thumbprint : null,
    jwk: key === undefined ? null : { ...key },
    jwksUri: material.kind === 'jwks_uri' ? material.uri : null,
    ...describeState({ ...credential, material }, now),
  };
}

type KeyView = Answer<'addKey'>;

export const listKeys: UseCase<'listKeys'> = (env, asked, { params }) =>
  listFamily(env, asked, params.clientId, isKeyCredential, describeKey);

export const addKey: UseCase<'addKey'> = async (env, asked, { params, body }) => {
  const provider = await env.store.providers.find(asked.realm.name);
  const material = readKey(env, body, provider);
  if (!material.ok) return material;
  const owner = { realm: asked.realm.name, clientId: params.clientId };
  const credential: KeyCredential = newCredential(env, asked, owner, body, material.value);
  const added = await insertCredential(env, asked, KEYS, credential);
  return added.ok ? ok(describeKey(added.value, asked.now)) : added;
};

/**
 * The key as it may be kept: public, of a kind that is verified here, a point on its curve, and as
 * long as the realm asks. `pointer`: where in the body it stands.
 */
export function readKey(
  { outbound }: Pick<AdminEnvironment, 'outbound'>,
  { jwk, jwksUri }: Pick<Input<'addKey'>['body'], 'jwk' | 'jwksUri'>,
  policy: CredentialPolicy | undefined,
  pointer = '/jwk',
): Result<PublicKeyMaterial | JwksUriMaterial, AdminRefusal> {
  if (jwksUri !== undefined)
    return outbound.check(jwksUri).ok
      ? ok({ kind: 'jwks_uri', uri: jwksUri })
      : refuse({ reason: 'address_not_allowed', pointer: '/jwksUri' });
  const read = readVerificationKey(jwk);
  if (!read.ok) return keyUnusable(pointer, describeKeyProblem(read.refusal));
  if (openVerificationKey(read.value) === undefined)
    return keyUnusable(pointer, 'is not a key of the type that it names');
  if (policy !== undefined && !isLongEnough(policy, read.value))
    return keyUnusable(pointer, describeShortKey(rsaKeyBits(read.value) ?? 0, policy));
  return ok({ kind: 'public_key', key: read.value, thumbprint: thumbprintOf(read.value) });
}

const keyUnusable = (pointer: string, detail: string) =>
  refuse({ reason: 'key_unusable', pointer, detail } as const);

/** A key under two names, or an address twice, would be one credential that is revoked in part. */
export function isSameKey({ material: a }: Credential, { material: b }: Credential): boolean {
  return (
    (a.kind === 'public_key' && b.kind === 'public_key' && a.thumbprint === b.thumbprint) ||
    (a.kind === 'jwks_uri' && b.kind === 'jwks_uri' && a.uri === b.uri)
  );
}

export const updateKey: UseCase<'updateKey'> = async (env, asked, input) => {
  const { params, body, precondition } = input;
  const named = { clientId: params.clientId, credentialId: params.keyId };
  const changed = await changeCredential(env, asked, KEYS, named, body, precondition);
  return changed.ok ? ok(describeKey(changed.value, asked.now)) : changed;
};

export const revokeKey: UseCase<'revokeKey'> = (env, asked, { params, precondition }) => {
  const named = { clientId: params.clientId, credentialId: params.keyId };
  return revokeCredential(env, asked, KEYS, named, precondition);
};
