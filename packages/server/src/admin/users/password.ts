import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Environment } from '../../environment.ts';

/** Seconds after which too busy a hasher may be asked again. */
export const HASHER_RETRY_AFTER = 2;

/** NIST SP 800-63B §3.1.1.2: no rules of composition, but nothing that is known or derived. */
function isGuessable(password: string, userName: string): boolean {
  const folded = password.toLowerCase();
  return folded.includes(userName.toLowerCase()) || new Set(folded).size < 4;
}

/** Hashes a password for a user, unless it can be guessed from who the user is. */
export async function hashPassword(
  env: Pick<Environment, 'hasher'>,
  password: string,
  userName: string,
  pointer: string,
): Promise<Result<string, AdminRefusal>> {
  if (isGuessable(password, userName)) return refuse({ reason: 'password_guessable', pointer });
  const hash = await env.hasher.hash(password);
  return hash === 'overloaded'
    ? refuse({ reason: 'verification_overloaded', retryAfter: HASHER_RETRY_AFTER })
    : ok(hash);
}

/** 120 bits, in characters that can be read aloud and typed. */
export const makePassword = (env: Pick<Environment, 'random'>): string =>
  Array.from(env.random.bytes(24), (byte) => ALPHABET[byte % ALPHABET.length]).join('');

/** 32 of them, without those that look alike. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
