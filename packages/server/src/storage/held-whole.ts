export type HeldWhole<V> = {
  /** Asks the database for nothing but what has changed since everything was loaded. */
  find(key: string): Promise<V>;
  /** Loads this one again. */
  forget(key: string): void;
  /** Loads everything again when any of it is next asked for. */
  forgetAll(): void;
};

/**
 * All of a table in memory: what is not there does not exist, and asking for it costs nothing.
 * A question that fails is asked again; it never turns into "there is none".
 */
export function heldWhole<V>(
  loadAll: () => Promise<ReadonlyMap<string, V>>,
  loadOne: (key: string) => Promise<V>,
  absent: V,
): HeldWhole<V> {
  const nothing = Promise.resolve(absent);
  let held: Map<string, Promise<V>> | undefined;
  let loading: Promise<void> | undefined;
  /** What the memory cannot answer: it changed, or could not be loaded. */
  const unsure = new Set<string>();

  const find = (key: string): Promise<V> => {
    if (held === undefined) return whole().then(() => find(key));
    const known = held.get(key);
    if (known !== undefined) return known;
    return unsure.size > 0 && unsure.has(key) ? ask(held, key) : nothing;
  };
  const ask = (memory: Map<string, Promise<V>>, key: string): Promise<V> => {
    const answer = loadOne(key);
    memory.set(key, answer);
    unsure.delete(key);
    answer.catch(() => {
      if (memory.get(key) === answer) doubt(key);
    });
    return answer;
  };
  const whole = (): Promise<void> => {
    if (loading !== undefined) return loading;
    unsure.clear();
    const mine = loadAll().then(
      (all) => {
        if (loading !== mine) return;
        loading = undefined;
        held = new Map();
        for (const [key, value] of all) if (!unsure.has(key)) held.set(key, Promise.resolve(value));
      },
      (error: unknown) => {
        if (loading === mine) loading = undefined;
        throw error;
      },
    );
    loading = mine;
    return mine;
  };
  /** At once, and not when somebody asks: by then the database may be away. */
  const reload = (key: string): void => {
    if (held !== undefined && unsure.has(key)) ask(held, key).catch(() => {});
  };
  const doubt = (key: string): void => {
    unsure.add(key);
    held?.delete(key);
  };
  return {
    find,
    forget(key) {
      if (!unsure.has(key)) queueMicrotask(() => reload(key));
      doubt(key);
    },
    forgetAll() {
      held = undefined;
      // What is being loaded may be from before the change.
      loading = undefined;
    },
  };
}
