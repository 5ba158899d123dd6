/** Keeps what was used lately, within bounds. */
export type Recent<V> = {
  find(key: string): V | undefined;
  /** `weight` is what it counts for among all that may be kept. */
  keep(key: string, value: V, weight: number): void;
  /** Another value for a key that is kept; nothing for one that is not. */
  replace(key: string, change: (value: V) => V): void;
  drop(key: string): void;
  clear(): void;
};

type Entry<V> = { value: V; readonly weight: number };

/**
 * Two generations: what is new or asked for lives in the young one; when that is half of all that
 * may be kept, it becomes the old one and the old one goes. To find what is in use is one look
 * into a map and moves nothing, which a list in the order of use would.
 */
export function recent<V>(weightMax: number): Recent<V> {
  let young = new Map<string, Entry<V>>();
  let old = new Map<string, Entry<V>>();
  let youngWeight = 0;

  const add = (key: string, entry: Entry<V>): void => {
    youngWeight += entry.weight - (young.get(key)?.weight ?? 0);
    young.set(key, entry);
    if (youngWeight * 2 <= weightMax) return;
    old = young;
    young = new Map();
    youngWeight = 0;
  };
  return {
    find(key) {
      const entry = young.get(key);
      if (entry !== undefined) return entry.value;
      const older = old.get(key);
      if (older !== undefined) add(key, older);
      return older?.value;
    },
    keep: (key, value, weight) => add(key, { value, weight }),
    replace(key, change) {
      const entry = young.get(key) ?? old.get(key);
      if (entry !== undefined) entry.value = change(entry.value);
    },
    drop(key) {
      youngWeight -= young.get(key)?.weight ?? 0;
      young.delete(key);
      old.delete(key);
    },
    clear() {
      young.clear();
      old.clear();
      youngWeight = 0;
    },
  };
}
