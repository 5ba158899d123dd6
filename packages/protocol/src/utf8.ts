/** Few enough arguments for one call. */
const CHUNK = 4096;

/**
 * Decodes UTF-8 strictly: `undefined` for bytes that no encoder produces, such as half a character
 * or one written longer than it needs to be. RFC 3629 §3. A byte order mark is kept, and with it
 * the text is no JSON.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += latin1(bytes.subarray(at, at + CHUNK));
  if (isAscii(bytes)) return text;
  try {
    return decodeURIComponent(text.replace(/[%\x80-\xff]/g, escapeByte));
  } catch {
    return undefined;
  }
}

const escapeByte = (character: string): string => `%${character.charCodeAt(0).toString(16)}`;

/** One character for each byte. */
const latin1 = (bytes: Uint8Array): string =>
  Reflect.apply(String.fromCharCode, undefined, bytes) as string;

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) >= 0x80) return false;
  return true;
}
