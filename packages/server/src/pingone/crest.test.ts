import { ok } from '@tessera/protocol';
import { describe, expect, it } from 'vitest';
import { collect, type Part, pickFields, readQuery } from './crest.ts';

const resource = (index: number) => ({ _id: `id-${index}`, _rev: '1', even: index % 2 === 0 });

/** A collection of `total` objects, which the store gives in parts of 500. */
function collection(total: number) {
  let read = 0;
  const parts = async (after: string | undefined) => {
    const from = Number(after ?? 0);
    const to = Math.min(from + 500, total);
    read += to - from;
    const items = Array.from({ length: to - from }, (_, index) => resource(from + index));
    const part: Part = { items, next: to === total ? undefined : String(to) };
    return ok(part);
  };
  return { parts, read: () => read };
}

async function ask(query: Readonly<Record<string, unknown>>, total: number) {
  const read = readQuery(query);
  if (!read.ok) throw new Error(JSON.stringify(read.refusal));
  const { parts, read: count } = collection(total);
  const collected = await collect(read.value, parts);
  if (!collected.ok) throw new Error(JSON.stringify(collected.refusal));
  return { ...collected.value, read: count() };
}

describe('a page of a collection', () => {
  it('has what was asked for, and the cookie goes on where it ends', async () => {
    const ids: string[] = [];
    let cookie: string | null | undefined;
    while (cookie !== null) {
      const page = await ask(
        { _queryFilter: 'even eq true', _pageSize: '300', _pagedResultsCookie: cookie ?? '' },
        1_300,
      );
      expect(page.resultCount).toBeLessThanOrEqual(300);
      ids.push(...page.result.map(({ _id }) => _id));
      cookie = page.pagedResultsCookie;
    }
    expect(ids).toEqual(Array.from({ length: 650 }, (_, index) => `id-${index * 2}`));
  });

  it('ends after ten thousand objects however few of them match, and with a cookie', async () => {
    const page = await ask({ _queryFilter: '_id eq "id-30000"' }, 60_000);
    expect(page).toMatchObject({ resultCount: 0, read: 10_000, pagedResultsCookie: '0:10000' });
  });

  it('is of a thousand objects at most', async () => {
    const { resultCount } = await ask({ _queryFilter: 'true', _pageSize: '999999' }, 3_000);
    expect(resultCount).toBe(1_000);
  });

  it('begins nowhere but where a cookie of this server says', async () => {
    const { parts } = collection(1);
    const read = readQuery({ _queryFilter: 'true', _pagedResultsCookie: 'elsewhere' });
    if (!read.ok) throw new Error('unreadable');
    expect(await collect(read.value, parts)).toMatchObject({ ok: false, refusal: { code: 400 } });
  });
});

it('_fields picks members at any depth, and _id and _rev always', () => {
  const from = { _id: 'a', _rev: '3', outer: { one: 1, two: 2 }, list: [1], other: true };
  expect(pickFields(from, ['outer/two', 'list', 'absent/one', '__proto__'])).toEqual({
    _id: 'a',
    _rev: '3',
    outer: { two: 2 },
    list: [1],
  });
});
