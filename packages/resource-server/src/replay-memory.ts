import {
  findForgotten,
  findLargest,
  findOldest,
  giveBack,
  mark,
  openShare,
  type Place,
  take,
} from './shares.ts';

/** Whose proof is used up: known to be theirs, since only then it is. */
export type ProofHolder = {
  /** Who the token was issued to, and for whom; empty where it does not say. */
  readonly client: string;
  readonly subject: string;
  /** The thumbprint of the key. RFC 7638 */
  readonly jkt: string;
};

/** Remembers what was used up. Several nodes of one API may share one. RFC 9449 §11.1 */
export type ReplayStore = {
  /**
   * Uses `key` up until `expiresAt` (seconds since 1970) in one step: of several who do so at
   * once, one hears `true`. Keys are digests of the same length. Rejects when it can not tell: the
   * request is then answered with 503. A store that has no room for all sees by `holder` who takes
   * it.
   */
  spend(key: string, expiresAt: number, holder: ProofHolder): boolean | Promise<boolean>;
};

/** What a proof a millisecond needs while proofs are good for a minute, and some to spare. */
const ENTRIES = 100_000;

/**
 * A replay store in the memory of this process, of `entries` proofs. When it is full, whoever holds
 * most of it makes room: of all clients the one with the most proofs, of its subjects the one with
 * the most, and of their keys. What that key forgets early is not accepted again: of its proofs only those
 * count that end later than all that it forgot, and for others `spend` rejects. So the time for
 * which a proof is good becomes shorter for who floods an API, and for nobody else.
 */
export function replayMemory(
  entries: number = ENTRIES,
  clock: () => number = Date.now,
): ReplayStore {
  const spent = new Set<string>();
  const ending = new Map<number, Set<Place>>();
  const all = openShare('', undefined);
  let sweptAt = Number.NEGATIVE_INFINITY;

  function remember(place: Place | undefined): void {
    if (place === undefined) return;
    const together = ending.get(place.second);
    if (together === undefined) ending.set(place.second, new Set([place]));
    else together.add(place);
  }

  function forget(place: Place): void {
    if (place.key !== undefined) spent.delete(place.key);
    const together = ending.get(place.second);
    together?.delete(place);
    if (together?.size === 0) ending.delete(place.second);
    giveBack(place);
  }

  /** Once a second: there are no more of `ending` than seconds for which a proof is good. */
  function forgetExpired(now: number): void {
    if (Math.floor(now) === sweptAt) return;
    sweptAt = Math.floor(now);
    for (const [second, together] of ending)
      if (second <= now) for (const place of together) forget(place);
  }

  /** The mark of what is forgotten takes a place, too: the first time two are given for one. */
  function makeRoom(): void {
    const share = findLargest(all);
    for (const { held } = all; all.held >= held; ) {
      const place = findOldest(share);
      if (place === undefined || place === share.mark) return;
      const before = share.mark;
      const marked = mark(share, place.second);
      if (marked !== undefined) {
        remember(marked);
        if (before !== undefined) forget(before);
      }
      forget(place);
    }
  }

  return {
    spend(key, expiresAt, { client, subject, jkt }) {
      forgetExpired(clock() / 1000);
      if (spent.has(key)) return false;
      const second = Math.ceil(expiresAt);
      const path = [client, subject, jkt];
      if (second <= findForgotten(all, path))
        throw new Error(`of more than ${entries} proofs, this holder has the most: it is too old`);
      spent.add(key);
      remember(take(all, path, key, second));
      while (all.held > entries) makeRoom();
      return true;
    },
  };
}
