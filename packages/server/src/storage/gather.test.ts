import { expect, it } from 'vitest';
import { gather } from './gather.ts';

/** Writes that end when the test says so. */
function writes() {
  const batches: (readonly number[])[] = [];
  const endings: ((error?: Error) => void)[] = [];
  return {
    batches,
    write(batch: readonly number[]): Promise<void> {
      batches.push(batch);
      return new Promise((resolve, reject) => {
        endings.push((error) => (error === undefined ? resolve() : reject(error)));
      });
    },
    async end(error?: Error): Promise<void> {
      endings.shift()?.(error);
      await nextTurn();
    },
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('what comes at once shares a batch, and what comes while it is written shares the next', async () => {
  const { write, batches, end } = writes();
  const { add } = gather(write);
  const first = [add([1]), add([2, 3])];
  await nextTurn();
  const second = [add([4]), add([5])];
  await nextTurn();
  expect(batches).toEqual([[1, 2, 3]]);
  await end();
  await Promise.all(first);
  expect(batches).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
  await end();
  await Promise.all(second);
});

it('a batch that fails fails for all who are in it, and for nobody else', async () => {
  const { write, end } = writes();
  const { add } = gather(write);
  const first = [add([1]), add([2])];
  const outcomes = Promise.allSettled(first);
  await nextTurn();
  const second = add([3]);
  await end(new Error('no'));
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await end();
  await second;
});

it('a batch is never larger than a transaction should be', async () => {
  const sizes: number[] = [];
  const { add } = gather<number>(async (batch) => {
    sizes.push(batch.length);
  });
  await add(Array.from({ length: 12_000 }, (_, index) => index));
  expect(sizes).toEqual([5_000, 5_000, 2_000]);
});

it('more than it can hold is refused at once, and the rest is written', async () => {
  const { write, end, batches } = writes();
  const { add } = gather(write);
  const list = (length: number) => Array.from({ length }, () => 0);
  const first = add([1]);
  await nextTurn();
  const waiting = add(list(20_000));
  await expect(add([1])).rejects.toMatchObject({ name: 'StoreUnavailable' });
  for (let times = 0; times < 5; times++) await end();
  await Promise.all([first, waiting]);
  expect(batches.flat()).toHaveLength(20_001);
});

it('settles when nothing waits any more', async () => {
  const { write, end, batches } = writes();
  const { add, settle } = gather(write);
  await settle();
  const added = add([1]);
  let settled = false;
  const settling = settle().then(() => {
    settled = true;
  });
  await nextTurn();
  expect([batches.length, settled]).toEqual([1, false]);
  await end();
  await Promise.all([added, settling]);
});
