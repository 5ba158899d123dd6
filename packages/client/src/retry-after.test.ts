import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRetryAfter } from './retry-after.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('RFC 9110 §10.2.3', () => {
  it.each([
    [null, undefined],
    ['0', 0],
    ['120', 120],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['Thu, 99 Jan 2026 00:01:00 GMT', undefined],
    ['2027-01-01', undefined],
    ['1', 1],
    ['1.5', undefined],
    ['-1', undefined],
    ['soon', undefined],
    ['', undefined],
  ])('a Retry-After of %j is %j seconds', (value, expected) => {
    expect(readRetryAfter(value, NOW)).toBe(expected);
  });

  it('any date is as many seconds away as it is, and never fewer than none', () => {
    const seconds = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(seconds, (away) => {
        const value = new Date(NOW + away * 1000).toUTCString();
        expect(readRetryAfter(value, NOW)).toBe(Math.max(0, away));
      }),
    );
  });

  it('whatever is sent, it is nothing or a whole number of seconds', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789 ,:GMTJanSu\0é') });
    fc.assert(
      fc.property(text, (value) => {
        const read = readRetryAfter(value, NOW);
        expect(read === undefined || (Number.isSafeInteger(read) && read >= 0)).toBe(true);
      }),
    );
  });
});
