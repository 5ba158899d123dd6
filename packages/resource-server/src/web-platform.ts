import { type AssertionAlgorithm, portableDecoder, type VerificationKey } from '@tessera/protocol';
import type { Platform } from './platform.ts';

/** What WebCrypto needs to know of each algorithm. RFC 7518 §3.3-3.5, RFC 8037 §3.1 */
const ALGORITHMS = {
  ES256: ecdsa('P-256', 'SHA-256'),
  ES384: ecdsa('P-384', 'SHA-384'),
  ES512: ecdsa('P-521', 'SHA-512'),
  PS256: pss('SHA-256', 32),
  PS384: pss('SHA-384', 48),
  PS512: pss('SHA-512', 64),
  RS256: pkcs1('SHA-256'),
  RS384: pkcs1('SHA-384'),
  RS512: pkcs1('SHA-512'),
  EdDSA: { imported: { name: 'Ed25519' }, verified: { name: 'Ed25519' } },
  Ed25519: { imported: { name: 'Ed25519' }, verified: { name: 'Ed25519' } },
} as const satisfies Record<AssertionAlgorithm, { imported: object; verified: object }>;

function ecdsa(namedCurve: string, hash: string) {
  return { imported: { name: 'ECDSA', namedCurve }, verified: { name: 'ECDSA', hash } } as const;
}

function pss(hash: string, saltLength: number) {
  return {
    imported: { name: 'RSA-PSS', hash },
    verified: { name: 'RSA-PSS', saltLength },
  } as const;
}

function pkcs1(hash: string) {
  const name = 'RSASSA-PKCS1-v1_5';
  return { imported: { name, hash }, verified: { name } } as const;
}

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;

/** Cryptography and compression of the web, which every platform has. */
export const webPlatform: Platform = {
  decoder: portableDecoder,
  async digest(data) {
    const bytes = typeof data === 'string' ? encodeUtf8(data) : new Uint8Array(data);
    return encodeBase64url(await crypto.subtle.digest('SHA-256', bytes));
  },
  async authenticate(secret, text) {
    const key = await crypto.subtle.importKey('raw', new Uint8Array(secret), HMAC, false, ['sign']);
    return encodeBase64url(await crypto.subtle.sign('HMAC', key, encodeUtf8(text)));
  },
  async open(algorithm, key) {
    const { imported } = ALGORITHMS[algorithm];
    try {
      const jwk = numbersOf(key);
      const opened = await crypto.subtle.importKey('jwk', jwk, imported, false, ['verify']);
      return { of: key, key: opened };
    } catch {
      return undefined;
    }
  },
  async verify(algorithm, { key }, input, signature) {
    const { verified } = ALGORITHMS[algorithm];
    const signed = new Uint8Array(signature);
    return crypto.subtle.verify(verified, key as CryptoKey, signed, encodeUtf8(input));
  },
  async inflate(compressed, bytesMax) {
    const bytes = new Blob([new Uint8Array(compressed)]).stream();
    const inflated: ReadableStream<Uint8Array> = bytes.pipeThrough(
      new DecompressionStream('deflate'),
    );
    const reader: ReadableStreamDefaultReader<Uint8Array> = inflated.getReader();
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return concatenate(chunks, length);
        length += value.byteLength;
        if (length > bytesMax) break;
        chunks.push(value);
      }
      await reader.cancel();
    } catch {
      // What is no ZLIB data is found out somewhere in the middle.
    }
    return undefined;
  },
};

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** Without `alg`, which WebCrypto would hold against the names it knows itself. */
function numbersOf(key: VerificationKey): Readonly<Record<string, string>> {
  switch (key.kty) {
    case 'EC':
      return { kty: key.kty, crv: key.crv, x: key.x, y: key.y };
    case 'RSA':
      return { kty: key.kty, n: key.n, e: key.e };
    case 'OKP':
      return { kty: key.kty, crv: key.crv, x: key.x };
  }
}

type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const encodeUtf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const encodeBase64url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
