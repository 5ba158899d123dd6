import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bindValue, storableText } from './bind-value.ts';

it.each([
  ['text', 'text'],
  ['', ''],
  ['👍', '👍'],
  [0, 0],
  [-0, -0],
  [1.5, 1.5],
  [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  [true, 1],
  [false, 0],
  [null, null],
  [undefined, null],
  [1n, 1n],
  [2n ** 63n - 1n, 2n ** 63n - 1n],
  [-(2n ** 63n), -(2n ** 63n)],
])('%o is bound as %o', (value, bound) => {
  expect(bindValue(value)).toBe(bound);
});

it('bytes are bound as they are', () => {
  const bytes = new Uint8Array([1, 2]);
  expect(bindValue(bytes)).toBe(bytes);
});

it.each([
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2n ** 63n,
  -(2n ** 63n) - 1n,
  {},
  [],
  ['a'],
  { $name: 'value' },
  new Date(0),
  new Map(),
  new Set(),
  new ArrayBuffer(1),
  new Float64Array(1),
  new String('text'),
  /x/,
  Symbol('x'),
  () => 1,
  Promise.resolve(1),
  Object.create(null),
])('%o is refused', (value) => {
  expect(() => bindValue(value)).toThrow(TypeError);
});

it.each([
  ['a\0b', 'a\uFFFDb'],
  ['\ud800', '\uFFFD'],
  ['\udc00\ud800', '\uFFFD\uFFFD'],
  ['x\ud83d', 'x\uFFFD'],
  ['\ud83d\udc4d\ud83d', '\ud83d\udc4d\uFFFD'],
])('%j is kept as %j', (text, kept) => {
  expect(storableText(text)).toBe(kept);
});

it('what is kept survives UTF-8 and has no U+0000, and is kept as it is the second time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const kept = storableText(text);
      expect(Buffer.from(kept, 'utf8').toString('utf8')).toBe(kept);
      expect(kept).not.toContain('\0');
      expect(kept).toHaveLength(text.length);
      expect(storableText(kept)).toBe(kept);
    }),
  );
});
