import {
  later,
  type NumericDate,
  rsaKeyBits,
  type Seconds,
  type VerificationKey,
} from '@tessera/protocol';
import type { Credential } from './credential.ts';

/** What a realm demands of the credentials of its clients. */
export type CredentialPolicy = {
  /** How long a secret may live; undefined: for ever. */
  readonly secretLifetimeMax: Seconds | undefined;
  /** Whether secrets that were made before end at that age, too. */
  readonly secretRotationForced: boolean;
  /** Bits that RSA keys of clients have at least. */
  readonly rsaKeyBitsMin: number;
};

/** RFC 7518 §3.3: "A key of size 2048 bits or larger MUST be used with these algorithms." */
export const RSA_KEY_BITS_MIN_DEFAULT = 2_048;

/** When a secret that is made now, or was made then, ends at the latest; undefined: never. */
export const latestEnd = (
  { secretLifetimeMax }: Pick<CredentialPolicy, 'secretLifetimeMax'>,
  createdAt: NumericDate,
): NumericDate | undefined =>
  secretLifetimeMax === undefined ? undefined : later(createdAt, secretLifetimeMax);

/** A credential as it counts under the policy: one whose rotation is forced may end earlier. */
export function underPolicy<C extends Credential>(policy: CredentialPolicy, credential: C): C {
  if (!policy.secretRotationForced || credential.material.kind !== 'secret') return credential;
  const end = latestEnd(policy, credential.createdAt);
  if (end === undefined || (credential.expiresAt !== undefined && credential.expiresAt <= end))
    return credential;
  return { ...credential, expiresAt: end };
}

/** Whether a key of a client is as long as the policy asks; other kinds than RSA have one length. */
export const isLongEnough = (
  { rsaKeyBitsMin }: Pick<CredentialPolicy, 'rsaKeyBitsMin'>,
  key: VerificationKey,
): boolean =>
  rsaKeyBitsMin <= RSA_KEY_BITS_MIN_DEFAULT || (rsaKeyBits(key) ?? rsaKeyBitsMin) >= rsaKeyBitsMin;

/** What is wrong with a key that is not: a sentence without its subject. */
export const describeShortKey = (bits: number, { rsaKeyBitsMin }: CredentialPolicy): string =>
  `has ${bits} bits, and this realm asks for ${rsaKeyBitsMin}`;
