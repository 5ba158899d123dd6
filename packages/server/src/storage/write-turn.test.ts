import { afterEach, expect, it, vi } from 'vitest';
import { writeTurn } from './write-turn.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('writers take turns in the order in which they came', async () => {
  const turn = writeTurn();
  const order: number[] = [];
  let inside = 0;
  await Promise.all(
    [1, 2, 3, 4].map(async (number) => {
      const end = await turn.take();
      expect(++inside).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(number);
      inside--;
      end();
      end();
    }),
  );
  expect(order).toEqual([1, 2, 3, 4]);
  (await turn.take())();
});

it('a writer that waits too long is sent away, and keeps nobody waiting', async () => {
  vi.useFakeTimers();
  const turn = writeTurn();
  const end = await turn.take();
  const late = turn.take().catch((error: Error) => error.name);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await late).toBe('StoreUnavailable');
  const next = turn.take();
  end();
  (await next)();
});

it('there is an end to how many may wait', async () => {
  const turn = writeTurn();
  const end = await turn.take();
  const waiting = Array.from({ length: 1_000 }, async () => (await turn.take())());
  await expect(turn.take()).rejects.toMatchObject({ name: 'StoreUnavailable' });
  end();
  await Promise.all(waiting);
});
