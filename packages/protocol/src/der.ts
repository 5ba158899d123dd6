import { decodeUtf8 } from './utf8.ts';

/**
 * One element of a DER encoding (ITU-T X.690 §8.1, §10.1): what it is, what it holds, and all of
 * its bytes, which are what names are compared by and signatures are made over.
 */
export type DerElement = {
  /** The identifier octet: 0x30 is a SEQUENCE, 0xa3 the constructed context tag 3. */
  readonly tag: number;
  readonly content: Uint8Array;
  readonly bytes: Uint8Array;
};

/** Tags of the universal class. */
export const DER = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Four length octets would be a certificate of gigabytes. */
const LENGTH_OCTETS_MAX = 3;

/** Exactly one element; undefined for anything before its end or after it. */
export function readDer(bytes: Uint8Array): DerElement | undefined {
  const element = readElement(bytes, 0);
  return element?.bytes.length === bytes.length ? element : undefined;
}

/** The elements in `content`, up to its last byte; undefined when it holds anything else. */
export function readDerAll(content: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let at = 0; at < content.length; ) {
    const element = readElement(content, at);
    if (element === undefined) return undefined;
    elements.push(element);
    at += element.bytes.length;
  }
  return elements;
}

/** DER only: the shortest definite length. Another encoding of one thing would be another thing. */
function readElement(bytes: Uint8Array, at: number): DerElement | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > LENGTH_OCTETS_MAX) return undefined;
    length = 0;
    for (const end = start + octets; start < end; start++)
      length = length * 256 + (bytes[start] ?? Number.NaN);
    const shortest = octets === 1 ? 0x80 : 256 ** (octets - 1);
    if (!(length >= shortest)) return undefined;
  }
  const end = start + length;
  if (end > bytes.length) return undefined;
  return { tag, content: bytes.subarray(start, end), bytes: bytes.subarray(at, end) };
}

/** Parts of an OID. Those in use have a dozen at most. */
const ARCS_MAX = 32;

/** An OBJECT IDENTIFIER in its dotted form. */
export function readDerOid({ tag, content }: DerElement): string | undefined {
  const last = content.at(-1);
  if (tag !== DER.objectIdentifier || last === undefined || last >= 0x80) return undefined;
  const arcs: number[] = [];
  let arc = 0;
  let begins = true;
  for (const octet of content) {
    if (begins && octet === 0x80) return undefined;
    arc = arc * 128 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) return undefined;
    begins = octet < 0x80;
    if (!begins) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [both = 0, ...others] = arcs;
  const top = Math.min(Math.floor(both / 40), 2);
  return arcs.length > ARCS_MAX ? undefined : [top, both - 40 * top, ...others].join('.');
}

/**
 * The text in a string type, whichever it is; undefined when the element is no string, or when its
 * bytes are none of its type. NUL is never part of a text: programs in C see the name end there.
 */
export function readDerText({ tag, content }: DerElement): string | undefined {
  const text = TEXTS[tag]?.(content);
  return text === undefined || text.includes('\0') ? undefined : text;
}

const TEXTS: Readonly<Record<number, (content: Uint8Array) => string | undefined>> = {
  12: decodeUtf8,
  18: readAscii,
  19: readAscii,
  // TeletexString: every issuer that still uses it means ISO 8859-1.
  20: (content) => readUnits(content, 1),
  22: readAscii,
  26: readAscii,
  28: (content) => readUnits(content, 4),
  30: (content) => readUnits(content, 2),
};

function readAscii(content: Uint8Array): string | undefined {
  return content.every((octet) => octet < 0x80) ? readUnits(content, 1) : undefined;
}

/** UniversalString, BMPString and ISO 8859-1: characters of a fixed width, the high octet first. */
function readUnits(content: Uint8Array, width: number): string | undefined {
  if (content.length % width !== 0) return undefined;
  let text = '';
  for (let at = 0; at < content.length; at += width) {
    let unit = 0;
    for (const octet of content.subarray(at, at + width)) unit = unit * 256 + octet;
    if (unit > 0x10ffff || (unit >= 0xd800 && unit <= 0xdfff)) return undefined;
    text += String.fromCodePoint(unit);
  }
  return text;
}

export const formatHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('');

/** undefined for anything but whole octets in hexadecimal digits. */
export function readHex(digits: string): Uint8Array | undefined {
  if (!/^(?:[0-9A-Fa-f]{2})*$/.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
