import { hash, type KeyObject } from 'node:crypto';

/** The block of SHA-256, and what it gives. FIPS 180-4 §1. Bytes. */
const BLOCK = 64;
const DIGEST = 32;

/** Texts up to this many bytes are written into a buffer that is there already. */
const SCRATCH = 2_048;

/**
 * HMAC-SHA-256 of texts under one key, base64url. RFC 2104 §2: H(K ⊕ opad, H(K ⊕ ipad, text)).
 *
 * Every request needs one or two. Two one-shot hashes over padded keys that are prepared once cost
 * less than an object of node:crypto each time, and leave nothing to collect.
 */
export function hmacSha256(key: KeyObject): (text: string) => string {
  const secret = key.export();
  const padded = Buffer.alloc(BLOCK);
  (secret.length > BLOCK ? hash('sha256', secret, 'buffer') : secret).copy(padded);
  const inner = Buffer.alloc(BLOCK + SCRATCH);
  const outer = Buffer.alloc(BLOCK + DIGEST);
  for (const [index, byte] of padded.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  return (text) => {
    const length = Buffer.byteLength(text);
    const message = length <= SCRATCH ? inner : Buffer.alloc(BLOCK + length, inner);
    message.write(text, BLOCK);
    hash('sha256', message.subarray(0, BLOCK + length), 'buffer').copy(outer, BLOCK);
    return hash('sha256', outer, 'base64url');
  };
}
