import type { NumericDate } from '@tessera/protocol';

/**
 * A certificate authority whose client certificates a realm believes. RFC 8705 §7.5: "it is
 * RECOMMENDED that" only those are trusted that issue certificates for this purpose.
 */
export type TrustedAuthority = {
  readonly realm: string;
  readonly id: string;
  readonly name: string;
  /** DER, base64. */
  readonly certificate: string;
  /** SHA-256 of the DER, base64url. */
  readonly thumbprint: string;
  readonly createdAt: NumericDate;
  readonly revision: number;
};

/** Chains are built against all of a realm's. */
export const TRUSTED_AUTHORITIES_MAX = 50;
