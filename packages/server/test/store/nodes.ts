import { numericDate } from '@tessera/protocol';
import { expect, it } from 'vitest';
import { NODE_FORGOTTEN_AFTER, type NodeIdentity } from '../../src/model/node.ts';
import { MIGRATIONS } from '../../src/storage/migrations/list.ts';
import { NOW } from './fixtures.ts';
import type { Opened } from './opened.ts';

const node = (id: string): NodeIdentity => ({
  id,
  name: `machine-${id}`,
  version: '1.2.3',
  runtime: 'v24.0.0',
  startedAt: NOW,
});

export function nodesContract(current: () => Opened): void {
  it('shows each node once, as it told of itself last, and those heard of last first', async () => {
    const { store } = current();
    await store.nodes.report(node('n1'), NOW);
    await store.nodes.report(node('n2'), numericDate(NOW + 1));
    await store.nodes.report(node('n1'), numericDate(NOW + 10));
    expect(await store.nodes.list()).toEqual([
      { ...node('n1'), lastSeenAt: NOW + 10, changesBehind: 0 },
      { ...node('n2'), lastSeenAt: NOW + 1, changesBehind: 0 },
    ]);
  });

  it('a node that leaves is not missed, and one that was not heard of for a day is forgotten', async () => {
    const { store } = current();
    const purgeAt = async (seconds: number) =>
      store.purge(numericDate(NOW + seconds), numericDate(0), numericDate(0));
    await store.nodes.leave('n2');
    expect((await store.nodes.list()).map(({ id }) => id)).toEqual(['n1']);
    await purgeAt(10 + NODE_FORGOTTEN_AFTER);
    expect(await store.nodes.list()).toHaveLength(1);
    await purgeAt(11 + NODE_FORGOTTEN_AFTER);
    expect(await store.nodes.list()).toEqual([]);
  });

  it('says of what kind the database is, how big, and which schema it has', async () => {
    const { kind, bytes, migrations } = await current().store.database.describe();
    expect(['sqlite', 'postgres']).toContain(kind);
    expect(bytes).toBeGreaterThan(100_000);
    expect(migrations).toEqual(Object.keys(MIGRATIONS));
  });
}
