/** What became of one of many changes. */
export type Outcome =
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly text: string };

/** A few at a time: the server has other callers. */
const AT_ONCE = 4;

/** Makes many changes, one call each. What one of them meets stops no other. */
export async function applyEach<Item>(
  items: readonly Item[],
  apply: (item: Item) => Promise<unknown>,
  tell: (item: Item, outcome: Outcome) => void,
  describeFailure: (error: unknown) => string,
): Promise<void> {
  const queue = [...items];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      try {
        await apply(next);
        tell(next, { state: 'done' });
      } catch (error) {
        tell(next, { state: 'failed', text: describeFailure(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
