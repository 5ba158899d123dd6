import { useState } from 'react';

export type Selection<Item> = {
  readonly items: readonly Item[];
  has(item: Item): boolean;
  toggle(item: Item): void;
  /** Takes all of them in, or out when all of them are in. */
  toggleAll(items: readonly Item[]): void;
  drop(items: readonly Item[]): void;
  clear(): void;
};

/**
 * Rows that were ticked. They stay when a search or a page hides them, as they were then; those
 * that are shown are as they are now.
 */
export function useSelection<Item>(
  shown: readonly Item[],
  idOf: (item: Item) => string,
): Selection<Item> {
  const [held, setHeld] = useState<ReadonlyMap<string, Item>>(new Map());
  const now = new Map(shown.map((item) => [idOf(item), item]));
  return {
    items: [...held].map(([id, item]) => now.get(id) ?? item),
    has: (item) => held.has(idOf(item)),
    toggle: (item) =>
      setHeld((before) =>
        before.has(idOf(item)) ? without(before, [idOf(item)]) : withThem(before, [item]),
      ),
    toggleAll: (items) =>
      setHeld((before) =>
        items.every((item) => before.has(idOf(item)))
          ? without(before, items.map(idOf))
          : withThem(before, items),
      ),
    drop: (items) => setHeld((before) => without(before, items.map(idOf))),
    clear: () => setHeld(new Map()),
  };

  function withThem(before: ReadonlyMap<string, Item>, items: readonly Item[]) {
    return new Map([...before, ...items.map((item) => [idOf(item), item] as const)]);
  }
}

const without = <Item>(before: ReadonlyMap<string, Item>, ids: readonly string[]) =>
  new Map([...before].filter(([id]) => !ids.includes(id)));
