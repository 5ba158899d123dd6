import { numericDate } from '@tessera/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { UsageDelta } from '../../src/model/usage.ts';
import { aRealm, change, NOW, newRealm } from './fixtures.ts';
import type { Opened } from './opened.ts';

/** A midnight. */
const DAY = numericDate(NOW - (NOW % 86_400));
const hour = (index: number) => numericDate(DAY + index * 3_600);

const delta = (realm: string, clientId: string, at: number, issued: number): UsageDelta => ({
  realm,
  clientId,
  hour: hour(at),
  issued,
  reused: issued * 2,
  refused: 1,
  wasted: 0,
});

export function usageContract(current: () => Opened): void {
  it('adds up what several nodes count of one client in one hour', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    await Promise.all([
      store.addUsage([delta(realm, 'c1', 9, 3), delta(realm, 'c1', 9, 4)]),
      store.addUsage([delta(realm, 'c1', 9, 5), delta(realm, 'c2', 9, 1)]),
    ]);
    await store.addUsage([delta(realm, 'c1', 10, 2)]);
    const owner = { realm, clientId: 'c1' };
    expect(await store.usage.list(owner, 'hour', DAY, hour(24))).toEqual([
      { at: hour(9), issued: 12, reused: 24, refused: 3, wasted: 0 },
      { at: hour(10), issued: 2, reused: 4, refused: 1, wasted: 0 },
    ]);
    expect(await store.usage.list(owner, 'day', DAY, hour(24))).toEqual([
      { at: DAY, issued: 14, reused: 28, refused: 4, wasted: 0 },
    ]);
    expect(
      await store.usage.list({ realm, clientId: undefined }, 'hour', hour(9), hour(10)),
    ).toEqual([{ at: hour(9), issued: 13, reused: 26, refused: 4, wasted: 0 }]);
  });

  it('tells the totals of the hour and of the day, of clients and of their realm', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    await store.addUsage([
      delta(realm, 'c1', -1, 100),
      delta(realm, 'c1', 0, 1),
      delta(realm, 'c1', 9, 3),
      delta(realm, 'c2', 9, 5),
      delta(realm, 'c1', 24, 100),
    ]);
    const owners = ['c1', 'nobody', undefined].map((clientId) => ({ realm, clientId }));
    expect(await store.usage.totals(owners, numericDate(hour(9) + 1))).toEqual([
      { hour: 3, day: 4 },
      { hour: 0, day: 0 },
      { hour: 8, day: 9 },
    ]);
  });

  it('ranks the clients of a realm by what they were issued', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    await store.addUsage([
      delta(realm, 'b', 1, 2),
      delta(realm, 'a', 1, 2),
      delta(realm, 'c', 1, 1),
      delta(realm, 'c', 2, 9),
      delta(realm, 'c', 30, 90),
    ]);
    const ranked = await store.usage.rank(realm, DAY, hour(24), 2);
    expect(ranked.map(({ clientId, issued }) => [clientId, issued])).toEqual([
      ['c', 10],
      ['a', 2],
    ]);
  });

  it('counts nothing of a realm that is not there, and none of an earlier one of its name', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    await store.addUsage([delta(realm, 'c1', 9, 3)]);
    await change(store, 'root', (rows) => rows.realms.delete(realm));
    await store.addUsage([delta(realm, 'c1', 9, 3)]);
    await change(store, 'root', (rows) => rows.realms.insert(aRealm(realm)));
    const owner = { realm, clientId: undefined };
    expect(await store.usage.list(owner, 'hour', DAY, hour(24))).toEqual([]);
    await store.addUsage([delta(realm, 'c1', 9, 2)]);
    expect((await store.usage.list(owner, 'hour', DAY, hour(24)))[0]?.issued).toBe(2);
  });

  it('is the same however it was batched', async () => {
    const { store } = current();
    const batches = fc.array(
      fc.array(
        fc.record({
          clientId: fc.constantFrom('a', 'b', 'é', '"'),
          at: fc.integer({ min: 0, max: 3 }),
          issued: fc.integer({ min: 0, max: 50 }),
        }),
        { maxLength: 8 },
      ),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(batches, async (given) => {
        const realm = await newRealm(store, 'c1');
        await Promise.all(
          given.map((batch) =>
            store.addUsage(
              batch.map(({ clientId, at, issued }) => delta(realm, clientId, at, issued)),
            ),
          ),
        );
        const expected = given.flat().reduce((sum, { issued }) => sum + issued, 0);
        const [whole = { issued: 0 }] = await store.usage.list(
          { realm, clientId: undefined },
          'day',
          DAY,
          hour(24),
        );
        const ranked = await store.usage.rank(realm, DAY, hour(24), 10);
        expect(whole.issued).toBe(expected);
        expect(ranked.reduce((sum, { issued }) => sum + issued, 0)).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('goes when it is old', async () => {
    const { store } = current();
    const realm = await newRealm(store, 'c1');
    await store.addUsage([delta(realm, 'c1', 1, 3), delta(realm, 'c1', 2, 4)]);
    await store.purge(numericDate(0), numericDate(0), hour(2));
    const left = await store.usage.list({ realm, clientId: 'c1' }, 'hour', DAY, hour(24));
    expect(left.map(({ issued }) => issued)).toEqual([4]);
  });
}
