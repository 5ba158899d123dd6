import { describe, expect, it } from 'vitest';
import type { Revocation } from '../model/token.ts';
import { heldWhole } from './held-whole.ts';
import { recent } from './recent.ts';
import { remembered } from './remembered.ts';
import { revocations } from './revocations.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A source of answers that come when the test says so. */
function source<V>() {
  const asked: string[] = [];
  const waiting: { resolve(value: V): void; reject(error: Error): void }[] = [];
  return {
    asked,
    load(...key: readonly string[]): Promise<V> {
      asked.push(key.join(' '));
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    async answer(value: V): Promise<void> {
      waiting.shift()?.resolve(value);
      await nextTurn();
    },
    async fail(): Promise<void> {
      waiting.shift()?.reject(new Error('away'));
      await nextTurn();
    },
  };
}

describe('what is remembered', () => {
  const limits = { weightMax: 100, absentMax: 10 };

  it('is asked for once, however many want it', async () => {
    const { load, asked, answer } = source<string>();
    const { find } = remembered(load, limits);
    const answers = [find('alpha', 'c1'), find('alpha', 'c1')];
    expect(asked).toEqual(['alpha c1']);
    await answer('one');
    expect(await Promise.all([...answers, find('alpha', 'c1')])).toEqual(['one', 'one', 'one']);
    expect(find('alpha', 'c1')).toBe(find('alpha', 'c1'));
    expect(asked).toHaveLength(1);
  });

  it('is asked for again after it changed, even if it changed while it was asked for', async () => {
    const { load, asked, answer } = source<string>();
    const { find, forget } = remembered(load, limits);
    const before = find('alpha', 'c1');
    forget('alpha', 'c1');
    const after = find('alpha', 'c1');
    await answer('old');
    await answer('new');
    expect([await before, await after, await find('alpha', 'c1')]).toEqual(['old', 'new', 'new']);
    expect(asked).toHaveLength(2);
  });

  it('is not what failed', async () => {
    const { load, answer, fail } = source<string>();
    const { find } = remembered(load, limits);
    const failing = find('alpha', 'c1').catch(() => 'failed');
    await fail();
    expect(await failing).toBe('failed');
    const found = find('alpha', 'c1');
    await answer('one');
    expect(await found).toBe('one');
  });

  it('keeps apart what is not there: a flood of unknown ids displaces nothing', async () => {
    const asked: string[] = [];
    const { find } = remembered(async (_, id) => {
      asked.push(id);
      return id === 'known' ? id : undefined;
    }, limits);
    await find('alpha', 'known');
    await find('alpha', 'unknown');
    await find('alpha', 'unknown');
    expect(asked).toEqual(['known', 'unknown']);
    for (let index = 0; index < 1_000; index++) await find('alpha', `unknown ${index}`);
    await find('alpha', 'known');
    expect(asked.filter((id) => id === 'known')).toHaveLength(1);
  });

  it('forgets a realm, or everything', async () => {
    let asked = 0;
    const { find, forgetRealm, forgetAll } = remembered(async () => ++asked, limits);
    const findAll = () => Promise.all([find('alpha', 'c1'), find('bravo', 'c1')]);
    expect(await findAll()).toEqual([1, 2]);
    forgetRealm('alpha');
    expect(await findAll()).toEqual([3, 2]);
    forgetAll();
    expect(await findAll()).toEqual([4, 5]);
  });
});

describe('what was used lately', () => {
  it('stays, and what was not goes: there are never more than were asked for', () => {
    const kept = recent<number>(100);
    for (let index = 0; index < 1_000; index++) {
      kept.keep('alpha', `${index}`, index, 1);
      expect(kept.find('alpha', '0')).toBe(0);
    }
    let held = 0;
    for (let index = 0; index < 1_000; index++)
      if (kept.find('alpha', `${index}`) !== undefined) held++;
    expect(held).toBeLessThanOrEqual(100);
    expect(held).toBeGreaterThanOrEqual(49);
  });

  it('is bounded by weight', () => {
    const kept = recent<string>(100);
    for (const id of ['a', 'b', 'c', 'd']) kept.keep('alpha', id, id, 40);
    expect(['a', 'b', 'c', 'd'].map((id) => kept.find('alpha', id))).toEqual([
      undefined,
      undefined,
      'c',
      'd',
    ]);
  });

  it('counts what is replaced or dropped no longer', () => {
    const kept = recent<string>(100);
    for (let times = 0; times < 100; times++) {
      kept.keep('alpha', 'a', 'a', 20);
      kept.keep('alpha', 'b', 'b', 20);
      kept.drop('alpha', 'b');
      kept.keep('bravo', 'c', 'c', 20);
      kept.dropRealm('bravo');
    }
    kept.replace('alpha', 'a', (value) => `${value}!`);
    kept.replace('alpha', 'z', () => 'never');
    expect(kept.find('alpha', 'a')).toBe('a!');
    expect(kept.find('alpha', 'z')).toBeUndefined();
    kept.clear();
    expect(kept.find('alpha', 'a')).toBeUndefined();
  });
});

describe('a table held whole', () => {
  it('answers everything from one load, and what is not there, too', async () => {
    const { load, asked, answer } = source<string>();
    const { find } = heldWhole(async () => new Map([['a', 'A']]), load, 'none');
    expect(await Promise.all([find('a'), find('b'), find('__proto__')])).toEqual([
      'A',
      'none',
      'none',
    ]);
    expect(find('b')).toBe(find('c'));
    await answer('never');
    expect(asked).toEqual([]);
  });

  it('loads what changed again at once, and asks until it gets an answer', async () => {
    const { load, asked, answer, fail } = source<string>();
    const { find, forget } = heldWhole(async () => new Map([['a', 'A']]), load, 'none');
    await find('a');
    forget('a');
    forget('a');
    const again = find('a');
    await nextTurn();
    expect(asked).toEqual(['a']);
    await answer('B');
    expect([await again, await find('a')]).toEqual(['B', 'B']);

    forget('a');
    await nextTurn();
    await fail();
    const failing = find('a');
    await fail();
    await expect(failing).rejects.toThrow('away');
    const found = find('a');
    await answer('C');
    expect(await found).toBe('C');
  });

  it('trusts nothing of a load during which it changed', async () => {
    const all = source<ReadonlyMap<string, string>>();
    const one = source<string>();
    const { find, forget, forgetAll } = heldWhole(all.load, one.load, 'none');
    const found = find('a');
    forget('a');
    await all.answer(new Map([['a', 'old']]));
    await one.answer('new');
    expect(await found).toBe('new');

    forgetAll();
    const later = find('a');
    forgetAll();
    const latest = find('a');
    await all.answer(new Map([['a', 'old']]));
    await all.answer(new Map([['a', 'newest']]));
    expect([await later, await latest]).toEqual(['newest', 'newest']);
  });

  it('does not take a load that failed for an empty table', async () => {
    const all = source<ReadonlyMap<string, string>>();
    const { find } = heldWhole(all.load, async () => 'one', 'none');
    const failing = find('a');
    await Promise.all([all.fail(), expect(failing).rejects.toThrow('away')]);
    const found = find('a');
    await all.answer(new Map([['a', 'A']]));
    expect(await found).toBe('A');
  });
});

describe('revocations', () => {
  const token = (jti: string, expiresAt: number) =>
    ({ realm: 'alpha', jti, expiresAt, position: expiresAt }) as Revocation;
  const facts = (jti: string, expiresAt: number) => ({ realm: 'alpha', jti, expiresAt });

  it('are known from the load, from what was told during it, and after', async () => {
    const gate = source<string>();
    const { find, add, forgetAll } = revocations(async function* () {
      yield token('loaded', 1);
      await gate.load('go on');
    });
    const found = find('alpha', 'meanwhile');
    add(token('meanwhile', 2));
    await nextTurn();
    await gate.answer('');
    add(token('after', 3));
    expect(await found).toEqual(facts('meanwhile', 2));
    expect(await find('alpha', 'loaded')).toEqual(facts('loaded', 1));
    expect(await find('alpha', 'after')).toEqual(facts('after', 3));
    expect(await find('bravo', 'loaded')).toBeUndefined();

    forgetAll();
    const again = find('alpha', 'after');
    await nextTurn();
    await gate.answer('');
    expect(await again).toBeUndefined();
  });

  it('are forgotten when they have expired', async () => {
    const { find, dropExpired } = revocations(async function* () {
      yield token('a', 10);
      yield token('b', 11);
    });
    await find('alpha', 'a');
    dropExpired(token('', 10).expiresAt);
    expect(await find('alpha', 'a')).toBeUndefined();
    expect(await find('alpha', 'b')).toBeDefined();
  });

  it('reach as far as every commit before is known, in whatever order they are told', async () => {
    const { ofRealm, hasGap, add } = revocations(async function* () {
      yield { realm: 'alpha', previous: 0, position: 5 };
      yield token('loaded', 5);
    });
    const position = async () => (await ofRealm('alpha')).position;
    expect(await position()).toBe(5);
    // A commit of this node, before those of another node that came between.
    add({ realm: 'alpha', previous: 8, position: 9 });
    expect([await position(), hasGap('alpha'), hasGap('bravo')]).toEqual([5, true, false]);
    add({ realm: 'alpha', previous: 5, position: 8 });
    expect([await position(), hasGap('alpha')]).toEqual([8, true]);
    add({ realm: 'alpha', previous: 8, position: 9 });
    expect([await position(), hasGap('alpha')]).toEqual([9, false]);
    add({ realm: 'alpha', previous: 3, position: 5 });
    expect(await position()).toBe(9);
  });

  it('are not none when they could not be loaded', async () => {
    let tries = 0;
    const { find } = revocations(async function* () {
      if (++tries === 1) throw new Error('away');
      yield token('a', 10);
    });
    await expect(find('alpha', 'a')).rejects.toThrow('away');
    expect(await find('alpha', 'a')).toBeDefined();
  });
});
