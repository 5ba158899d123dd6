/** Keeps what was used lately, within bounds. */
export type Recent<V> = {
  find(realm: string, id: string): V | undefined;
  /** `weight` is what it counts for among all that may be kept. */
  keep(realm: string, id: string, value: V, weight: number): void;
  /** Another value for what is kept; nothing for what is not. */
  replace(realm: string, id: string, change: (value: V) => V): void;
  drop(realm: string, id: string): void;
  dropRealm(realm: string): void;
  clear(): void;
};

type Entry<V> = { value: V; readonly weight: number };
type Generation<V> = Map<string, Map<string, Entry<V>>>;

/**
 * Two generations: what is new or asked for lives in the young one; when that is half of all that
 * may be kept, it becomes the old one and the old one goes. To find what is in use is to look it
 * up and moves nothing, which a list in the order of use would.
 */
export function recent<V>(weightMax: number): Recent<V> {
  let young: Generation<V> = new Map();
  let old: Generation<V> = new Map();
  let youngWeight = 0;

  const add = (realm: string, id: string, entry: Entry<V>): void => {
    let ofRealm = young.get(realm);
    if (ofRealm === undefined) {
      ofRealm = new Map();
      young.set(realm, ofRealm);
    }
    youngWeight += entry.weight - (ofRealm.get(id)?.weight ?? 0);
    ofRealm.set(id, entry);
    if (youngWeight * 2 <= weightMax) return;
    old = young;
    young = new Map();
    youngWeight = 0;
  };
  return {
    find(realm, id) {
      const entry = young.get(realm)?.get(id);
      if (entry !== undefined) return entry.value;
      const older = old.get(realm)?.get(id);
      if (older !== undefined) add(realm, id, older);
      return older?.value;
    },
    keep: (realm, id, value, weight) => add(realm, id, { value, weight }),
    replace(realm, id, change) {
      const entry = young.get(realm)?.get(id) ?? old.get(realm)?.get(id);
      if (entry !== undefined) entry.value = change(entry.value);
    },
    drop(realm, id) {
      youngWeight -= young.get(realm)?.get(id)?.weight ?? 0;
      young.get(realm)?.delete(id);
      old.get(realm)?.delete(id);
    },
    dropRealm(realm) {
      for (const { weight } of young.get(realm)?.values() ?? []) youngWeight -= weight;
      young.delete(realm);
      old.delete(realm);
    },
    clear() {
      young.clear();
      old.clear();
      youngWeight = 0;
    },
  };
}
