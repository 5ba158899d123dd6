import { X509Certificate } from 'node:crypto';
import {
  type CertificateFacts,
  DER,
  type DerElement,
  type DistinguishedName,
  formatHex,
  type NameAttribute,
  type NumericDate,
  numericDate,
  readDer,
  readDerAll,
  readDerOid,
  readDerText,
  readNameAttribute,
} from '@tessera/protocol';
import { thumbprintOfCertificate } from './thumbprint.ts';

/**
 * A certificate, read. RFC 5280 §4.1. Nothing in it is believed yet.
 *
 * Names are read from the DER encoding and not from what Node.js prints: there a comma, a line
 * break or NUL within one value looks like the beginning of another.
 */
export type Certificate = {
  readonly facts: CertificateFacts;
  /** DER of the two names: an issuer is found by them to the octet. */
  readonly subject: string;
  readonly issuer: string;
  /** OIDs of the algorithm of the signature, and of the hash when RSASSA-PSS names one. */
  readonly signatureAlgorithm: readonly string[];
  readonly extensions: CertificateExtensions;
  /** For keys and signatures alone. */
  readonly x509: X509Certificate;
};

/** What of the extensions of RFC 5280 §4.2 decides about a path. */
export type CertificateExtensions = {
  readonly isAuthority: boolean;
  /** How many authorities may stand between this one and the end; undefined: any number. */
  readonly pathLength: number | undefined;
  /** Bits of RFC 5280 §4.2.1.3 by number; undefined: the key may be used for everything. */
  readonly keyUsage: ReadonlySet<number> | undefined;
  /** OIDs; undefined: the certificate may be used for everything. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** OIDs of what must be understood and is not, and of constraints that nobody here enforces. */
  readonly unsupported: readonly string[];
};

/** Octets. Usual ones have one or two thousand. */
export const CERTIFICATE_BYTES_MAX = 16 * 1024;

/** Extensions, names and attributes of one certificate. */
const PARTS_MAX = 256;

/** The length of the key of a certificate; undefined: it is no RSA key. */
export const rsaBitsOf = ({ x509 }: Pick<Certificate, 'x509'>): number | undefined =>
  x509.publicKey.asymmetricKeyDetails?.modulusLength;

/** undefined for what is no certificate of version 3 or 1, and for names that have NUL in them. */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  if (der.length > CERTIFICATE_BYTES_MAX) return undefined;
  const fields = readFields(der);
  if (fields === undefined) return undefined;
  const subject = readName(fields.subject);
  const dates = readValidity(fields.validity);
  const signatureAlgorithm = readSignatureAlgorithm(fields.signatureAlgorithm);
  const extensions = readExtensions(fields.extensions);
  const names = extensions && readAlternativeNames(extensions.get(OIDS.subjectAlternativeName));
  const decisive = extensions && readDecisive(extensions);
  const x509 = readX509(der);
  if (!subject || !dates || !signatureAlgorithm || !names || !decisive || !x509) return undefined;
  return {
    facts: {
      subject,
      ...names,
      ...dates,
      isAuthority: decisive.isAuthority,
      thumbprint: thumbprintOfCertificate(der),
    },
    subject: formatHex(fields.subject.bytes),
    issuer: formatHex(fields.issuer.bytes),
    signatureAlgorithm,
    extensions: decisive,
    x509,
  };
}

function readX509(der: Uint8Array): X509Certificate | undefined {
  try {
    const x509 = new X509Certificate(der);
    // Keys of curves and kinds that this build of OpenSSL does not have throw where they are used.
    return x509.publicKey.type === 'public' ? x509 : undefined;
  } catch {
    return undefined;
  }
}

const OIDS = {
  subjectAlternativeName: '2.5.29.17',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** Those that may be critical. Policies are any: nothing here asks for one. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  OIDS.subjectAlternativeName,
  OIDS.keyUsage,
  OIDS.basicConstraints,
  OIDS.extendedKeyUsage,
  '2.5.29.32',
]);

const CONTEXT = 0xa0;

