import type { PresentedCertificate } from '@tessera/protocol';

/**
 * How a proxy writes the certificate that it has seen into a header.
 *
 * Each reader is given the value of the header, and of the header with the chain where the format
 * has one; it answers undefined for what its format is not.
 */
export const CERTIFICATE_FORMATS = {
  rfc9440: readRfc9440,
  'url-encoded-pem': (value: string) => readPem(decodePercent(value)),
  'base64-der': (value: string) => present([readBase64(value)]),
  xfcc: readXfcc,
} as const satisfies Record<
  string,
  (value: string, chain: string | undefined) => PresentedCertificate | undefined
>;

export type CertificateFormat = keyof typeof CERTIFICATE_FORMATS;

/** A certificate, and as many above it as a chain may have. */
const CERTIFICATES_MAX = 6;

/** RFC 9440 §2.1: a Byte Sequence of RFC 8941 §3.3.5. */
const BYTE_SEQUENCE = /^ *:([A-Za-z0-9+/]*={0,2}): *$/;

/** RFC 9440 §2.2 and §2.3: one certificate, and a List of those above it in order. */
function readRfc9440(value: string, chain: string | undefined): PresentedCertificate | undefined {
  const items = [value, ...(chain === undefined ? [] : chain.split(',', CERTIFICATES_MAX + 1))];
  return present(items.map((item) => readBase64(BYTE_SEQUENCE.exec(item)?.[1])));
}

const PEM_BEGIN = '-----BEGIN CERTIFICATE-----';
const PEM_REST = /^([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/;

/** RFC 7468 §5.1: one certificate, or one and those above it. */
function readPem(text: string | undefined): PresentedCertificate | undefined {
  const [before, ...rests] = (text ?? '').split(PEM_BEGIN, CERTIFICATES_MAX + 2);
  if (before?.trim() !== '') return undefined;
  return present(rests.map((rest) => readBase64(PEM_REST.exec(rest)?.[1]?.replace(/\s/g, ''))));
}

/**
 * One element of Envoy's `x-forwarded-client-cert`: pairs of key and value with `;` between. Of
 * several elements nobody could tell which hop has seen what, so the proxy must replace the header.
 */
const XFCC_PAIR = /(?:^|;) *([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^",;=]*))/y;

function readXfcc(value: string): PresentedCertificate | undefined {
  const pairs = new Map<string, string>();
  XFCC_PAIR.lastIndex = 0;
  let end = 0;
  for (let match = XFCC_PAIR.exec(value); match !== null; match = XFCC_PAIR.exec(value)) {
    const [whole, key = '', quoted, bare = ''] = match;
    // Subjects and names may be there several times; they are not what is read here.
    const known = key.toLowerCase();
    if (whole === '' || (pairs.has(known) && known !== 'uri' && known !== 'dns')) return undefined;
    pairs.set(known, quoted ?? bare);
    end = XFCC_PAIR.lastIndex;
  }
  if (end !== value.length) return undefined;
  const leaf = pairs.get('cert');
  const chain = pairs.get('chain');
  if (leaf === undefined) return undefined;
  const own = readPem(decodePercent(leaf));
  if (own === undefined || chain === undefined) return own;
  // The chain begins with the certificate itself.
  const all = readPem(decodePercent(chain));
  return all?.leaf.toString() === own.leaf.toString() ? all : undefined;
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** RFC 4648 §4, padded: what else decodes to the same octets is not what a proxy writes. */
function readBase64(text: string | undefined): Uint8Array | undefined {
  if (text === undefined || text === '' || !BASE64.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

function present(
  certificates: readonly (Uint8Array | undefined)[],
): PresentedCertificate | undefined {
  if (certificates.length > CERTIFICATES_MAX) return undefined;
  const [leaf, ...chain] = certificates;
  if (leaf === undefined || !chain.every((one) => one !== undefined)) return undefined;
  return { leaf, chain };
}
