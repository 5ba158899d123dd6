import type { AssertionAlgorithm, Base64urlDecoder, VerificationKey } from '@tessera/protocol';
import type { Eventually } from './eventually.ts';

/** A public key as the platform takes it, for one algorithm. */
export type OpenKey = { readonly of: VerificationKey; readonly key: unknown };

/**
 * What this library needs of a platform, beside `fetch`. There are two: the web's, which every
 * platform has, and Node's, which answers at once and at a third of the cost.
 */
export type Platform = {
  readonly decoder: Base64urlDecoder;
  /** SHA-256 in base64url; of text, that of its UTF-8. */
  digest(data: string | Uint8Array): Eventually<string>;
  /** HMAC-SHA-256 in base64url. */
  authenticate(secret: Uint8Array, text: string): Eventually<string>;
  /** Undefined: the key is none, its point is not on its curve. */
  open(algorithm: AssertionAlgorithm, key: VerificationKey): Eventually<OpenKey | undefined>;
  /** Whether the owner of the key signed; `input` is ASCII. RFC 7515 §5.2 */
  verify(
    algorithm: AssertionAlgorithm,
    key: OpenKey,
    input: string,
    signature: Uint8Array,
  ): Eventually<boolean>;
  /**
   * Decompresses DEFLATE in the ZLIB format (RFC 1950); undefined for what is none, or more than
   * `bytesMax` when it is whole.
   */
  inflate(compressed: Uint8Array, bytesMax: number): Eventually<Uint8Array | undefined>;
};
