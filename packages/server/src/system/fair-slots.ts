/**
 * Room for so many at once, of which nobody can have all. Whoever asks names the shares it takes
 * from (of all, of a tenant, of a caller): it comes in when each of them has room, takes a place in
 * all or in none, and otherwise waits, for which each has room for so many too.
 */
export type FairSlots = {
  /** What gives the places back, once; undefined when there were none in time. */
  take(shares: readonly Share[], milliseconds: number): Promise<(() => void) | undefined>;
};

export type Share = {
  readonly name: string;
  readonly places: number;
  /** How many may wait for one of them. */
  readonly waiting: number;
};

type Waiting = { readonly shares: readonly Share[]; readonly goOn: () => void };

export function fairSlots(): FairSlots {
  const taken = counter();
  const lined = counter();
  const line = new Set<Waiting>();

  const hasRoom = (shares: readonly Share[]): boolean =>
    shares.every(({ name, places }) => taken.of(name) < places);

  /** Whether the shares of one have less taken than those of the other, the first that differ. */
  const isBehind = (one: readonly Share[], other: readonly Share[]): boolean => {
    for (const [at, { name }] of one.entries()) {
      const difference = taken.of(name) - taken.of(other[at]?.name ?? name);
      if (difference !== 0) return difference < 0;
    }
    return false;
  };

  /** Of those for whom there is room; among equals, who has waited the longest. */
  const findNext = (): Waiting | undefined => {
    let next: Waiting | undefined;
    for (const one of line)
      if (hasRoom(one.shares) && (next === undefined || isBehind(one.shares, next.shares)))
        next = one;
    return next;
  };

  const occupy = (shares: readonly Share[]): (() => void) => {
    taken.add(shares, 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      taken.add(shares, -1);
      // One place in each share is free: for one who takes all of it, or for several who take some.
      for (let next = findNext(); next !== undefined; next = findNext()) next.goOn();
    };
  };

  return {
    async take(shares, milliseconds) {
      if (hasRoom(shares)) return occupy(shares);
      if (shares.some(({ name, waiting }) => lined.of(name) >= waiting)) return undefined;
      return new Promise((resolve) => {
        const one: Waiting = {
          shares,
          goOn() {
            leaveLine();
            resolve(occupy(shares));
          },
        };
        const giveUp = setTimeout(() => {
          leaveLine();
          resolve(undefined);
        }, milliseconds);
        const leaveLine = () => {
          clearTimeout(giveUp);
          line.delete(one);
          lined.add(shares, -1);
        };
        line.add(one);
        lined.add(shares, 1);
      });
    },
  };
}

/** How many each share has; who has none is not remembered. */
function counter() {
  const counts = new Map<string, number>();
  const of = (name: string): number => counts.get(name) ?? 0;
  return {
    of,
    add(shares: readonly Share[], by: 1 | -1): void {
      for (const { name } of shares) {
        const count = of(name) + by;
        if (count === 0) counts.delete(name);
        else counts.set(name, count);
      }
    },
  };
}
