import { decodeBase64url } from './base64url.ts';
import { isJsonObject, readJson } from './json.ts';
import { decodeUtf8 } from './utf8.ts';

/** The header of a signed JWT. RFC 7515 §4 */
export type JwsHeader = Readonly<Record<string, unknown>> & { readonly alg: string };

/** A signed JWT that was taken apart, and that nobody has verified yet. RFC 7515 §3.1 */
export type CompactJws<Header = JwsHeader> = {
  readonly header: Header;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What the signature is over, in ASCII. RFC 7515 §5.2 */
  readonly signingInput: string;
  readonly signature: Uint8Array;
};

/** Decodes base64url, as strictly as `decodeBase64url`: a platform may have something faster. */
export type Base64urlDecoder = {
  bytes(encoded: string): Uint8Array | undefined;
  /** What is in it in UTF-8, as strictly as `decodeUtf8`. */
  text(encoded: string): string | undefined;
};

/** Needs nothing of a platform. */
export const portableDecoder: Base64urlDecoder = {
  bytes: decodeBase64url,
  text(encoded) {
    const bytes = decodeBase64url(encoded);
    return bytes && decodeUtf8(bytes);
  },
};

/**
 * Takes a signed JWT apart; `undefined` for everything else: more than `lengthMax` characters
 * (before anything is parsed), the JSON serialization, an encrypted JWT, which has five parts, and
 * one without a signature.
 *
 * No extension is understood here, so `crit` is refused whatever it names (RFC 7515 §4.1.11), and
 * so is `b64`, which changes what is signed (RFC 7797 §3).
 */
export const readCompactJws = (text: string, lengthMax: number): CompactJws | undefined =>
  readCompactJwsWith(text, lengthMax, portableDecoder, readJwsHeader);

/**
 * The same by the means of a platform, and for who reads many of one signer: `readHeader` may
 * remember what it made of what `readJwsHeader` said.
 */
export function readCompactJwsWith<Header>(
  text: string,
  lengthMax: number,
  decoder: Base64urlDecoder,
  readHeader: (encoded: string) => Header | undefined,
): CompactJws<Header> | undefined {
  if (text.length > lengthMax) return undefined;
  const afterHeader = text.indexOf('.');
  const afterPayload = text.indexOf('.', afterHeader + 1);
  if (afterHeader === -1 || afterPayload === -1) return undefined;

  const header = readHeader(text.slice(0, afterHeader));
  if (header === undefined) return undefined;
  const claims = readObject(decoder.text(text.slice(afterHeader + 1, afterPayload)));
  // A third period is outside the alphabet: five parts end here.
  const signature = decoder.bytes(text.slice(afterPayload + 1));
  if (claims === undefined || signature === undefined || signature.length === 0) return undefined;
  return { header, claims, signingInput: text.slice(0, afterPayload), signature };
}

/** The header of a signed JWT; undefined for one that is not understood. RFC 7515 §4 */
export function readJwsHeader(encoded: string): JwsHeader | undefined {
  const header = readObject(portableDecoder.text(encoded));
  if (header === undefined || !hasAlgorithm(header)) return undefined;
  return Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64') ? undefined : header;
}

function readObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  const value = text === undefined ? undefined : readJson(text);
  return isJsonObject(value) ? value : undefined;
}

const hasAlgorithm = (header: Readonly<Record<string, unknown>>): header is JwsHeader =>
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
