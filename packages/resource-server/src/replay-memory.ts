/** Remembers what was used up. Several nodes of one API may share one. RFC 9449 §11.1 */
export type ReplayStore = {
  /**
   * Uses `key` up until `expiresAt` (seconds since 1970) in one step: of several who do so at
   * once, one hears `true`. Keys are digests of the same length. Rejects when it can not tell: the
   * request is then answered with 503.
   */
  spend(key: string, expiresAt: number): boolean | Promise<boolean>;
};

/** What a proof a millisecond needs while proofs are good for a minute, and some to spare. */
const ENTRIES = 200_000;

/**
 * A replay store in the memory of this process. When it is full of keys that have not expired it
 * rejects: to forget one early would let its proof be used again.
 */
export function replayMemory(
  entries: number = ENTRIES,
  clock: () => number = Date.now,
): ReplayStore {
  const spent = new Map<string, number>();

  /** From the oldest on: about in the order in which they expire. */
  function forgetExpired(now: number): void {
    for (const [key, expiresAt] of spent) {
      if (expiresAt > now) return;
      spent.delete(key);
    }
  }
  return {
    spend(key, expiresAt) {
      const now = clock() / 1000;
      forgetExpired(now);
      if (spent.has(key)) return false;
      if (spent.size >= entries) throw new Error(`more than ${entries} proofs are remembered`);
      spent.set(key, expiresAt);
      return true;
    },
  };
}
