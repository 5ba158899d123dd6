/**
 * Random values that leave the server as text: secrets and opaque tokens.
 *
 *     prefix "_" 43 characters of base64url (256 bits) 6 characters of checksum
 *
 * Only unreserved characters (RFC 3986 §2.3), so that the form-decoded and the raw reading of
 * Basic credentials agree. The prefix lets secret scanners find a leaked one; the checksum lets
 * them, and us, tell it from a look-alike without asking the database.
 */
/** Client secrets, access tokens, sessions, initial and registration access tokens. */
export type RandomTextPrefix = 'tsk' | 'tsa' | 'tss' | 'tsi' | 'tsr';

const BODY_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

export function formatRandomText(prefix: RandomTextPrefix, bytes: Uint8Array): string {
  if (bytes.length !== 32) throw new Error('a random text is made of 256 bits');
  const body = `${prefix}_${Buffer.from(bytes).toString('base64url')}`;
  return body + checksum(body);
}

export function isRandomText(prefix: RandomTextPrefix, text: string): boolean {
  const length = prefix.length + 1 + BODY_LENGTH;
  if (text.length !== length + CHECKSUM_LENGTH || !text.startsWith(`${prefix}_`)) return false;
  return checksum(text.slice(0, length)) === text.slice(length);
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function checksum(text: string): string {
  let value = crc32(text);
  let digits = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = DIGITS.charAt(value % 62) + digits;
    value = Math.floor(value / 62);
  }
  return digits;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** CRC-32 as in ISO 3309, of ASCII text. node:zlib has it too, but no room may name that here. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++)
    crc = (CRC_TABLE[(crc ^ text.charCodeAt(i)) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
