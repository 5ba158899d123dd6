import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LATENCY_BOUNDS, LATENCY_CLASSES, latencyClass, percentile } from './latency.ts';

it('a duration is in the first class whose end it does not exceed', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (milliseconds) => {
      const found = LATENCY_BOUNDS.findIndex((bound) => milliseconds <= bound);
      expect(latencyClass(milliseconds)).toBe(found === -1 ? LATENCY_CLASSES - 1 : found);
    }),
  );
});

it('a percentile is within the class in which the true one is', () => {
  const durations = fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.9, 0.99), (given, share) => {
      const counts = Array.from({ length: LATENCY_CLASSES }, () => 0);
      for (const duration of given)
        counts[latencyClass(duration)] = (counts[latencyClass(duration)] ?? 0) + 1;
      const sorted = [...given].sort((a, b) => a - b);
      const truth = sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
      const read = percentile(counts, share) ?? -1;
      const at = latencyClass(truth);
      expect(read).toBeGreaterThanOrEqual(LATENCY_BOUNDS[at - 1] ?? 0);
      expect(read).toBeLessThanOrEqual(LATENCY_BOUNDS[at] ?? 5_000);
    }),
  );
});

it('of nothing there is no percentile', () => {
  expect(percentile([], 0.5)).toBeUndefined();
  expect(percentile([0, 0], 0.99)).toBeUndefined();
});
