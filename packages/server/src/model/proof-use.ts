import type { NumericDate } from '@tessera/protocol';

/* What is written down of proofs that were believed: when, and that they are used up. */

export type CredentialUse = {
  readonly realm: string;
  readonly clientId: string;
  readonly credentialId: string;
  readonly at: NumericDate;
  /** From where, as a trusted proxy tells it or the connection. */
  readonly address: string;
};

/** The `jti` of a client assertion or DPoP proof, with whose it is, as the caller digests it. */
export type SpentIdentifier = {
  /** SHA-256, base64url. */
  readonly digest: string;
  /** A whole second from which on nobody accepts what it identifies, leeway included. */
  readonly expiresAt: NumericDate;
};

export type SpendOutcome = 'spent' | 'already_spent';
