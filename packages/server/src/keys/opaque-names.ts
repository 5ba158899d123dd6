import { createCipheriv, timingSafeEqual } from 'node:crypto';
import { decodeBase64url } from '@tessera/protocol';
import { hmacSha256 } from './hmac.ts';
import type { MasterKey } from './seal.ts';

/** An authentic name, and random bytes that belong to it alone. */
export type OpenedName = {
  readonly plain: Buffer;
  readonly randomness: Buffer;
};

/**
 * Names that stand in addresses for everybody to see and for this server alone to read:
 * deterministic authenticated encryption. What it authenticates is the initialization vector of
 * what it encrypts, as in SIV (RFC 5297 §2.6), so the same text has the same name on every node and
 * after every restart, nobody can make a name or tell what is behind one, and nothing is kept.
 */
export type OpaqueNames = {
  /** `context` is authenticated: a name opens where it belongs and nowhere else. */
  seal(plain: Uint8Array, context: string): string;
  /** Undefined for what was not sealed under this key and context. */
  open(name: string, context: string, randomBytes?: number): OpenedName | undefined;
};

/** 96 bits: not to be guessed, and no two of 2^40 names meet by chance. */
const TAG_BYTES = 12;
const COUNTER = Buffer.alloc(4);

export function opaqueNames(key: MasterKey): OpaqueNames {
  const authenticate = hmacSha256(key.derive('authentication of opaque names'));
  const encryption = key.derive('encryption of opaque names');

  const tagOf = (plain: Buffer, context: string): Buffer =>
    Buffer.from(authenticate(`${context}\0${plain.toString('base64url')}`), 'base64url').subarray(
      0,
      TAG_BYTES,
    );
  /** Tags are as good as random, so no two texts meet the same key stream. */
  const encrypt = (tag: Uint8Array, text: Uint8Array): Buffer =>
    createCipheriv('aes-256-ctr', encryption, Buffer.concat([tag, COUNTER])).update(text);

  return {
    seal(plain, context) {
      const bytes = Buffer.from(plain);
      const tag = tagOf(bytes, context);
      return Buffer.concat([tag, encrypt(tag, bytes)]).toString('base64url');
    },
    open(name, context, randomBytes = 0) {
      const bytes = decodeBase64url(name);
      if (bytes === undefined || bytes.length < TAG_BYTES) return undefined;
      const tag = bytes.subarray(0, TAG_BYTES);
      const length = bytes.length - TAG_BYTES;
      // What comes after the text in its key stream is nobody's yet.
      const text = Buffer.alloc(length + randomBytes);
      text.set(bytes.subarray(TAG_BYTES));
      const opened = encrypt(tag, text);
      const plain = opened.subarray(0, length);
      if (!timingSafeEqual(tag, tagOf(plain, context))) return undefined;
      return { plain, randomness: opened.subarray(length) };
    },
  };
}
