import { ok, readIntrospection, refuse } from '@tessera/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { answerCache, type CacheLimits, type Introspect } from './answer-cache.ts';

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

const cache = (limits: Partial<CacheLimits> = {}): Introspect => {
  const ask = answerCache(introspect, {
    cacheSeconds: 60,
    cacheEntries: 4,
    pendingMax: 10,
    clock: () => now,
    ...limits,
  });
  return (token) => ask(token, token);
};

describe('RFC 7662 §4', () => {
  it('without a cache each request is asked about, those at once together', async () => {
    const ask = cache({ cacheSeconds: 0 });
    await Promise.all([ask('good'), ask('good')]);
    await ask('good');
    expect(asked).toHaveLength(2);
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

  it('answers not used make room, and inactive tokens push out no active one', async () => {
    const ask = cache();
    for (const token of ['good1', 'bad1', 'bad2', 'bad3', 'bad4', 'bad5', 'bad6']) await ask(token);
    await ask('good1');
    expect(asked).toHaveLength(7);
    for (const token of ['good2', 'good3', 'good4', 'good5']) await ask(token);
    expect(asked).toHaveLength(11);
    await ask('good5');
    expect(asked).toHaveLength(11);
    await ask('good1');
    expect(asked).toHaveLength(12);
  });

  it('an answer is as old as its question: a revocation meanwhile may not be in it', async () => {
    const ask = cache();
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const slow = ask('good');
    now += 50_000;
    open();
    await slow;
    now += 10_000;
    await ask('good');
    expect(asked).toHaveLength(2);
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
