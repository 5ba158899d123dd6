import { createHmac, createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { SIGNATURE_FORMS, type VerificationKey } from '@tessera/protocol';
import type { Platform } from './platform.ts';

/** Node's own cryptography and compression. */
export const nodePlatform: Platform = {
  decoder: {
    bytes: decodeBase64url,
    text(encoded) {
      const bytes = decodeBase64url(encoded);
      return bytes && decodeUtf8(bytes);
    },
  },
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

/** Node decodes whatever comes; what is not written as it would write it itself is none. */
function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function decodeUtf8(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  return text.includes(REPLACEMENT) ? decodeUtf8Strictly(bytes) : text;
}

/** What Node puts in the place of bytes that are no UTF-8, unless it was there before. */
const REPLACEMENT = '\ufffd';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8Strictly(bytes: Buffer): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

function openKey(key: VerificationKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...key, x5c: undefined }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
