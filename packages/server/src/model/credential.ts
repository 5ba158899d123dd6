import type { NumericDate } from '@tessera/protocol';

/** One way a client proves itself. A client may hold several; rotation is two at once. */
export type Credential = {
  readonly realm: string;
  readonly clientId: string;
  readonly id: string;
  readonly kind: 'secret';
  readonly label: string;
  /**
   * `generated`: 256 random bits, kept as HMAC-SHA-256 under the pepper.
   * `chosen`: by a person, kept as argon2id.
   */
  readonly origin: 'generated' | 'chosen';
  readonly digest: string;
  /** The last four characters, so that people can tell secrets apart; empty for chosen ones. */
  readonly lastFour: string;
  readonly createdAt: NumericDate;
  readonly expiresAt: NumericDate | undefined;
  /** When it was last believed; behind by up to the flush interval of the recorder. */
  readonly lastUsedAt: NumericDate | undefined;
  readonly revision: number;
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
