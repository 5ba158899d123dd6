import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fairSlots, type Share } from './fair-slots.ts';

const ALL: Share = { name: 'all', places: 4, waiting: 6 };

/** `a1` is the first of `a`, who has two places and may wait for three more. */
const sharesOf = (who: string): readonly Share[] => [
  ALL,
  { name: `one ${who[0] ?? ''}`, places: 2, waiting: 3 },
];

/** Who got a place, in the order in which they did. */
function opened(shares = sharesOf) {
  const { take } = fairSlots();
  const order: string[] = [];
  const leave = new Map<string, () => void>();
  const ask = async (name: string, milliseconds = 1_000): Promise<boolean> => {
    const given = await take(shares(name), milliseconds);
    if (given !== undefined) {
      order.push(name);
      leave.set(name, given);
    }
    return given !== undefined;
  };
  return { ask, order, leave: (name: string) => leave.get(name)?.() };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('nobody takes the places of others, however much is asked', async () => {
  const { ask, order } = opened();
  const flood = Array.from({ length: 50 }, (_, index) => ask(`a${index}`, 20));
  expect(await Promise.all([ask('b1'), ask('b2')])).toEqual([true, true]);
  expect((await Promise.all(flood)).filter(Boolean)).toHaveLength(2);
  expect(order.filter((name) => name.startsWith('a'))).toEqual(['a0', 'a1']);
});

it('who waits longest goes first only among those who have as few', async () => {
  const { ask, order, leave } = opened();
  await Promise.all(['a1', 'a2', 'b1', 'b2'].map((name) => ask(name)));
  const waiting = ['a3', 'a4', 'b3', 'c1', 'c2'].map((name) => ask(name));
  leave('a1');
  await settled();
  leave('b1');
  await settled();
  expect(order.slice(4)).toEqual(['c1', 'a3']);
  for (const name of ['a2', 'b2', 'c1', 'a3']) leave(name);
  await Promise.all(waiting);
  expect(order.slice(6).sort()).toEqual(['a4', 'b3', 'c2']);
});

it('a line has an end, also for each alone, and a place is given back once', async () => {
  const { ask, leave } = opened();
  await Promise.all(['a1', 'a2', 'b1', 'b2'].map((name) => ask(name)));
  const first = ['a3', 'a4', 'a5'].map((name) => ask(name));
  expect(await ask('a6')).toBe(false);
  const others = ['c1', 'd1', 'e1'].map((name) => ask(name));
  expect(await ask('f1')).toBe(false);
  leave('b1');
  leave('b1');
  expect(await others[0]).toBe(true);
  expect(await Promise.race([others[1], settled()])).toBeUndefined();
  for (const name of ['a1', 'a2', 'b2', 'c1']) leave(name);
  expect(await Promise.all([...first.slice(0, 2), ...others])).toEqual([
    ...[true, true],
    ...[true, true, true],
  ]);
});

it('who is not given one in time waits no longer', async () => {
  const { ask, leave, order } = opened();
  await Promise.all(['a1', 'a2'].map((name) => ask(name)));
  expect(await ask('a3', 10)).toBe(false);
  leave('a1');
  expect(await ask('a4')).toBe(true);
  expect(order).toEqual(['a1', 'a2', 'a4']);
});

it('who leaves lets in all for whom there is room now, not only one', async () => {
  // x has one place at each of two tables, which have one each: x1 is at both.
  const shares = (name: string): readonly Share[] => [
    ...(name[0] === 'x' ? [{ name: 'x', places: 1, waiting: 9 }] : []),
    ...[...name.slice(1)].map((table) => ({ name: table, places: 1, waiting: 9 })),
  ];
  const { ask, leave, order } = opened(shares);
  await ask('x1');
  const waiting = [ask('x2'), ask('y1')];
  leave('x1');
  expect(await Promise.all(waiting)).toEqual([true, true]);
  expect(order.sort()).toEqual(['x1', 'x2', 'y1']);
});

it('no share ever has more than it may, and nobody waits where there is room', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('ask', 'leave'), fc.constantFrom(...'abcd')), {
        maxLength: 60,
      }),
      async (steps) => {
        const { take } = fairSlots();
        const inside: { readonly who: string; readonly leave: () => void }[] = [];
        const unanswered = new Map<string, number>();
        const waits = (who: string, by: number) =>
          unanswered.set(who, (unanswered.get(who) ?? 0) + by);
        for (const [step, who] of steps) {
          if (step === 'ask') {
            waits(who, 1);
            void take(sharesOf(who), 60_000).then((leave) => {
              waits(who, -1);
              if (leave !== undefined) inside.push({ who, leave });
            });
          } else inside.splice(inside.findIndex((one) => one.who === who) >>> 0, 1)[0]?.leave();
          await settled();
          const has = (one: string) => inside.filter((each) => each.who === one).length;
          expect(inside.length).toBeLessThanOrEqual(4);
          for (const one of 'abcd') {
            expect(has(one)).toBeLessThanOrEqual(2);
            const isLetIn = inside.length < 4 && has(one) < 2;
            if (isLetIn) expect(unanswered.get(one) ?? 0).toBe(0);
          }
        }
        // Those who still wait come in, so that no timer is left.
        for (let one = inside.pop(); one !== undefined; one = inside.pop()) {
          one.leave();
          await settled();
        }
      },
    ),
    { numRuns: 50 },
  );
});
