import { formatHex, readDer, readDerText, readHex } from './der.ts';
import { decodeUtf8 } from './utf8.ts';

/**
 * A distinguished name, from the root to the one it names: the order of its encoding, and the
 * reverse of the order in which RFC 4514 §2.1 writes it.
 */
export type DistinguishedName = readonly RelativeName[];

/** Usually one attribute. Several are a set: their order means nothing. */
export type RelativeName = readonly NameAttribute[];

export type NameAttribute = {
  /** An OID in dotted form. */
  readonly type: string;
} & (
  | { readonly text: string }
  /** A value that is no text: all of its DER encoding, in lower-case hexadecimal. */
  | { readonly encoded: string }
);

/** RFC 4514 §3, then what else certificates and the programs that print them have. */
const NAMES: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  C: '2.5.4.6',
  STREET: '2.5.4.9',
  DC: '0.9.2342.19200300.100.1.25',
  UID: '0.9.2342.19200300.100.1.1',
  EMAILADDRESS: '1.2.840.113549.1.9.1',
  SERIALNUMBER: '2.5.4.5',
  SN: '2.5.4.4',
  GIVENNAME: '2.5.4.42',
  GN: '2.5.4.42',
  TITLE: '2.5.4.12',
  INITIALS: '2.5.4.43',
  GENERATIONQUALIFIER: '2.5.4.44',
  DNQUALIFIER: '2.5.4.46',
  PSEUDONYM: '2.5.4.65',
  POSTALCODE: '2.5.4.17',
  DESCRIPTION: '2.5.4.13',
  BUSINESSCATEGORY: '2.5.4.15',
  ORGANIZATIONIDENTIFIER: '2.5.4.97',
  JURISDICTIONC: '1.3.6.1.4.1.311.60.2.1.3',
  JURISDICTIONST: '1.3.6.1.4.1.311.60.2.1.2',
  JURISDICTIONL: '1.3.6.1.4.1.311.60.2.1.1',
  E: '1.2.840.113549.1.9.1',
  SURNAME: '2.5.4.4',
  COMMONNAME: '2.5.4.3',
  LOCALITYNAME: '2.5.4.7',
  STATEORPROVINCENAME: '2.5.4.8',
  ORGANIZATIONNAME: '2.5.4.10',
  ORGANIZATIONALUNITNAME: '2.5.4.11',
  COUNTRYNAME: '2.5.4.6',
  STREETADDRESS: '2.5.4.9',
  DOMAINCOMPONENT: '0.9.2342.19200300.100.1.25',
  USERID: '0.9.2342.19200300.100.1.1',
};

/** The first name of each OID is the one it is written with. */
const WRITTEN: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES)
    .map(([name, oid]) => [oid, name] as const)
    .reverse(),
);

/** Characters and attributes: more than any certificate of 16 KiB is registered with. */
const LENGTH_MAX = 2_048;
const ATTRIBUTES_MAX = 64;

const OID = /^[0-2](?:\.(?:0|[1-9]\d{0,15}))+$/;

/**
 * One attribute and what ends it: `,` or `+` or the end. A value is `#` and hexadecimal digits, or
 * characters of which the special ones stand behind a backslash. RFC 4514 §3.
 *
 * Spaces behind a separator are let through, as Java and Windows write them; they mean nothing
 * there. Spaces around `=` are not: that is how OpenSSL writes names in the opposite order, and a
 * name read backwards would never match and never say why.
 */
