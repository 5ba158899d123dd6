import type { SigningAlgorithm } from '@tessera/protocol';
import type { AdminEnvironment } from './use-case.ts';

/**
 * Key pairs, RSA's above all, take their time to be made: that time stays outside the transaction.
 * They are made now, and handed out there, each once.
 */
export async function keysAhead(
  { keyRing }: Pick<AdminEnvironment, 'keyRing'>,
  algorithms: ReadonlySet<SigningAlgorithm>,
): Promise<AdminEnvironment['keyRing']> {
  const made = new Map<SigningAlgorithm, ReturnType<AdminEnvironment['keyRing']['generate']>>();
  for (const algorithm of algorithms) {
    const pair = keyRing.generate(algorithm);
    made.set(algorithm, pair);
    await pair;
  }
  return {
    ...keyRing,
    generate(algorithm) {
      const pair = made.get(algorithm) ?? keyRing.generate(algorithm);
      made.delete(algorithm);
      return pair;
    },
  };
}
