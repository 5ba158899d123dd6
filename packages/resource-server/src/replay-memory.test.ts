import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replayMemory } from './replay-memory.ts';

const holder = (client: string, jkt = 'key') => ({ client, subject: client, jkt });
const one = holder('one');
const two = holder('two');

/** Seconds that a test can change. */
function opened(entries: number) {
  const time = { now: 0 };
  const { spend } = replayMemory(entries, () => time.now * 1000);
  /** What becomes of a proof: accepted, used before, or nobody can tell any more. */
  const use = (key: string, expiresAt: number, of = one): boolean | 'unknown' => {
    try {
      return spend(key, expiresAt, of) as boolean;
    } catch {
      return 'unknown';
    }
  };
  return { time, use };
}

describe('RFC 9449 §11.1', () => {
  it('a key is spent once until it has expired', () => {
    const { time, use } = opened(10);
    expect([use('a', 10), use('a', 10), use('b', 10)]).toEqual([true, false, true]);
    time.now = 10;
    expect(use('a', 20)).toBe(true);
  });

  it('a client that floods an API for many subjects takes no room of others', () => {
    const { use } = opened(100);
    for (let index = 0; index < 10; index++) expect(use(`two ${index}`, 60, two)).toBe(true);
    for (let index = 0; index < 1_000; index++)
      use(`one ${index}`, 60, { client: 'one', subject: `subject ${index}`, jkt: 'key' });
    for (let index = 0; index < 10; index++) expect(use(`two ${index}`, 60, two)).toBe(false);
  });

  it('who floods an API takes no room of others', () => {
    const { use } = opened(100);
    for (let index = 0; index < 10; index++) expect(use(`two ${index}`, 60, two)).toBe(true);
    for (let index = 0; index < 1_000; index++) use(`one ${index}`, 60 + (index % 7));
    for (let index = 0; index < 10; index++) {
      expect(use(`two ${index}`, 60, two)).toBe(false);
      expect(use(`later ${index}`, 60, two)).toBe(true);
    }
  });

  it('nor does who has many keys, as long as they are of one client', () => {
    const { use } = opened(100);
    for (let index = 0; index < 10; index++) expect(use(`two ${index}`, 60, two)).toBe(true);
    for (let index = 0; index < 1_000; index++) use(`one ${index}`, 70, holder('one', `${index}`));
    for (let index = 0; index < 10; index++) {
      expect(use(`two ${index}`, 60, two)).toBe(false);
      expect(use(`later ${index}`, 60, two)).toBe(true);
    }
  });

  it('a key that floods takes no room of the other keys of its client', () => {
    const { use } = opened(100);
    const other = holder('one', 'other');
    for (let index = 0; index < 10; index++) expect(use(`other ${index}`, 60, other)).toBe(true);
    for (let index = 0; index < 1_000; index++) use(`one ${index}`, 70);
    expect(use('later', 60, other)).toBe(true);
    expect(use('other 0', 60, other)).toBe(false);
  });

  it('of who fills all of it, proofs are good for a shorter time: what was forgotten is unknown', () => {
    const { time, use } = opened(100);
    for (let second = 0; second < 60; second++) {
      time.now = second;
      for (let index = 0; index < 10; index++)
        expect(use(`${second} ${index}`, second + 61)).toBe(true);
    }
    expect(use('10 0', 71)).toBe('unknown');
    expect(use('a slow clock', 100)).toBe('unknown');
    expect(use('59 0', 120)).toBe(false);
  });

  it('when every client has one proof, those of a moment ago go on', () => {
    const { time, use } = opened(100);
    for (let second = 0; second < 60; second++) {
      time.now = second;
      for (let index = 0; index < 10; index++)
        expect(use(`${second} ${index}`, second + 61, holder(`${second} ${index}`))).toBe(true);
    }
    expect(use('10 0', 71, holder('10 0'))).toBe('unknown');
    expect(use('59 0', 120, holder('59 0'))).toBe(false);
  });

  it('who was forgotten and comes again has not forgotten what was before', () => {
    const { use } = opened(3);
    for (const name of ['a', 'b', 'c']) use(name, 50, holder(name));
    expect(use('d', 60, holder('d'))).toBe(true);
    expect(use('a again', 61, holder('a'))).toBe(true);
    expect(use('a', 50, holder('a'))).toBe('unknown');
  });

  it('after the flood everything is as before', () => {
    const { time, use } = opened(100);
    for (let index = 0; index < 1_000; index++) use(`${index}`, 90 - (index % 60));
    time.now = 91;
    for (let index = 0; index < 100; index++) expect(use(`${index}`, 92 + index)).toBe(true);
    for (let index = 0; index < 100; index++) expect(use(`${index}`, 92 + index)).toBe(false);
  });

  it('whoever uses them and in whichever order they expire, none is accepted twice in its time', () => {
    const uses = fc.array(
      fc.record({
        client: fc.nat(3),
        jkt: fc.nat(2),
        key: fc.nat(4),
        life: fc.integer({ min: 1, max: 90 }),
        wait: fc.oneof(fc.constant(0), fc.nat(20)),
      }),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), uses, (entries, all) => {
        const { time, use } = opened(entries);
        const until = new Map<string, number>();
        for (const { client, jkt, key, life, wait } of all) {
          time.now += wait;
          const name = `${client} ${jkt} ${key}`;
          // A proof is the same when it is sent again, and so is when it ends.
          const before = until.get(name) ?? 0;
          const good = before > time.now;
          const expiresAt = good ? before : time.now + life;
          if (use(name, expiresAt, holder(`${client}`, `${jkt}`)) !== true) continue;
          expect(good).toBe(false);
          until.set(name, expiresAt);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
