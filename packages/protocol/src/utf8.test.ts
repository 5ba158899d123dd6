import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUtf8 } from './utf8.ts';

/* Shows RFC 3629 §3. */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function reference(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

test.each([
  ['half a character', [0xc3]],
  ['a byte that only continues', [0x80]],
  ['a slash in two bytes', [0xc0, 0xaf]],
  ['half a surrogate pair', [0xed, 0xa0, 0x80]],
  ['a character beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
])('§3 %s is refused', (_, bytes) => {
  expect(decodeUtf8(Uint8Array.from(bytes))).toBeUndefined();
});

test('§3 text comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 10_000 }), (text) => {
      expect(decodeUtf8(new TextEncoder().encode(text))).toBe(text);
    }),
  );
  expect(decodeUtf8(new TextEncoder().encode('100 %41 é'.repeat(2000)))).toBe(
    '100 %41 é'.repeat(2000),
  );
});

test('§3 bytes are decoded as by the decoder of the platform', () => {
  const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0x80, max: 0xf4 }));
  fc.assert(
    fc.property(fc.uint8Array(), fc.array(byte, { maxLength: 6 }), (some, few) => {
      for (const bytes of [some, Uint8Array.from(few)])
        expect(decodeUtf8(bytes)).toBe(reference(bytes));
    }),
    { numRuns: 1000 },
  );
});
