import { hash } from 'node:crypto';
import { formatThumbprintInput, type VerificationKey } from '@tessera/protocol';

/** The name of a key that follows from the key itself: SHA-256, base64url. RFC 7638 §3 */
export const thumbprintOf = (key: VerificationKey): string =>
  hash('sha256', formatThumbprintInput(key), 'base64url');

/** Of a certificate in DER: SHA-256, base64url. RFC 8705 §3.1 */
export const thumbprintOfCertificate = (der: Uint8Array): string =>
  hash('sha256', der, 'base64url');
