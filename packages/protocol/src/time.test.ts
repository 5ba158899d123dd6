import fc from 'fast-check';
import { expect, test } from 'vitest';
import { between, later, numericDate, seconds } from './time.ts';

test('§2 an instant is a number of seconds, and so is what lies between two', () => {
  const noon = numericDate(1_700_000_000);
  const end = later(noon, seconds(3600));
  expect(end).toBe(1_700_003_600);
  expect(between(noon, end)).toBe(3600);
});

test('§2 adding a length of time and measuring it are inverse', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (start, length) => {
      const from = numericDate(start);
      expect(between(from, later(from, seconds(length)))).toBe(length);
    }),
  );
});
