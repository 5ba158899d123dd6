import type { KeyObject } from 'node:crypto';
import { type NumericDate, ok, type Result, refuse } from '@tessera/protocol';
import type { Certificate } from './read-certificate.ts';

/** Between a certificate and the authority of the realm. Public ones have one or two. */
export const INTERMEDIATES_MAX = 5;

/** Signatures that one presented chain may cost, however it is tangled. */
const SIGNATURES_MAX = 16;

/** RFC 5280 §4.2.1.3: bits of a key usage. */
const DIGITAL_SIGNATURE = 0;
const KEY_AGREEMENT = 4;
const KEY_CERT_SIGN = 5;

/** RFC 5280 §4.2.1.12. */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_USAGE = '2.5.29.37.0';

/** Why a certificate is not believed; a refusal, once it is known whose it should have been. */
export type CertificateProblem =
  | {
      readonly reason:
        | 'certificate_untrusted'
        | 'certificate_expired'
        | 'certificate_not_yet_valid'
        | 'certificate_usage_wrong'
        | 'certificate_weak';
    }
  | { readonly reason: 'certificate_unsupported'; readonly extension: string };

/**
 * Looks for a path from a certificate to an authority that the realm trusts, every part of which
 * holds at `now`. RFC 5280 §6.1, as RFC 8705 §2.1 asks; the system's own authorities count for
 * nothing. Answers with the authority.
 *
 * That the caller has the private key was shown to TLS. Revocation lists are not asked.
 */
export function verifyCertificateChain(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  authorities: readonly Certificate[],
  now: NumericDate,
): Result<Certificate, CertificateProblem> {
  if (intermediates.length > INTERMEDIATES_MAX) return refuse({ reason: 'certificate_untrusted' });
  const problem = checkLeaf(leaf, now);
  if (problem !== undefined) return refuse(problem);
  const search = { intermediates, authorities, now, signatures: SIGNATURES_MAX };
  return findAuthority(search, leaf, []);
}

type Search = {
  readonly intermediates: readonly Certificate[];
  readonly authorities: readonly Certificate[];
  readonly now: NumericDate;
  signatures: number;
};

/** `path` is what stands between the end and `below`, `below` included when it is an issuer. */
function findAuthority(
  search: Search,
  below: Certificate,
  path: readonly Certificate[],
): Result<Certificate, CertificateProblem> {
  let problem: CertificateProblem = { reason: 'certificate_untrusted' };
  for (const issuer of search.authorities) {
    if (!hasIssued(search, issuer, below)) continue;
    const found = checkIssuer(issuer, path, search.now);
    if (found === undefined) return ok(issuer);
    problem = found;
  }
  for (const issuer of search.intermediates) {
    if (path.includes(issuer) || !hasIssued(search, issuer, below)) continue;
    const found = checkIssuer(issuer, path, search.now);
    if (found !== undefined) problem = found;
    else {
      const above = findAuthority(search, issuer, [...path, issuer]);
      if (above.ok) return above;
      if (above.refusal.reason !== 'certificate_untrusted') problem = above.refusal;
    }
  }
  return refuse(problem);
}

/** Name first, to the octet; only then the signature, which costs something. */
function hasIssued(search: Search, issuer: Certificate, subject: Certificate): boolean {
  if (issuer.subject !== subject.issuer || issuer === subject) return false;
  if (!isStrongSignature(subject) || !isStrongKey(issuer.x509.publicKey)) return false;
  if (!subject.x509.checkIssued(issuer.x509) || search.signatures-- <= 0) return false;
  return subject.x509.verify(issuer.x509.publicKey);
}

function checkLeaf(leaf: Certificate, now: NumericDate): CertificateProblem | undefined {
  const { keyUsage } = leaf.extensions;
  if (!isStrongKey(leaf.x509.publicKey) || !isStrongSignature(leaf))
    return { reason: 'certificate_weak' };
  if (keyUsage !== undefined && !keyUsage.has(DIGITAL_SIGNATURE) && !keyUsage.has(KEY_AGREEMENT))
    return { reason: 'certificate_usage_wrong' };
  return checkCommon(leaf, now);
}

