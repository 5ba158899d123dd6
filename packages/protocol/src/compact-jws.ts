import { decodeBase64url } from './base64url.ts';
import { isJsonObject, readJson } from './json.ts';
import { decodeUtf8 } from './utf8.ts';

/** A signed JWT that was taken apart, and that nobody has verified yet. RFC 7515 §3.1 */
export type CompactJws = {
  readonly header: Readonly<Record<string, unknown>> & { readonly alg: string };
  readonly claims: Readonly<Record<string, unknown>>;
  readonly payload: Uint8Array;
  /** What the signature is over, in ASCII. RFC 7515 §5.2 */
  readonly signingInput: string;
  readonly signature: Uint8Array;
};

/**
 * Takes a signed JWT apart; `undefined` for everything else: more than `lengthMax` characters
 * (before anything is parsed), the JSON serialization, an encrypted JWT, which has five parts, and
 * one without a signature.
 *
 * No extension is understood here, so `crit` is refused whatever it names (RFC 7515 §4.1.11), and
 * so is `b64`, which changes what is signed (RFC 7797 §3). Who reads many of one signer may bring a
 * `readHeader` that remembers what `readJwsHeader` said.
 */
export function readCompactJws(
  text: string,
  lengthMax: number,
  readHeader: (encoded: string) => CompactJws['header'] | undefined = readJwsHeader,
): CompactJws | undefined {
  if (text.length > lengthMax) return undefined;
  const afterHeader = text.indexOf('.');
  const afterPayload = text.indexOf('.', afterHeader + 1);
  if (afterHeader === -1 || afterPayload === -1) return undefined;

  const header = readHeader(text.slice(0, afterHeader));
  if (header === undefined) return undefined;

  const payload = decodeBase64url(text.slice(afterHeader + 1, afterPayload));
  const claims = readObject(payload);
  // A third period is outside the alphabet: five parts end here.
  const signature = decodeBase64url(text.slice(afterPayload + 1));
  if (payload === undefined || claims === undefined) return undefined;
  if (signature === undefined || signature.length === 0) return undefined;
  return { header, claims, payload, signingInput: text.slice(0, afterPayload), signature };
}

/** The header of a signed JWT; undefined for one that is not understood. RFC 7515 §4 */
export function readJwsHeader(encoded: string): CompactJws['header'] | undefined {
  const header = readObject(decodeBase64url(encoded));
  if (header === undefined || !hasAlgorithm(header)) return undefined;
  return Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64') ? undefined : header;
}

function readObject(bytes: Uint8Array | undefined): Readonly<Record<string, unknown>> | undefined {
  const text = bytes === undefined ? undefined : decodeUtf8(bytes);
  const value = text === undefined ? undefined : readJson(text);
  return isJsonObject(value) ? value : undefined;
}

const hasAlgorithm = (header: Readonly<Record<string, unknown>>): header is CompactJws['header'] =>
  typeof header['alg'] === 'string';

/**
 * Whether the `typ` of a header is one of those allowed, which are written in small letters and
 * without `application/`. Media types compare without case, and the prefix may be left out.
 * RFC 7515 §4.1.9
 */
export function isJwtType(typ: unknown, allowed: readonly string[]): boolean {
  if (typeof typ !== 'string') return false;
  const type = typ.toLowerCase();
  return allowed.includes(type.startsWith('application/') ? type.slice(12) : type);
}