/** Certificate and TBSCertificate, RFC 5280 §4.1, without what nothing is decided by. */
function readFields(der: Uint8Array) {
  const [tbs, signatureAlgorithm, signature, ...beyond] = readSequence(readDer(der)) ?? [];
  if (signature?.tag !== DER.bitString || beyond.length > 0) return undefined;
  const fields = [...(readSequence(tbs) ?? [])];
  const version = fields[0]?.tag === CONTEXT ? fields.shift() : undefined;
  const [serial, algorithm, issuer, validity, subject, publicKey, ...optional] = fields;
  if (serial?.tag !== DER.integer || publicKey?.tag !== DER.sequence) return undefined;
  if (!issuer || !validity || !subject || !signatureAlgorithm || !algorithm) return undefined;
  // §4.1.1.2: "MUST contain the same algorithm identifier".
  if (formatHex(algorithm.bytes) !== formatHex(signatureAlgorithm.bytes)) return undefined;
  const extensions = optional.find(({ tag }) => tag === CONTEXT + 3);
  if (extensions !== undefined && !isVersion3(version)) return undefined;
  return { issuer, validity, subject, signatureAlgorithm, extensions };
}

const isVersion3 = (version: DerElement | undefined): boolean =>
  version !== undefined && formatHex(version.content) === '020102';

function readSequence(
  element: DerElement | undefined,
  tag: number = DER.sequence,
): readonly DerElement[] | undefined {
  if (element?.tag !== tag) return undefined;
  const parts = readDerAll(element.content);
  return parts !== undefined && parts.length <= PARTS_MAX ? parts : undefined;
}

/** `Name`: SETs of pairs of type and value. RFC 5280 §4.1.2.4. */
function readName(element: DerElement): DistinguishedName | undefined {
  const name: NameAttribute[][] = [];
  for (const set of readSequence(element) ?? [undefined]) {
    const relative = (readSequence(set, DER.set) ?? []).map(readPair);
    if (relative.length === 0 || !relative.every((one) => one !== undefined)) return undefined;
    name.push(relative);
  }
  return name;
}

function readPair(element: DerElement): NameAttribute | undefined {
  const [type, value, ...beyond] = readSequence(element) ?? [];
  const oid = type && readDerOid(type);
  return oid === undefined || value === undefined || beyond.length > 0
    ? undefined
    : readNameAttribute(oid, value);
}

function readValidity(element: DerElement) {
  const [from, until, ...beyond] = readSequence(element) ?? [];
  const notBefore = from && readTime(from);
  const notAfter = until && readTime(until);
  if (notBefore === undefined || notAfter === undefined || beyond.length > 0) return undefined;
  return { notBefore, notAfter };
}

/** `YYMMDDHHMMSSZ` until 2049, `YYYYMMDDHHMMSSZ` from then on. RFC 5280 §4.1.2.5. */
function readTime(element: DerElement): NumericDate | undefined {
  const text = Buffer.from(element.content).toString('latin1');
  const digits =
    element.tag === DER.utcTime
      ? `${text < '5' ? '20' : '19'}${text}`
      : element.tag === DER.generalizedTime
        ? text
        : '';
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map(Number);
  const iso = `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}.000Z`;
  const milliseconds = Date.UTC(year, month - 1, day, hour, minute, second);
  return new Date(milliseconds).toISOString() === iso
    ? numericDate(milliseconds / 1000)
    : undefined;
}

/** RFC 4055 §3.1: RSASSA-PSS names its hash in parameters, and SHA-1 when it has none. */
function readSignatureAlgorithm(element: DerElement): readonly string[] | undefined {
  const [type, parameters] = readSequence(element) ?? [];
  const oid = type && readDerOid(type);
  if (oid === undefined) return undefined;
  const hash = readSequence(parameters)?.find(({ tag }) => tag === CONTEXT);
  const [named] = readSequence(hash && readDer(hash.content)) ?? [];
  const hashOid = named && readDerOid(named);
  return hashOid === undefined ? [oid] : [oid, hashOid];
}

type Extension = { readonly critical: boolean; readonly value: DerElement | undefined };