const ATTRIBUTE =
  /[ ]*([A-Za-z][A-Za-z0-9-]*|[0-9.]+)=(?:#([0-9A-Fa-f]+)[ ]*|((?![ #])(?:[^\\",;<>+\0]|\\(?:[0-9A-Fa-f]{2}|[ "#+,;<=>\\]))*))([,+]|$)/y;

/**
 * Reads the string form of a name; undefined for anything that is not one, the one-line form of
 * OpenSSL (`/C=GB/CN=x`) among it. RFC 4514 §3.
 */
export function parseDistinguishedName(text: string): DistinguishedName | undefined {
  if (text === '') return [];
  if (text.length > LENGTH_MAX) return undefined;
  const names: NameAttribute[][] = [[]];
  let count = 0;
  ATTRIBUTE.lastIndex = 0;
  for (let match = ATTRIBUTE.exec(text); match !== null; match = ATTRIBUTE.exec(text)) {
    const [, type = '', digits, written = '', end] = match;
    const attribute = readAttribute(type, digits, written);
    if (attribute === undefined || ++count > ATTRIBUTES_MAX) return undefined;
    names.at(-1)?.push(attribute);
    if (end === '') return names.reverse();
    if (end === ',') names.push([]);
  }
  return undefined;
}

function readAttribute(
  name: string,
  digits: string | undefined,
  written: string,
): NameAttribute | undefined {
  const upper = name.toUpperCase();
  const type = Object.hasOwn(NAMES, upper) ? NAMES[upper] : OID.exec(name)?.[0];
  if (type === undefined) return undefined;
  if (digits !== undefined) return readEncoded(type, digits);
  const text = unescapeText(written);
  return text === undefined || text === '' || text.includes('\0') ? undefined : { type, text };
}

function readEncoded(type: string, digits: string): NameAttribute | undefined {
  const bytes = readHex(digits);
  const element = bytes && readDer(bytes);
  return element === undefined ? undefined : readNameAttribute(type, element);
}

/** An attribute as it is encoded. A string with NUL in it is compared with nothing: undefined. */
export function readNameAttribute(
  type: string,
  element: NonNullable<ReturnType<typeof readDer>>,
): NameAttribute | undefined {
  const text = readDerText(element);
  if (text !== undefined) return { type, text };
  return isStringTag(element.tag) ? undefined : { type, encoded: formatHex(element.bytes) };
}

const isStringTag = (tag: number): boolean => [12, 18, 19, 20, 22, 26, 28, 30].includes(tag);

/** `\,` is a comma, `\C3\A9` are two octets of UTF-8. Unescaped spaces at the end mean nothing. */
function unescapeText(written: string): string | undefined {
  let broken = false;
  const text = trimEnd(written).replace(
    /(?:\\[0-9A-Fa-f]{2})+|\\(.)/g,
    (escaped, special: string | undefined) => {
      if (special !== undefined) return special;
      const bytes = readHex(escaped.replaceAll('\\', ''));
      const decoded = bytes && decodeUtf8(bytes);
      broken ||= decoded === undefined;
      return decoded ?? '';
    },
  );
  return broken ? undefined : text;
}

/** The space of `\ ` stays. A pair is never split: what stands before the space is counted. */
function trimEnd(written: string): string {
  const trimmed = written.replace(/ +$/, '');
  const backslashes = /\\*$/.exec(trimmed)?.[0].length ?? 0;
  return backslashes % 2 === 1 ? `${trimmed} ` : trimmed;
}

/** Writes a name so that `parseDistinguishedName` reads the same one. RFC 4514 §2. */
export const formatDistinguishedName = (name: DistinguishedName): string =>
  name
    .map((relative) => relative.map(formatAttribute).join('+'))
    .reverse()
    .join(',');

function formatAttribute(attribute: NameAttribute): string {
  const type = WRITTEN.get(attribute.type) ?? attribute.type;
  return 'text' in attribute
    ? `${type}=${escapeText(attribute.text)}`
    : `${type}=#${attribute.encoded}`;
}

const escapeText = (text: string): string =>
  text.replace(/["+,;<>\\]/g, '\\$&').replace(/^[ #]| $/g, '\\$&');

/**
 * Whether two names are one. RFC 4517 §4.2.15: as many relative names in the same order, each with
 * the same attributes in any order, whose values match. RFC 8705 §2.1 leaves nothing else: a
 * comparison of the written forms would tell equal names apart.
 */
export const sameName = (a: DistinguishedName, b: DistinguishedName): boolean =>
  a.length === b.length && canonical(a) === canonical(b);

const canonical = (name: DistinguishedName): string =>
  JSON.stringify(name.map((relative) => relative.map(canonicalAttribute).sort()));

const canonicalAttribute = (attribute: NameAttribute): string =>
  'text' in attribute
    ? JSON.stringify([attribute.type, prepare(attribute.text)])
    : JSON.stringify([attribute.type, '#', attribute.encoded]);

/**
 * Prepares a value for caseIgnoreMatch (RFC 4517 §4.2.11) as RFC 4518 §2 says: case is folded,
 * compatible characters are one, spaces in a row are one and at the ends are none.
 *
 * Invisible characters are kept, where RFC 4518 §2.2 drops them: a name with one is not the name
 * that people read, so it is another name.
 */
const prepare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFKC')
    .replace(/\s+/g, ' ')
    .trim();
