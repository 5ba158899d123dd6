/** Random choices that can be made again from their seed. */
export type SeededRandom = {
  /** A whole number of at least `from` and below `to`. */
  between(from: number, to: number): number;
  one<T>(of: readonly T[]): T | undefined;
  /** A source of its own: what one of several takes does not change what the others get. */
  fork(): SeededRandom;
};

const SEED = 'TESSERA_TEST_SEED';

/** A new seed unless one is given, told with the test if it fails: its choices can be repeated. */
export async function chooseSeed(tell: (text: string) => Promise<unknown>): Promise<number> {
  const seed = Number(process.env[SEED] ?? Math.floor(Math.random() * 2 ** 31));
  await tell(`${SEED}=${seed}`);
  return seed;
}

/** xorshift32, after Marsaglia: good enough to choose moments, and nothing else is chosen here. */
export function seededRandom(seed: number): SeededRandom {
  // The state is never 0, and similar seeds are soon far apart.
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x85ebca6b) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 0; i < 8; i++) next();
  const between = (from: number, to: number): number => from + (next() % (to - from));
  return {
    between,
    one: (of) => of[between(0, Math.max(of.length, 1))],
    fork: () => seededRandom(next()),
  };
}
