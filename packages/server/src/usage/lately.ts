import type { NumericDate } from '@tessera/protocol';

/** Kinds of tokens of one client that are told apart; more of them, and waste may go unseen. */
const KINDS_MAX = 8;

/**
 * Whether a client asks for a token although one like it has more than half of its life before it.
 * Of each kind a number is kept, and until when: a rare mistake is a count that is one too high.
 */
export function lately() {
  const hashes: number[] = [];
  const until: number[] = [];
  let next = 0;
  return {
    note(alike: string, now: NumericDate, expiresAt: NumericDate): boolean {
      const hash = hashOf(alike);
      const half = now + (expiresAt - now) / 2;
      const index = hashes.indexOf(hash);
      if (index !== -1) {
        const wasted = now < (until[index] ?? 0);
        until[index] = half;
        return wasted;
      }
      hashes[next] = hash;
      until[next] = half;
      next = (next + 1) % KINDS_MAX;
      return false;
    },
  };
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
