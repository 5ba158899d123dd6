import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import { CHOSEN_SECRET, type ClientAccounts } from './setting.ts';

const VARIABLE = 'BENCH_ACCOUNTS';

/** Clients whose secrets are generated, as production's are, and one with a person's choice. */
export const createAccounts = (): ClientAccounts => ({
  jwt: { clientId: 'jwtClient', secret: generateSecret() },
  opaque: { clientId: 'opaqueClient', secret: generateSecret() },
  chosen: { clientId: 'myClient', secret: CHOSEN_SECRET },
  keyed: { clientId: 'keyedClient', secret: '', key: generateKey() },
  proving: { clientId: 'provingClient', secret: generateSecret(), key: generateKey() },
});

const generateSecret = (): string => randomBytes(32).toString('base64url');

/** For ES256, with its private half. */
export const generateKey = (): JWK =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

export const publicHalf = ({ kty, crv, x, y }: JWK): JWK => ({ kty, crv, x, y }) as JWK;

/** How the clients come to a server that keeps them in memory. */
export const accountsEnvironment = (accounts: ClientAccounts): Record<string, string> => ({
  [VARIABLE]: JSON.stringify(accounts),
});

export function readAccounts(): ClientAccounts {
  const accounts = process.env[VARIABLE];
  if (accounts === undefined) throw new Error(`${VARIABLE} is not set`);
  return JSON.parse(accounts);
}
