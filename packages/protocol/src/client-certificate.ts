import {
  type DistinguishedName,
  formatDistinguishedName,
  parseDistinguishedName,
  sameName,
} from './distinguished-name.ts';
import { type IpAddress, readIpAddress } from './ip-address.ts';
import { ok, type Result, refuse } from './result.ts';
import { isSpiffePattern, matchesSpiffePattern } from './spiffe-id.ts';
import type { NumericDate } from './time.ts';

/** A certificate as a caller has shown it, and those that it has sent along, all in DER. */
export type PresentedCertificate = {
  readonly leaf: Uint8Array;
  readonly chain: readonly Uint8Array[];
};

/** What of a certificate is judged. Whether it can be believed was decided before. */
export type CertificateFacts = {
  readonly subject: DistinguishedName;
  /** Names of its subject alternative name, RFC 5280 §4.2.1.6, as they are written there. */
  readonly dnsNames: readonly string[];
  readonly uris: readonly string[];
  /** Octets in lower-case hexadecimal: 8 digits, or 32 for version 6. */
  readonly ipAddresses: readonly string[];
  readonly emails: readonly string[];
  /** Whether it may issue others, which no workload of SPIFFE may. */
  readonly isAuthority: boolean;
  readonly notBefore: NumericDate;
  readonly notAfter: NumericDate;
  /** `x5t#S256`: SHA-256 of the DER encoding in base64url. RFC 8705 §3.1. */
  readonly thumbprint: string;
};

/** The five ways to say whose certificate a client has. RFC 8705 §2.1.2. */
export const CERTIFICATE_SUBJECT_KINDS = [
  'subject_dn',
  'san_dns',
  'san_uri',
  'san_ip',
  'san_email',
] as const;

export type CertificateSubjectKind = (typeof CERTIFICATE_SUBJECT_KINDS)[number];

/** The metadata `tls_client_auth_subject_dn`, `tls_client_auth_san_dns` and so on. */
export type CertificateSubject = {
  readonly kind: CertificateSubjectKind;
  readonly value: string;
};

/** Characters. A SPIFFE ID may have as many; the other kinds have fewer by far. */
const VALUE_MAX = 2_048;

/**
 * Reads what a client is registered with; the refusal says what would be right. RFC 8705 §2.1.2.
 * An address is kept as it was written, and a name in the one form of RFC 4514 §2.
 */
export function readCertificateSubject(
  kind: CertificateSubjectKind,
  value: string,
): Result<CertificateSubject, string> {
  if (value.length > VALUE_MAX) return refuse(`at most ${VALUE_MAX} characters`);
  if (kind === 'subject_dn') {
    const name = parseDistinguishedName(value);
    return name === undefined || name.length === 0
      ? refuse('a distinguished name as in RFC 4514: CN=billing,O=Example,C=GB')
      : ok({ kind, value: formatDistinguishedName(name) });
  }
  const [isWellFormed, words] = SYNTAX[kind];
  return isWellFormed(value) ? ok({ kind, value }) : refuse(words);
}

/** RFC 1034 §3.5, with the underscore that names of services have. No wildcard: §2.1.2 has none. */
const DNS_NAME =
  /^(?!.{254})[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*$/;

const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$/;

const EMAIL = /^[\x21-\x3f\x41-\x7e]{1,64}@([A-Za-z0-9.-]{1,253})$/;

const isEmail = (value: string): boolean => DNS_NAME.test(EMAIL.exec(value)?.[1] ?? '');

const isUri = (value: string): boolean =>
  /^spiffe:/i.test(value) ? isSpiffePattern(value) : URI.test(value);

const SYNTAX = {
  san_dns: [(value) => DNS_NAME.test(value), 'a host name without wildcard: billing.example.com'],
  san_uri: [isUri, 'a URI: spiffe://example.com/billing, or spiffe://example.com/billing/*'],
  san_ip: [(value) => readIpAddress(value) !== undefined, 'an address: 192.0.2.7 or 2001:db8::7'],
  san_email: [isEmail, 'an address: billing@example.com'],
} as const satisfies Record<
  Exclude<CertificateSubjectKind, 'subject_dn'>,
  readonly [(value: string) => boolean, string]
>;

/** Whether a certificate is the subject's. RFC 8705 §2.1.2: the one name that was registered. */
export function matchesSubject(
  facts: CertificateFacts,
  { kind, value }: CertificateSubject,
): boolean {
  switch (kind) {
    case 'subject_dn': {
      const expected = parseDistinguishedName(value);
      return expected !== undefined && expected.length > 0 && sameName(facts.subject, expected);
    }
    case 'san_dns':
      return facts.dnsNames.some((name) => foldAscii(name) === foldAscii(value));
    case 'san_uri':
      return isSpiffePattern(value)
        ? !facts.isAuthority && matchesSpiffePattern(facts.uris, value)
        : facts.uris.includes(value);
    case 'san_ip': {
      const expected = readIpAddress(value);
      return expected !== undefined && facts.ipAddresses.includes(octetsOf(expected));
    }
    case 'san_email':
      return facts.emails.some((email) => foldDomain(email) === foldDomain(value));
  }
}

const octetsOf = ({ family, value }: IpAddress): string =>
  value.toString(16).padStart(family === 4 ? 8 : 32, '0');

/** Names of hosts compare without case in ASCII and no further. RFC 4343 §3. */
const foldAscii = (text: string): string =>
  text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** RFC 5280 §7.5: the local part as it is, the domain without case. */
const foldDomain = (email: string): string => {
  const at = email.lastIndexOf('@');
  return email.slice(0, at) + foldAscii(email.slice(at));
};
