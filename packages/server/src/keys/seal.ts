import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/**
 * Everything secret at rest hangs from one master key of 32 bytes. Keys for each purpose are
 * derived from it with HKDF-SHA-256 (RFC 5869 §2), so that none can stand in for another.
 */
export type MasterKey = {
  derive(purpose: string): KeyObject;
  /** AES-256-GCM; `context` is authenticated, so a sealed value opens only where it belongs. */
  seal(plain: Uint8Array, context: string): string;
  /** Throws when the master key or the context is another, or a bit was changed. */
  open(sealed: string, context: string): Buffer;
};

const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;

export function masterKey(bytes: Uint8Array): MasterKey {
  if (bytes.length !== 32) throw new Error('the master key has 32 bytes');
  const derive = (purpose: string): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', bytes, '', `tessera ${purpose}`, 32)));
  const sealing = derive('seal');

  return {
    derive,
    seal(plain, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealing, iv);
      cipher.setAAD(Buffer.from(context, 'utf8'));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64');
      if (bytes[0] !== VERSION) throw new Error('sealed by another version');
      const iv = bytes.subarray(1, 1 + IV_BYTES);
      const tag = bytes.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', sealing, iv);
      decipher.setAAD(Buffer.from(context, 'utf8'));
      decipher.setAuthTag(tag);
      return Buffer.concat([
        decipher.update(bytes.subarray(1 + IV_BYTES + TAG_BYTES)),
        decipher.final(),
      ]);
    },
  };
}
