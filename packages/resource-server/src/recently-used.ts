/** Values by keys, `entries` at most: those not used for the longest make room. */
export type RecentlyUsed<V> = {
  find(key: string): V | undefined;
  hold(key: string, value: V): void;
  forget(key: string): void;
};

/**
 * Two halves: what is used goes to the young one, and when that is full it becomes the old one, and
 * the old one is gone. To find something costs one look-up, and no list is kept in order.
 */
export function recentlyUsed<V>(entries: number): RecentlyUsed<V> {
  const half = Math.max(1, Math.ceil(entries / 2));
  let young = new Map<string, V>();
  let old = new Map<string, V>();

  function hold(key: string, value: V): void {
    if (young.size >= half && !young.has(key)) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  }
  return {
    find(key) {
      const known = young.get(key);
      if (known !== undefined) return known;
      const before = old.get(key);
      if (before !== undefined) hold(key, before);
      return before;
    },
    hold,
    forget(key) {
      young.delete(key);
      old.delete(key);
    },
  };
}
