import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import {
  type AssertionAlgorithm,
  keyFits,
  SIGNATURE_FORMS,
  type VerificationKey,
} from '@tessera/protocol';
import { recentlyUsed } from '../recently-used.ts';
import { thumbprintOf } from './thumbprint.ts';

/** Keys held open at a time: some kilobytes each. */
const OPEN_KEYS_MAX = 5_000;

const open = recentlyUsed<string, KeyObject>(OPEN_KEYS_MAX);

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
  const { digest, options } = SIGNATURE_FORMS[algorithm];
  return verify(digest, Buffer.from(input, 'latin1'), { key: opened, ...options }, signature);
}
