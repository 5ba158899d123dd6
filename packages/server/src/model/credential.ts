import type { ClaimCondition, NumericDate, VerificationKey } from '@tessera/protocol';

/** One way a client proves itself. A client may hold several; rotation is two at once. */
export type Credential = {
  readonly realm: string;
  readonly clientId: string;
  readonly id: string;
  readonly label: string;
  readonly material: Material;
  readonly createdAt: NumericDate;
  readonly expiresAt: NumericDate | undefined;
  /** When it was last believed; behind by up to the flush interval of the recorder. */
  readonly lastUsedAt: NumericDate | undefined;
  /** From where that was. */
  readonly lastUsedAddress: string | undefined;
  readonly revision: number;
};

/** What a credential consists of. Nothing in it lets whoever reads it be the client. */
export type Material =
  | SecretMaterial
  | PublicKeyMaterial
  | JwksUriMaterial
  | CertificateMaterial
  | CertificateSubjectMaterial
  | TrustedIssuerMaterial;

export type MaterialKind = Material['kind'];

export type SecretMaterial = {
  readonly kind: 'secret';
  /**
   * `generated`: 256 random bits, kept as HMAC-SHA-256 under the pepper.
   * `chosen`: by a person, kept as argon2id.
   */
  readonly origin: 'generated' | 'chosen';
  readonly digest: string;
  /** The last four characters, so that people can tell secrets apart; empty for chosen ones. */
  readonly lastFour: string;
  /**
   * The secret itself, sealed under the master key: only where an administrator asked for
   * `client_secret_jwt`, which cannot be verified otherwise.
   */
  readonly sealed?: string;
};

/** A key of which the client has the private half. RFC 7523 §2.2 */
export type PublicKeyMaterial = {
  readonly kind: 'public_key';
  readonly key: VerificationKey;
  /** RFC 7638 §3, with SHA-256. */
  readonly thumbprint: string;
};

/** Keys that the client publishes. RFC 7591 §2 */
export type JwksUriMaterial = { readonly kind: 'jwks_uri'; readonly uri: string };

/** One certificate, whoever signed it. RFC 8705 §2.2 */
export type CertificateMaterial = {
  readonly kind: 'certificate';
  /** SHA-256 of the DER, base64url. RFC 8705 §3.1 */
  readonly thumbprint: string;
  /** DER, base64. */
  readonly certificate: string;
  /** When it ends itself, whatever was set here. RFC 5280 §4.1.2.5 */
  readonly notAfter: NumericDate;
};

/** Any certificate of this subject that a trusted authority of the realm signed. RFC 8705 §2.1 */
export type CertificateSubjectMaterial = {
  readonly kind: 'certificate_subject';
  readonly subjectKind: 'subject_dn' | 'san_dns' | 'san_uri' | 'san_ip' | 'san_email';
  readonly subject: string;
};

/** A workload that another issuer vouches for. RFC 7521 §4.2 */
export type TrustedIssuerMaterial = {
  readonly kind: 'trusted_issuer';
  readonly issuerId: string;
  /** All of them must hold for the claims of the assertion. */
  readonly conditions: readonly ClaimCondition[];
};

/**
 * Secrets that documentation prints and everybody knows. Only a server that was told to, the
 * demonstration among them, believes them.
 */
export const DEMO_SECRETS: ReadonlySet<string> = new Set(['forgerock']);

/** More than two are for overlapping rotations; the bound keeps authentication cheap. */
export const CREDENTIALS_MAX = 10;

export const isExpired = (credential: Credential, now: NumericDate): boolean =>
  credential.expiresAt !== undefined && credential.expiresAt <= now;

/** When it counts no more: what was set, or its certificate's own end; undefined: never. */
export function endOfCredential({ material, expiresAt }: Credential): NumericDate | undefined {
  if (material.kind !== 'certificate') return expiresAt;
  return expiresAt !== undefined && expiresAt < material.notAfter ? expiresAt : material.notAfter;
}

/** A credential of one kind. */
export type CredentialOf<Kind extends MaterialKind> = Credential & {
  readonly material: Extract<Material, { kind: Kind }>;
};

export const isOfKind = <Kind extends MaterialKind>(
  credential: Credential,
  kind: Kind,
): credential is CredentialOf<Kind> => credential.material.kind === kind;
