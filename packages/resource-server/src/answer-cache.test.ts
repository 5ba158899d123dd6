import { ok, readIntrospection, refuse } from '@tessera/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { answerCache, type CacheLimits } from './answer-cache.ts';
import type { Introspect } from './introspect.ts';

let asked: string[];
let now: number;
let exp: number | undefined;
let down: boolean;
/** Nothing is answered before it resolves. */
let gate: Promise<void>;

beforeEach(() => {
  asked = [];
  now = 1_700_000_000_000;
  exp = undefined;
  down = false;
  gate = Promise.resolve();
});

/** Tokens that begin with `good` are active. */
const introspect: Introspect = async (token) => {
  asked.push(token);
  await new Promise((resolve) => setImmediate(resolve));
  await gate;
  if (down) return refuse({ reason: 'authorization_server_unreachable' });
  const read = readIntrospection(
    token.startsWith('good') ? { active: true, exp } : { active: false },
  );
  return read.ok ? ok(read.value) : refuse({ reason: 'authorization_server_answer_malformed' });
};

const cache = (limits: Partial<CacheLimits> = {}): Introspect =>
  answerCache(introspect, {
    cacheSeconds: 60,
    cacheEntries: 3,
    pendingMax: 10,
    clock: () => now,
    ...limits,
  });

describe('RFC 7662 §4', () => {
  it('without a cache each request is asked about, even at once', async () => {
    const ask = cache({ cacheSeconds: 0 });
    await Promise.all([ask('good'), ask('good')]);
    await ask('good');
    expect(asked).toHaveLength(3);
  });

  it('an answer is used again until its time is over', async () => {
    const ask = cache();
    await ask('good');
    now += 59_999;
    expect(await ask('good')).toMatchObject({ ok: true, value: { active: true } });
    expect(asked).toHaveLength(1);
    now += 1;
    await ask('good');
    expect(asked).toHaveLength(2);
  });

  it('an answer is never used beyond the end of the token', async () => {
    exp = now / 1000 + 10;
    const ask = cache();
    await ask('good');
    now += 9_999;
    await ask('good');
    expect(asked).toHaveLength(1);
    now += 1;
    await ask('good');
    await ask('good');
    expect(asked).toHaveLength(3);
  });

  it('that a token is inactive is remembered for five seconds', async () => {
    const ask = cache();
    await ask('bad');
    now += 4_999;
    expect(await ask('bad')).toMatchObject({ value: { active: false } });
    expect(asked).toHaveLength(1);
    now += 1;
    await ask('bad');
    expect(asked).toHaveLength(2);
  });

  it('a failure is never remembered', async () => {
    const ask = cache();
    down = true;
    expect(await ask('good')).toMatchObject({ ok: false });
    down = false;
    expect(await ask('good')).toMatchObject({ ok: true });
  });

  it('of many who wait for one answer, one asks', async () => {
    const ask = cache();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask('good')));
    expect(answers.every((answer) => answer.ok)).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it('the oldest answer makes room, and inactive tokens push out no active one', async () => {
    const ask = cache();
    for (const token of ['good1', 'good2', 'good3', 'bad1', 'bad2', 'bad3', 'bad4'])
      await ask(token);
    await ask('good1');
    expect(asked).toHaveLength(7);
    await ask('good4');
    await ask('good1');
    expect(asked).toHaveLength(9);
    await ask('good3');
    expect(asked).toHaveLength(9);
  });

  it.each([0, 60])(
    'with %d s of cache no more are under way than allowed',
    async (cacheSeconds) => {
      const ask = cache({ cacheSeconds, pendingMax: 2 });
      let open = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      const answers = ['good1', 'good2', 'good3'].map((token) => ask(token));
      expect(await Promise.race(answers)).toMatchObject({
        refusal: { reason: 'validations_too_many' },
      });
      open();
      expect((await Promise.all(answers)).filter((answer) => answer.ok)).toHaveLength(2);
      expect(await ask('good3')).toMatchObject({ ok: true });
    },
  );
});
