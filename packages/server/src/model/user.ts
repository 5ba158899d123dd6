import type { NumericDate } from '@tessera/protocol';

/** A person's profile in a realm: application owner, resource owner, or administrator. */
export type User = {
  readonly realm: string;
  readonly id: string;
  readonly userName: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly enabled: boolean;
  /** argon2id in PHC form; undefined for a profile nobody signs in with. */
  readonly passwordHash: string | undefined;
  /** The password was chosen by somebody else and must be replaced at the first sign-in. */
  readonly passwordOneTime: boolean;
  readonly roles: readonly Role[];
  /** What a surface that speaks another product's language was told and nothing here reads. */
  readonly keptAttributes: Readonly<Record<string, unknown>> | undefined;
  readonly createdAt: NumericDate;
  readonly revision: number;
};

/**
 * What a person may administer. `administrator` and `auditor` in the root realm reach every
 * realm; the same roles in another realm, and `realm-administrator`, reach that realm alone.
 * An application owner needs no role: owning is a relation between a user and an application.
 */
export const ROLES = ['administrator', 'realm-administrator', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Two user names with one key are the same name: case and width of letters tell nobody apart.
 * Whatever finds users or counts what was tried in their name goes by this key.
 */
export const userNameKey = (userName: string): string => userName.normalize('NFKC').toLowerCase();
