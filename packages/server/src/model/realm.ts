import type { NumericDate } from '@tessera/protocol';

/**
 * A tenant: one issuer. Nothing crosses its border. The root realm is named `root`, its path is
 * `/`; every other realm is its child.
 */
export type Realm = {
  readonly name: string;
  readonly displayName: string;
  readonly enabled: boolean;
  /** Tokens issued before this instant are void, whoever holds them. 0: none are. */
  readonly tokensValidFrom: NumericDate;
  readonly createdAt: NumericDate;
  readonly revision: number;
};

export const ROOT_REALM = 'root';

/** Words that are endpoints or path segments and would make `/am/oauth2/{realm}/…` ambiguous. */
const RESERVED = new Set([
  'root',
  'realms',
  'access_token',
  'introspect',
  'tokeninfo',
  'token',
  'connect',
  'register',
  'authorize',
  'json',
]);

/** Lower-case ASCII only, so that no two names look alike or differ by case. */
export const isRealmName = (name: string): boolean =>
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name) && !RESERVED.has(name);

/** The path of a realm as PingAM writes it: `/`, `/alpha`. */
export const realmPath = (name: string): string => (name === ROOT_REALM ? '/' : `/${name}`);
