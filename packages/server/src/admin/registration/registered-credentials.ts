import {
  type ClientMetadata,
  type MetadataRefusal,
  ok,
  type Result,
  refuse,
  rsaKeyBits,
  type VerificationKey,
} from '@tessera/protocol';
import { readCertificate } from '../../clients/read-certificate.ts';
import { thumbprintOf } from '../../clients/thumbprint.ts';
import { openVerificationKey } from '../../clients/verify-signature.ts';
import type { Environment } from '../../environment.ts';
import {
  CREDENTIALS_MAX,
  type Credential,
  type Material,
  type PublicKeyMaterial,
} from '../../model/credential.ts';
import {
  type CredentialPolicy,
  describeShortKey,
  isLongEnough,
} from '../../model/credential-policy.ts';
import type { Asked } from '../use-case.ts';

/** What a client proves itself with that it has published itself: all but its secrets. */
const REGISTERED_KINDS: ReadonlySet<Material['kind']> = new Set([
  'public_key',
  'jwks_uri',
  'certificate',
  'certificate_subject',
]);

export const isRegisteredKind = ({ material }: Credential): boolean =>
  REGISTERED_KINDS.has(material.kind);

/** What the metadata name as the client's, as it is kept. RFC 7591 §2, RFC 8705 §2.1.2, §2.2.2 */
export function readMaterials(
  { outbound }: Pick<Environment, 'outbound'>,
  { keys, jwksUri, certificateSubject, method }: ClientMetadata,
  policy: CredentialPolicy,
): Result<readonly Material[], MetadataRefusal> {
  if (keys.length > CREDENTIALS_MAX)
    return invalid('jwks', `must have ${CREDENTIALS_MAX} keys at most`);
  const materials: Material[] = [];
  for (const key of keys) {
    const material = readKey(key, method);
    if (!material.ok) return material;
    if (!isLongEnough(policy, key))
      return invalid('jwks', `has a key that ${describeShortKey(rsaKeyBits(key) ?? 0, policy)}`);
    if (materials.some((one) => isSameKey(one, material.value)))
      return invalid('jwks', 'has one key twice');
    materials.push(material.value);
  }
  if (jwksUri !== undefined) {
    if (!outbound.check(jwksUri).ok)
      return invalid('jwks_uri', 'must be an https address on the public internet');
    materials.push({ kind: 'jwks_uri', uri: jwksUri });
  }
  if (certificateSubject !== undefined)
    materials.push({
      kind: 'certificate_subject',
      subjectKind: certificateSubject.kind,
      subject: certificateSubject.value,
    });
  return ok(materials);
}

function readKey(
  key: VerificationKey,
  method: ClientMetadata['method'],
): Result<PublicKeyMaterial, MetadataRefusal> {
  if (openVerificationKey(key) === undefined)
    return invalid('jwks', 'has a key that is not of the type that it names');
  if (method === 'self_signed_tls_client_auth' && !startsWithCertificate(key))
    return invalid('jwks', 'has a key with x5c whose first is no certificate');
  return ok({ kind: 'public_key', key, thumbprint: thumbprintOf(key) });
}

const startsWithCertificate = ({ x5c: [first = ''] = [] }: VerificationKey): boolean =>
  readCertificate(Buffer.from(first, 'base64')) !== undefined;

const isSameKey = (known: Material, { thumbprint }: PublicKeyMaterial): boolean =>
  known.kind === 'public_key' && known.thumbprint === thumbprint;

export const newCredential = (
  { random }: Pick<Environment, 'random'>,
  { realm, now }: Asked,
  clientId: string,
  material: Material,
): Credential => ({
  realm: realm.name,
  clientId,
  id: random.uuid(),
  label: '',
  material,
  createdAt: now,
  expiresAt: undefined,
  lastUsedAt: undefined,
  lastUsedAddress: undefined,
  revision: 1,
});

const invalid = (member: string, detail: string) =>
  refuse({ reason: 'client_metadata_invalid', member, detail } as const);
