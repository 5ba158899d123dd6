import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shareFairly } from './fair-shares.ts';

const placed = fc.uniqueArray(
  fc.record({
    holder: fc.constantFrom('a', 'b', 'c', 'd'),
    name: fc.string({ maxLength: 3 }),
    position: fc.nat(50),
  }),
  { selector: ({ name }) => name, maxLength: 60 },
);

it('a holder of a thousand takes nothing from those who have one', () => {
  const greedy = Array.from({ length: 1_000 }, (_, at) => ({
    holder: 'greedy',
    name: `g${at}`,
    position: 1_000 + at,
  }));
  const modest = Array.from({ length: 5 }, (_, at) => ({
    holder: `h${at}`,
    name: `h${at}`,
    position: at,
  }));
  const { named, cut } = shareFairly([...greedy, ...modest], 10);
  expect(named.filter(({ holder }) => holder !== 'greedy')).toHaveLength(5);
  // Its newest are named, and of the others the newest position.
  expect(named.filter(({ holder }) => holder === 'greedy').map(({ name }) => name)).toEqual([
    'g999',
    'g998',
    'g997',
    'g996',
    'g995',
  ]);
  expect([...cut]).toEqual([['greedy', 1_994]]);
});

it('whatever there is, nothing is lost, and the same is said in any order', () => {
  fc.assert(
    fc.property(placed, fc.integer({ min: 1, max: 60 }), (from, places) => {
      const { named, cut } = shareFairly(from, places);
      expect(named).toHaveLength(Math.min(places, from.length));
      const names = new Set(named.map(({ name }) => name));
      const held = (holder: string) => named.filter((one) => one.holder === holder).length;
      for (const one of from) {
        if (names.has(one.name)) continue;
        expect(cut.get(one.holder)).toBeGreaterThanOrEqual(one.position);
        // Nobody has more than one place more than who lacks one.
        for (const other of new Set(from.map(({ holder }) => holder)))
          expect(held(other)).toBeLessThanOrEqual(held(one.holder) + 1);
      }
      const again = shareFairly([...from].reverse(), places);
      expect(new Set(again.named.map(({ name }) => name))).toEqual(names);
      expect(again.cut).toEqual(cut);
    }),
  );
});
