import { hash } from 'node:crypto';
import { formatThumbprintInput, type VerificationKey } from '@tessera/protocol';

/** Registered keys are asked for their names again and again. */
const known = new WeakMap<VerificationKey, string>();

/** The name of a key that follows from the key itself: SHA-256, base64url. RFC 7638 §3 */
export function thumbprintOf(key: VerificationKey): string {
  let thumbprint = known.get(key);
  if (thumbprint === undefined) {
    thumbprint = hash('sha256', formatThumbprintInput(key), 'base64url');
    known.set(key, thumbprint);
  }
  return thumbprint;
}

/** Of a certificate in DER: SHA-256, base64url. RFC 8705 §3.1 */
export const thumbprintOfCertificate = (der: Uint8Array): string =>
  hash('sha256', der, 'base64url');