/** By OID, each once: RFC 5280 §4.2. */
function readExtensions(element: DerElement | undefined) {
  const extensions = new Map<string, Extension>();
  if (element === undefined) return extensions;
  for (const one of readSequence(readDer(element.content)) ?? [undefined]) {
    const parts = [...(readSequence(one) ?? [])];
    const [type] = parts.splice(0, 1);
    const flag = parts[0]?.tag === DER.boolean ? parts.shift() : undefined;
    const [value, ...beyond] = parts;
    const oid = type && readDerOid(type);
    if (oid === undefined || value?.tag !== DER.octetString || beyond.length > 0) return undefined;
    if (extensions.has(oid)) return undefined;
    extensions.set(oid, {
      critical: flag !== undefined && flag.content[0] !== 0,
      value: readDer(value.content),
    });
  }
  return extensions;
}

/** `GeneralName` of RFC 5280 §4.2.1.6; kinds that nobody can register are passed over. */
function readAlternativeNames(extension: Extension | undefined) {
  const names = { dnsNames: [], uris: [], ipAddresses: [], emails: [] } as {
    [Kind in 'dnsNames' | 'uris' | 'ipAddresses' | 'emails']: string[];
  };
  if (extension === undefined) return names;
  for (const name of readSequence(extension.value) ?? [undefined]) {
    if (name === undefined) return undefined;
    const kind = TEXT_NAMES[name.tag];
    if (kind !== undefined) {
      const text = readDerText({ ...name, tag: IA5_STRING });
      if (text === undefined) return undefined;
      names[kind].push(text);
    } else if (name.tag === IP_ADDRESS) {
      if (name.content.length !== 4 && name.content.length !== 16) return undefined;
      names.ipAddresses.push(formatHex(name.content));
    }
  }
  return names;
}

const IA5_STRING = 22;
const IP_ADDRESS = 0x87;
const TEXT_NAMES: Readonly<Record<number, 'dnsNames' | 'uris' | 'emails'>> = {
  129: 'emails',
  130: 'dnsNames',
  134: 'uris',
};

function readDecisive(
  extensions: ReadonlyMap<string, Extension>,
): CertificateExtensions | undefined {
  const constraints = readBasicConstraints(extensions.get(OIDS.basicConstraints));
  const keyUsage = readKeyUsage(extensions.get(OIDS.keyUsage));
  const extendedKeyUsage = readUsages(extensions.get(OIDS.extendedKeyUsage));
  if (constraints === 'malformed' || keyUsage === 'malformed' || extendedKeyUsage === 'malformed')
    return undefined;
  const unsupported = [...extensions]
    .filter(([oid, { critical }]) =>
      critical ? !UNDERSTOOD.has(oid) : oid === OIDS.nameConstraints,
    )
    .map(([oid]) => oid);
  return { ...constraints, keyUsage, extendedKeyUsage, unsupported };
}

/** RFC 5280 §4.2.1.9. */
function readBasicConstraints(extension: Extension | undefined) {
  if (extension === undefined) return { isAuthority: false, pathLength: undefined };
  const parts = [...(readSequence(extension.value) ?? [])];
  if (extension.value?.tag !== DER.sequence) return 'malformed';
  const flag = parts[0]?.tag === DER.boolean ? parts.shift() : undefined;
  const [length, ...beyond] = parts;
  const octet = length?.content[0] ?? 0;
  // Longer paths than 127 are longer than any that is followed.
  if (length !== undefined && (length.tag !== DER.integer || octet > 127)) return 'malformed';
  if (beyond.length > 0) return 'malformed';
  return {
    isAuthority: flag !== undefined && flag.content[0] !== 0,
    pathLength: length === undefined || length.content.length > 1 ? undefined : octet,
  };
}

/** RFC 5280 §4.2.1.3: the first octet tells how many bits of the last one mean nothing. */
function readKeyUsage(extension: Extension | undefined) {
  if (extension === undefined) return undefined;
  const { value } = extension;
  if (value?.tag !== DER.bitString || value.content.length > 3) return 'malformed';
  const bits = new Set<number>();
  for (const [index, octet] of value.content.subarray(1).entries())
    for (let bit = 0; bit < 8; bit++) if (octet & (0x80 >> bit)) bits.add(index * 8 + bit);
  return bits;
}

/** RFC 5280 §4.2.1.12. */
function readUsages(extension: Extension | undefined) {
  if (extension === undefined) return undefined;
  const usages = readSequence(extension.value)?.map(readDerOid);
  return usages?.every((usage) => usage !== undefined) ? usages : 'malformed';
}
