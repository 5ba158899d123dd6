import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replayMemory } from './replay-memory.ts';

describe('RFC 9449 §11.1', () => {
  it('a key is spent once until it has expired', () => {
    let now = 1_000_000;
    const { spend } = replayMemory(10, () => now);
    expect([spend('a', 1_010), spend('a', 1_010), spend('b', 1_010)]).toEqual([true, false, true]);
    now += 10_000;
    expect(spend('a', 1_020)).toBe(true);
  });

  it('what is full forgets nothing that has not expired', () => {
    let now = 0;
    const { spend } = replayMemory(2, () => now);
    expect([spend('a', 10), spend('b', 20)]).toEqual([true, true]);
    expect(() => spend('c', 30)).toThrow('more than 2');
    expect(spend('a', 10)).toBe(false);
    now = 10_000;
    expect(spend('c', 30)).toBe(true);
  });

  it('whatever the order in which keys expire, none is accepted twice in its time', () => {
    const use = fc.record({
      key: fc.nat(5),
      life: fc.integer({ min: 1, max: 90 }),
      wait: fc.nat(40),
    });
    fc.assert(
      fc.property(fc.array(use, { maxLength: 60 }), (uses) => {
        let now = 0;
        const { spend } = replayMemory(1_000, () => now);
        const until = new Map<string, number>();
        for (const { key, life, wait } of uses) {
          now += wait * 1000;
          const expiresAt = now / 1000 + life;
          const name = String(key);
          if (spend(name, expiresAt)) {
            expect(until.get(name) ?? 0).toBeLessThanOrEqual(now / 1000);
            until.set(name, expiresAt);
          }
        }
      }),
    );
  });
});
