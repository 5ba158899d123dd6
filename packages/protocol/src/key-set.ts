import { isJsonObject } from './json.ts';
import { keyFits } from './jws-algorithm.ts';
import { ok, type Result, refuse } from './result.ts';
import {
  describeKeyProblem,
  type KeyProblem,
  readVerificationKey,
  type VerificationKey,
} from './verification-key.ts';

export type KeySetProblem =
  | { readonly reason: 'key_set_malformed' }
  | { readonly reason: 'key_set_empty' }
  | { readonly reason: 'key_set_too_large'; readonly max: number }
  | { readonly reason: 'key_set_kid_repeated'; readonly index: number }
  | { readonly reason: 'key_set_key_unusable'; readonly index: number; readonly key: KeyProblem };

const KEYS_MAX = { strict: 20, lenient: 100 } as const;

/** How many keys are tried for one signature. */
const CANDIDATES_MAX = 10;

/**
 * Reads a JWK Set. RFC 7517 §5.
 *
 * `strict` is for sets that somebody registers and can still mend: one key that can not be used
 * refuses them all, and so do two keys of one type and one `kid` (RFC 7517 §4.5 lets them share it
 * when their types differ). `lenient` is for sets that others publish: "Implementations SHOULD ignore
 * JWKs within a JWK Set that use "kty" (key type) values that are not understood by them, that are
 * missing required members, or for which values are out of the supported ranges."
 */
export function readKeySet(
  document: unknown,
  strictness: 'strict' | 'lenient',
): Result<readonly VerificationKey[], KeySetProblem> {
  const entries = isJsonObject(document) ? document['keys'] : undefined;
  if (!Array.isArray(entries)) return refuse({ reason: 'key_set_malformed' });
  const max = KEYS_MAX[strictness];
  if (entries.length > max) return refuse({ reason: 'key_set_too_large', max });

  const keys: VerificationKey[] = [];
  for (const [index, entry] of entries.entries()) {
    const read = readVerificationKey(entry);
    if (!read.ok) {
      if (strictness === 'lenient') continue;
      return refuse({ reason: 'key_set_key_unusable', index, key: read.refusal });
    }
    const { kid, kty } = read.value;
    const named = kid !== undefined && keys.some((key) => key.kid === kid && key.kty === kty);
    if (named && strictness === 'strict') return refuse({ reason: 'key_set_kid_repeated', index });
    keys.push(read.value);
  }
  if (keys.length === 0 && strictness === 'strict') return refuse({ reason: 'key_set_empty' });
  return ok(keys);
}

/**
 * The keys by which a signature may have been made, `max` at most.
 *
 * A `kid` chooses among the keys that were registered and nothing else: it is no path and no
 * address. One that no key has chooses none. Without it, every key that fits is a candidate.
 */
export function selectKeys(
  keys: readonly VerificationKey[],
  algorithm: string,
  kid: string | undefined,
  max: number = CANDIDATES_MAX,
): readonly VerificationKey[] {
  return keys
    .filter((key) => (kid === undefined || key.kid === kid) && keyFits(algorithm, key))
    .slice(0, max);
}

/** Why a set is not taken, for whoever sent it. Never in words that were sent. */
export function describeKeySetProblem(problem: KeySetProblem): string {
  switch (problem.reason) {
    case 'key_set_malformed':
      return 'must be a JWK Set: an object with the member keys';
    case 'key_set_empty':
      return 'must have a key';
    case 'key_set_too_large':
      return `must have ${problem.max} keys at most`;
    case 'key_set_kid_repeated':
      return `has the kid of key ${problem.index} twice`;
    case 'key_set_key_unusable':
      return `has key ${problem.index}, which ${describeKeyProblem(problem.key)}`;
  }
}
