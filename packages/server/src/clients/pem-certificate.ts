import { ok, type Result, refuse } from '@tessera/protocol';
import { type Certificate, readCertificate } from './read-certificate.ts';

/** A certificate that somebody sent to be kept, with what it is kept as. */
export type SentCertificate = {
  readonly certificate: Certificate;
  /** DER, base64. */
  readonly base64: string;
};

/** One block of text, and the label that says what is in it. RFC 7468 §2 */
const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,64})-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;

/**
 * Reads one certificate in PEM; the refusal says what is wrong with it, for the person who sent
 * it. RFC 7468 §5.1. Text around it, as OpenSSL writes it, is passed over.
 *
 * A private key beside it is refused: it has been somewhere where it should never be.
 */
export function readPemCertificate(text: string): Result<SentCertificate, string> {
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text))
    return refuse('comes with its private key: whoever sent it should make a new one');
  const blocks = [...text.matchAll(BLOCK)].filter(([, label]) => label === 'CERTIFICATE');
  const [block, another] = blocks;
  if (block === undefined) return refuse('is not in PEM, which begins with BEGIN CERTIFICATE');
  if (another !== undefined) return refuse('is not one but several: send them one at a time');
  const der = Buffer.from(block[2] ?? '', 'base64');
  const certificate = readCertificate(der);
  return certificate === undefined
    ? refuse('is no X.509 certificate that can be read')
    : ok({ certificate, base64: der.toString('base64') });
}

/** RFC 7468 §5.1, in lines of 64 characters. */
export const formatPemCertificate = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
