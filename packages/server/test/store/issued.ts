import { numericDate } from '@tessera/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EventFilter, Page } from '../../src/environment.ts';
import type { Event, TrafficEventType } from '../../src/model/event.ts';
import { aTrafficEvent, NOW, newName } from './fixtures.ts';
import type { Opened } from './opened.ts';

/** What is kept many to a row reads as if each had a row of its own. */
export function issuedEventsContract(current: () => Opened): void {
  const everything = async (realm: string, page: Omit<Page, 'limit'> & EventFilter = {}) => {
    const { store } = current();
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const listed = await store.events.list(realm, { ...page, after, limit: 7 });
      ids.push(...listed.items.map(({ id }) => id));
      after = listed.next;
    } while (after !== undefined);
    return ids;
  };

  const anIssue = fc.record({
    at: fc.integer({ min: 0, max: 300 }),
    id: fc.integer({ min: 0, max: 999_999 }).map((n) => `e${String(n).padStart(6, '0')}`),
    client: fc.constantFrom('a', 'b', '%', '_', '!', '"', '\\', 'é'),
    type: fc.constantFrom<TrafficEventType>('token.issued', 'token.issued', 'token.refused'),
  });

  it('lists events of every type and batch in one order, each once, page by page', async () => {
    const { store } = current();
    const batches = fc.array(fc.array(anIssue, { maxLength: 30 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.constantFrom('a', '%', '_', '!', '"', '\\'),
        async (given, id) => {
          const realm = newName('realm');
          const events = new Map<string, Event<TrafficEventType>>();
          for (const batch of given) {
            const made = batch
              .filter((one) => !events.has(one.id))
              .map((one) =>
                aTrafficEvent(realm, one.id, {
                  at: numericDate(NOW + one.at),
                  type: one.type,
                  actor: { kind: 'client', id: one.client },
                }),
              );
            for (const event of made) events.set(event.id, event);
            await store.appendEvents([...new Map(made.map((event) => [event.id, event])).values()]);
          }
          const all = [...events.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
          const idsOf = (some: typeof all) => some.map((event) => event.id);
          expect(await everything(realm)).toEqual(idsOf(all));
          expect(await everything(realm, { actorId: id })).toEqual(
            idsOf(all.filter(({ actor }) => actor.id === id)),
          );
          expect(await everything(realm, { type: 'token.refused' })).toEqual(
            idsOf(all.filter(({ type }) => type === 'token.refused')),
          );
          const since = numericDate(NOW + 100);
          const until = numericDate(NOW + 200);
          expect(await everything(realm, { since, until })).toEqual(
            idsOf(all.filter(({ at }) => at >= since && at < until)),
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  it('looks through a great many for a rare one, some at a time', async () => {
    const { store } = current();
    const realm = newName('realm');
    const many = (from: number, client: string) =>
      Array.from({ length: 3_000 }, (_, index) =>
        aTrafficEvent(realm, `e${String(from + index).padStart(7, '0')}`, {
          actor: { kind: 'client', id: client },
          at: numericDate(NOW + Math.floor(from / 3_000)),
        }),
      );
    for (let batch = 0; batch < 12; batch++)
      await store.appendEvents([
        ...many(batch * 3_000, 'busy'),
        ...(batch === 0
          ? [aTrafficEvent(realm, 'rare', { actor: { kind: 'client', id: 'r' } })]
          : []),
      ]);
    const first = await store.events.list(realm, { limit: 10, subjectId: 'nothing' });
    expect(first.items).toEqual([]);
    expect(first.next).toBeDefined();
    expect(await everything(realm, { subjectId: 'nothing' })).toEqual([]);
    const found = await store.events.list(realm, { limit: 10, actorId: 'r' });
    expect(found.items.map(({ id }) => id)).toEqual(['rare']);
  });
}
