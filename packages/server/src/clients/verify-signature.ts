import { constants, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { type AssertionAlgorithm, keyFits, type VerificationKey } from '@tessera/protocol';
import { LRUCache } from 'lru-cache';
import { thumbprintOf } from './thumbprint.ts';

/** What node:crypto needs to know of each algorithm. RFC 7518 §3.3-3.5, RFC 8037 §3.1 */
const ALGORITHMS = {
  ES256: ecdsa('sha256'),
  ES384: ecdsa('sha384'),
  ES512: ecdsa('sha512'),
  PS256: pss('sha256', 32),
  PS384: pss('sha384', 48),
  PS512: pss('sha512', 64),
  RS256: pkcs1('sha256'),
  RS384: pkcs1('sha384'),
  RS512: pkcs1('sha512'),
  EdDSA: { digest: null, options: {} },
  Ed25519: { digest: null, options: {} },
} as const satisfies Record<AssertionAlgorithm, { digest: string | null; options: object }>;

/** RFC 7518 §3.4: R and S, each as long as the order of the curve; no DER. */
function ecdsa(digest: string) {
  return { digest, options: { dsaEncoding: 'ieee-p1363' } } as const;
}

function pss(digest: string, saltLength: number) {
  return { digest, options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength } } as const;
}

function pkcs1(digest: string) {
  return { digest, options: { padding: constants.RSA_PKCS1_PADDING } } as const;
}

/** Keys held open at a time: some kilobytes each. */
const OPEN_KEYS_MAX = 5_000;

const open = new LRUCache<string, KeyObject>({ max: OPEN_KEYS_MAX });

/** The key as node:crypto takes it; `undefined`: its point is not on its curve. */
export function openVerificationKey(key: VerificationKey): KeyObject | undefined {
  const thumbprint = thumbprintOf(key);
  const known = open.get(thumbprint);
  if (known !== undefined) return known;
  try {
    const opened = createPublicKey({ key: { ...key } as JsonWebKey, format: 'jwk' });
    open.set(thumbprint, opened);
    return opened;
  } catch {
    return undefined;
  }
}

/**
 * Whether the owner of the key signed. RFC 7515 §5.2. The algorithm must be the one that the key
 * is for: RFC 8725 §3.1.
 */
export function verifySignature(
  algorithm: AssertionAlgorithm,
  key: VerificationKey,
  input: string,
  signature: Uint8Array,
): boolean {
  if (!keyFits(algorithm, key)) return false;
  const opened = openVerificationKey(key);
  if (opened === undefined) return false;
  const { digest, options } = ALGORITHMS[algorithm];
  return verify(digest, Buffer.from(input, 'latin1'), { key: opened, ...options }, signature);
}
