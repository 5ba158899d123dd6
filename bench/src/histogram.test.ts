import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHistogram } from './histogram.ts';

describe('A histogram', () => {
  it('tells the exact rank of what was recorded, to 0.8 % of its value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100_000_000 }), { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          const histogram = createHistogram();
          for (const value of values) histogram.record(value);
          const sorted = values.toSorted((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(share * values.length)) - 1] ?? 0;
          expect(Math.abs(histogram.percentile(share) - exact)).toBeLessThanOrEqual(
            Math.max(1, exact * 0.008),
          );
        },
      ),
    );
  });

  it('keeps what is longer than its last bucket', () => {
    const histogram = createHistogram();
    histogram.record(1e15);
    expect(histogram.count).toBe(1);
    expect(histogram.percentile(1)).toBeGreaterThan(2 ** 31);
  });

  it('has no percentiles while it is empty', () => {
    expect(createHistogram().percentile(0.99)).toBe(0);
  });
});