function checkIssuer(
  issuer: Certificate,
  path: readonly Certificate[],
  now: NumericDate,
): CertificateProblem | undefined {
  const { isAuthority, keyUsage, pathLength } = issuer.extensions;
  if (!isAuthority || keyUsage?.has(KEY_CERT_SIGN) === false)
    return { reason: 'certificate_untrusted' };
  // RFC 5280 §6.1.4: one that an authority has issued to itself does not count.
  const length = path.filter(({ subject, issuer: by }) => subject !== by).length;
  if (pathLength !== undefined && length > pathLength) return { reason: 'certificate_untrusted' };
  return checkCommon(issuer, now);
}

/**
 * Whether a certificate that is registered itself may still be used: who signed it, and for what,
 * does not matter (RFC 8705 §2.2), but its key and its own time do.
 */
export const checkRegistered = (
  certificate: Certificate,
  now: NumericDate,
): CertificateProblem | undefined =>
  isStrongKey(certificate.x509.publicKey)
    ? checkTime(certificate, now)
    : { reason: 'certificate_weak' };

/** Whether a certificate can be the authority at the end of a path. RFC 5280 §6.1 */
export const checkAuthority = (
  certificate: Certificate,
  now: NumericDate,
): CertificateProblem | undefined =>
  isStrongKey(certificate.x509.publicKey)
    ? checkIssuer(certificate, [], now)
    : { reason: 'certificate_weak' };

function checkTime({ facts }: Certificate, now: NumericDate): CertificateProblem | undefined {
  if (now < facts.notBefore) return { reason: 'certificate_not_yet_valid' };
  return now > facts.notAfter ? { reason: 'certificate_expired' } : undefined;
}

/** What holds for every certificate of a path. */
function checkCommon(certificate: Certificate, now: NumericDate): CertificateProblem | undefined {
  const { extendedKeyUsage: usages, unsupported } = certificate.extensions;
  const problem = checkTime(certificate, now);
  if (problem !== undefined) return problem;
  if (usages !== undefined && !usages.includes(CLIENT_AUTH) && !usages.includes(ANY_USAGE))
    return { reason: 'certificate_usage_wrong' };
  const [extension] = unsupported;
  return extension === undefined ? undefined : { reason: 'certificate_unsupported', extension };
}

/** NIST SP 800-131A: 112 bits and more. Larger RSA keys than these only cost time. */
const RSA_BITS = { min: 2_048, max: 8_192 } as const;
const EXPONENT_MAX = 0xffff_ffffn;
const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

function isStrongKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n, namedCurve = '' } = asymmetricKeyDetails ?? {};
  switch (asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return (
        modulusLength >= RSA_BITS.min &&
        modulusLength <= RSA_BITS.max &&
        publicExponent <= EXPONENT_MAX
      );
    case 'ec':
      return CURVES.has(namedCurve);
    default:
      return asymmetricKeyType === 'ed25519' || asymmetricKeyType === 'ed448';
  }
}

const RSASSA_PSS = '1.2.840.113549.1.1.10';

/** RSA and ECDSA with SHA-256, SHA-384 and SHA-512; Ed25519 and Ed448. */
const SIGNATURE_ALGORITHMS: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '1.3.101.112',
  '1.3.101.113',
]);

/** SHA-256, SHA-384, SHA-512. */
const HASHES: ReadonlySet<string> = new Set([
  '2.16.840.1.101.3.4.2.1',
  '2.16.840.1.101.3.4.2.2',
  '2.16.840.1.101.3.4.2.3',
]);

function isStrongSignature({ signatureAlgorithm: [oid = '', hash = ''] }: Certificate): boolean {
  return oid === RSASSA_PSS ? HASHES.has(hash) : SIGNATURE_ALGORITHMS.has(oid);
}
