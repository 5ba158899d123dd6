import { describe, expect, it } from 'vitest';
import { hookCircuits } from './hook-circuits.ts';

const HOOK = 'hook';

/** Milliseconds that a test can change. */
function opened() {
  const time = { now: 0 };
  const circuits = hookCircuits({ monotonic: () => time.now });
  const ask = (client: string, answered: boolean, times = 1, hook = HOOK) => {
    for (let index = 0; index < times; index++) {
      circuits.begin(hook, client, 500);
      circuits.end(hook, client, answered);
    }
  };
  return { time, ask, ...circuits };
}

describe('a claims hook that fails', () => {
  it('is not asked for a while once it failed several clients, five times in a row', () => {
    const { ask, wait } = opened();
    for (const client of ['a', 'b', 'a', 'c']) ask(client, false);
    expect(wait(HOOK, 'd')).toBeUndefined();
    ask('b', false);
    expect(wait(HOOK, 'd')).toBe(1);
    expect(wait('another hook', 'd')).toBeUndefined();
  });

  it('for one client is not asked by that client, and by all others still', () => {
    const { ask, wait } = opened();
    ask('a', false, 50);
    expect([wait(HOOK, 'a'), wait(HOOK, 'b')]).toEqual([30, undefined]);
    ask('b', false, 4);
    expect(wait(HOOK, 'c')).toBeUndefined();
  });

  it('is asked by one at a time after that, and by all once it has answered', () => {
    const { ask, wait, begin, end, time } = opened();
    for (const client of ['a', 'b', 'c', 'a', 'b']) ask(client, false);
    time.now = 1_000;
    expect(wait(HOOK, 'd')).toBeUndefined();
    begin(HOOK, 'd', 500);
    expect(wait(HOOK, 'e')).toBe(2);
    end(HOOK, 'd', true);
    expect(wait(HOOK, 'e')).toBeUndefined();
    ask('e', false, 4);
    expect(wait(HOOK, 'f')).toBeUndefined();
  });

  it('is left alone for longer each time, and for thirty seconds at most', () => {
    const { ask, wait, time } = opened();
    for (const client of ['a', 'b', 'c', 'a']) ask(client, false);
    const waits = Array.from({ length: 7 }, () => {
      ask('b', false);
      const seconds = wait(HOOK, 'd') ?? 0;
      time.now += seconds * 1_000;
      return seconds;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
  });
});
