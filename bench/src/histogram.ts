/**
 * Counts durations in buckets whose width grows with the value, as HdrHistogram does: 128 steps
 * for each power of two, so that a percentile is off by less than 0.8 % whatever its size, and
 * recording costs an addition.
 */
export type Histogram = {
  record(microseconds: number): void;
  /** The duration that `share` (0 to 1) of all recorded ones did not exceed; 0 when empty. */
  percentile(share: number): number;
  readonly count: number;
};

const STEPS = 128;
const STEP_BITS = 7;
/** The last bucket is open: everything from 2^31 µs, half an hour. */
const POWERS = 32;

export function createHistogram(): Histogram {
  const buckets = new Float64Array(STEPS * POWERS);
  let count = 0;
  return {
    record(microseconds) {
      count += 1;
      const bucket = bucketOf(microseconds);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    },
    percentile(share) {
      if (count === 0) return 0;
      const wanted = Math.max(1, Math.ceil(share * count));
      let seen = 0;
      for (let bucket = 0; bucket < buckets.length; bucket++) {
        seen += buckets[bucket] ?? 0;
        if (seen >= wanted) return middleOf(bucket);
      }
      return middleOf(buckets.length - 1);
    },
    get count() {
      return count;
    },
  };
}

/** Below 128 µs a bucket is one microsecond wide; above, 128 of them span each power of two. */
function bucketOf(microseconds: number): number {
  const value = Math.max(0, Math.floor(microseconds));
  if (value < STEPS) return value;
  const power = Math.floor(Math.log2(value));
  const step = Math.floor(value / 2 ** (power - STEP_BITS)) - STEPS;
  return Math.min(STEPS * (power - STEP_BITS + 1) + step, STEPS * POWERS - 1);
}

function middleOf(bucket: number): number {
  if (bucket < STEPS) return bucket + 0.5;
  const power = Math.floor(bucket / STEPS) - 1 + STEP_BITS;
  const width = 2 ** (power - STEP_BITS);
  return 2 ** power + (bucket % STEPS) * width + width / 2;
}
