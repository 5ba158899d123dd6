import { createHmac, createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { SIGNATURE_FORMS, type VerificationKey } from '@tessera/protocol';
import type { Platform } from './platform.ts';

/** Node's own cryptography and compression. */
export const nodePlatform: Platform = {
  digest: (data) => hash('sha256', data, 'base64url'),
  authenticate: (secret, text) => createHmac('sha256', secret).update(text).digest('base64url'),
  open: (algorithm, key) => {
    const opened = openKey(key);
    const { options } = SIGNATURE_FORMS[algorithm];
    return opened && { of: key, key: { key: opened, ...options } };
  },
  verify: (algorithm, { key }, input, signature) =>
    verify(
      SIGNATURE_FORMS[algorithm].digest,
      Buffer.from(input, 'latin1'),
      key as { readonly key: KeyObject },
      signature,
    ),
  inflate(compressed, bytesMax) {
    try {
      return inflateSync(compressed, { maxOutputLength: bytesMax });
    } catch {
      return undefined;
    }
  },
};

function openKey(key: VerificationKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...key, x5c: undefined }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
