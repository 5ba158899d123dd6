import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWorld, START, type World } from '../../test/world.ts';
import type { Recorder, Store } from '../environment.ts';
import { recorder } from './recorder.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.createRealm('alpha');
});
afterEach(() => world.close());

const record = (records: Recorder, count: number) => {
  for (let i = 0; i < count; i++)
    records.record({
      at: START,
      realm: 'alpha',
      type: 'token.issued',
      actor: { kind: 'client', id: `client-${i}` },
      subject: { kind: 'token', id: `${i}` },
      details: {},
      requestId: '',
    });
};

const recorded = async () => {
  const { items } = await world.env.store.events.list('alpha', {
    limit: 200,
    type: 'token.issued',
  });
  return items.map(({ actor }) => actor.id);
};

it('events are written soon, newest first when listed, without anybody asking', async () => {
  record(world.env.recorder, 3);
  await expect.poll(recorded, { timeout: 5_000 }).toEqual(['client-2', 'client-1', 'client-0']);
});

it('closing writes what waits', async () => {
  const records = recorder(world.env);
  record(records, 5_000);
  await records.close();
  expect((await recorded()).length).toBe(200);
});

it('while the database is away events wait, and are written when it is back', async () => {
  let away = true;
  const store: Store = {
    ...world.env.store,
    appendEvents: (events) =>
      away ? Promise.reject(new Error('away')) : world.env.store.appendEvents(events),
  };
  const records = recorder({ ...world.env, store });
  record(records, 10);
  await records.flush();
  await records.flush();
  expect(await recorded()).toEqual([]);
  expect(world.log.filter(({ level }) => level === 'warn')).toHaveLength(1);
  away = false;
  await expect.poll(recorded, { timeout: 5_000 }).toHaveLength(10);
  await records.close();
});

it('more than can wait is counted and dropped, not piled up', async () => {
  let dropped = 0;
  const metrics = { ...world.env.metrics, eventsDropped: (count: number) => (dropped += count) };
  const store: Store = { ...world.env.store, appendEvents: () => new Promise(() => {}) };
  const records = recorder({ ...world.env, store, metrics });
  record(records, 100_250);
  expect(dropped).toBe(250);
});
