import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../contract/refusal.ts';
import type { AdminEnvironment } from './use-case.ts';
import { HASHER_RETRY_AFTER } from './users/password.ts';

/**
 * Slow hashing stays outside the transaction: what was chosen is hashed now, and handed out there,
 * each hash once.
 */
export async function hashAhead(
  { hasher }: Pick<AdminEnvironment, 'hasher'>,
  chosen: readonly string[],
): Promise<Result<AdminEnvironment['hasher'], AdminRefusal>> {
  const hashes = new Map<string, string[]>();
  for (const text of chosen) {
    const hash = await hasher.hash(text);
    if (hash === 'overloaded')
      return refuse({ reason: 'verification_overloaded', retryAfter: HASHER_RETRY_AFTER });
    hashes.set(text, [...(hashes.get(text) ?? []), hash]);
  }
  return ok({
    ...hasher,
    hash: async (text, like) => hashes.get(text)?.shift() ?? hasher.hash(text, like),
  });
}
