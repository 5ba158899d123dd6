import { LRUCache } from 'lru-cache';

export type RecentlyUsed<K extends {}, V extends {}> = LRUCache<K, V>;

/**
 * Keeps what was used last, up to `weightMax`; each counts as 1 unless `weigh` says otherwise. It
 * grows with what it holds: given a number of entries instead, the library takes the room for all of
 * them at once, which for tens of thousands each is most of what an idle server would hold.
 */
export const recentlyUsed = <K extends {}, V extends {}>(
  weightMax: number,
  weigh: (value: V) => number = () => 1,
): RecentlyUsed<K, V> => new LRUCache<K, V>({ maxSize: weightMax, sizeCalculation: weigh });
