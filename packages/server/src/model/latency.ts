/**
 * How long answers take, in classes that can be added up: milliseconds that are the upper end of
 * each. The last class has none. About a factor of 1.5 apart, so that what is read out of them is
 * off by a quarter at most.
 */
export const LATENCY_BOUNDS = [
  0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300,
  500, 1_000, 2_000, 5_000,
] as const;

export const LATENCY_CLASSES = LATENCY_BOUNDS.length + 1;

/** The class of a duration. */
export function latencyClass(milliseconds: number): number {
  let low = 0;
  let high: number = LATENCY_BOUNDS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (milliseconds <= (LATENCY_BOUNDS[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Milliseconds within which this share of all answers was given, taking those of a class to be
 * spread evenly over it; undefined: there were none.
 */
export function percentile(counts: readonly number[], share: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let wanted = total * share;
  for (const [index, count] of counts.entries()) {
    if (count > 0 && wanted <= count) {
      const from = LATENCY_BOUNDS[index - 1] ?? 0;
      const to = LATENCY_BOUNDS[index] ?? from;
      return from + ((to - from) * Math.max(wanted, 0)) / count;
    }
    wanted -= count;
  }
  return LATENCY_BOUNDS.at(-1);
}
