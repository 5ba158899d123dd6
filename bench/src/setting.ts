import type { JWK } from 'jose';

/**
 * What all three servers are set to, so that they answer the same question with answers of the
 * same size.
 */
export const PUBLIC_URL = 'https://auth.example.com';
export const REALM = 'alpha';
export const REALM_PATH = `/am/oauth2/realms/root/realms/${REALM}`;
export const ISSUER = `${PUBLIC_URL}${REALM_PATH}`;
export const SCOPE = 'write';
export const TOKEN_LIFETIME_SECONDS = 3600;

/** Which tokens a measured client gets, or what is special about how it proves itself. */
export const CLIENT_KINDS = ['jwt', 'opaque', 'chosen', 'keyed', 'proving'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

export type ClientAccount = {
  readonly clientId: string;
  readonly secret: string;
  /** What it signs assertions or proofs with: a private key for ES256. */
  readonly key?: JWK;
};
export type ClientAccounts = { readonly [Kind in ClientKind]: ClientAccount };

/**
 * A secret that a person would choose; the others are generated, as in production. Secrets that
 * everybody knows from documentation are refused by a server that is not a demo.
 */
export const CHOSEN_SECRET = 'olive-tile-1843';
