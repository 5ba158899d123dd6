import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readMaxAge } from './max-age.ts';

it.each([
  [undefined, undefined],
  ['', undefined],
  ['max-age=60', 60],
  ['public, Max-Age=60', 60],
  ['max-age="60"', 60],
  ['max-age=60, max-age=90', 60],
  ['private="a, max-age=5", max-age=60', 60],
  ['x-max-age=60', undefined],
  ['s-maxage=60', undefined],
  ['max-age', undefined],
  ['max-age=', undefined],
  ['max-age=-1', undefined],
  ['max-age=1.5', undefined],
  ['max-age=6 0', undefined],
  ['no-store, max-age=60', 0],
  ['no-cache', 0],
])('RFC 9111 §5.2.2.1 Cache-Control: %s is fresh for %s s', (text, age) => {
  expect(readMaxAge(text)).toBe(age);
});

it('RFC 9111 §1.2.2 numbers beyond 2^31 are 2^31', () => {
  expect(readMaxAge(`max-age=${'9'.repeat(400)}`)).toBe(2 ** 31);
});

it('RFC 9111 §5.2 whatever the header says, the answer is a bounded number or none', () => {
  const text = fc.string({
    unit: fc.constantFrom('max-age', '=', '"', '\\', ',', ' ', '1', 'no-store', 'é', '\0'),
  });
  fc.assert(
    fc.property(text, (header) => {
      const age = readMaxAge(header);
      expect(age === undefined || (Number.isInteger(age) && age >= 0 && age <= 2 ** 31)).toBe(true);
    }),
  );
});

it('RFC 9111 §5.2 a header made to be slow is read at once', () => {
  const started = performance.now();
  for (const text of ['"'.repeat(16_384), '"\\'.repeat(8_192), ',"a'.repeat(5_000)])
    readMaxAge(text);
  expect(performance.now() - started).toBeLessThan(2_000);
});
