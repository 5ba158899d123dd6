import { constants, createHmac, createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import type { AssertionAlgorithm, VerificationKey } from '@tessera/protocol';
import type { Platform } from './platform.ts';

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

/** Node's own cryptography and compression. */
export const nodePlatform: Platform = {
  digest: (data) => hash('sha256', data, 'base64url'),
  authenticate: (secret, text) => createHmac('sha256', secret).update(text).digest('base64url'),
  open: (algorithm, key) => {
    const opened = openKey(key);
    const { options } = ALGORITHMS[algorithm];
    return opened && { of: key, key: { key: opened, ...options } };
  },
  verify: (algorithm, { key }, input, signature) =>
    verify(
      ALGORITHMS[algorithm].digest,
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
