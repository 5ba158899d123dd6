const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** What stands for a character outside the alphabet: a bit that no value of 6 bits has. */
const NONE = 0x40;

const VALUES = new Uint8Array(128).fill(NONE);
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

/**
 * Decodes base64url as JOSE writes it: no padding, no white space, no other alphabet. RFC 7515 §2,
 * RFC 4648 §5.
 *
 * Bits that belong to no byte must be zero: otherwise one value could be written in several ways,
 * and whoever compares or remembers the text could be fooled. RFC 4648 §3.5
 */
export function decodeBase64url(text: string): Uint8Array | undefined {
  const rest = text.length % 4;
  if (rest === 1) return undefined;
  const whole = text.length - rest;
  const bytes = new Uint8Array((whole / 4) * 3 + (rest === 0 ? 0 : rest - 1));
  let seen = 0;
  let at = 0;
  for (let i = 0; i < whole; i += 4) {
    const a = valueAt(text, i);
    const b = valueAt(text, i + 1);
    const c = valueAt(text, i + 2);
    const d = valueAt(text, i + 3);
    seen |= a | b | c | d;
    bytes[at++] = (a << 2) | (b >> 4);
    bytes[at++] = (b << 4) | (c >> 2);
    bytes[at++] = (c << 6) | d;
  }
  if (rest !== 0) {
    const a = valueAt(text, whole);
    const b = valueAt(text, whole + 1);
    const c = rest === 3 ? valueAt(text, whole + 2) : 0;
    const spare = rest === 3 ? c & 0b11 : b & 0b1111;
    if (spare !== 0) return undefined;
    seen |= a | b | c;
    bytes[at++] = (a << 2) | (b >> 4);
    if (rest === 3) bytes[at] = (b << 4) | (c >> 2);
  }
  return seen < NONE ? bytes : undefined;
}

const valueAt = (text: string, index: number): number => VALUES[text.charCodeAt(index)] ?? NONE;
