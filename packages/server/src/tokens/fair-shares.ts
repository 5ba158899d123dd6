/** One of those who share the places of a document. */
export type Placed = {
  /** Whose it is. */
  readonly holder: string;
  /** Decides between two of one position. */
  readonly name: string;
  /** Newer ones have greater positions. */
  readonly position: number;
};

export type Shares<T> = {
  readonly named: readonly T[];
  /** Of whom not everything is named, and the newest position that is not. */
  readonly cut: ReadonlyMap<string, number>;
};

/**
 * Shares places among holders, one after the other, each with the newest first: who has more than there
 * is room for takes nothing from those who have little. Answers the same for every order of `from`.
 */
export function shareFairly<T extends Placed>(from: readonly T[], places: number): Shares<T> {
  const cut = new Map<string, number>();
  if (from.length <= places) return { named: from, cut };
  const newestFirst = [...from].sort(
    (a, b) => b.position - a.position || (a.name < b.name ? -1 : 1),
  );
  const taken = new Map<string, number>();
  const ranked = newestFirst.map((one) => {
    const rank = taken.get(one.holder) ?? 0;
    taken.set(one.holder, rank + 1);
    return { one, rank };
  });
  // Sorting keeps the order of equals: within a round the newest come first.
  ranked.sort((a, b) => a.rank - b.rank);
  for (const { one } of ranked.slice(places))
    cut.set(one.holder, Math.max(one.position, cut.get(one.holder) ?? 0));
  return { named: ranked.slice(0, places).map(({ one }) => one), cut };
}
