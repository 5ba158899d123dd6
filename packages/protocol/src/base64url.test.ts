import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64url } from './base64url.ts';

/* Shows RFC 4648 §3.5 and §5, RFC 7515 §2. */

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

test('§5 what was encoded comes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(decodeBase64url(encode(bytes))).toEqual(bytes);
    }),
  );
});

test.each([
  ['padding', 'Zg=='],
  ['padding where it belongs nowhere', 'Zm9v='],
  ['a space', 'Zm 9v'],
  ['a line break at the end', 'Zm9v\n'],
  ['a plus', 'Zm+v'],
  ['a slash', 'Zm/v'],
  ['a period', 'Zm.v'],
  ['a character beyond ASCII', 'Zm9é'],
  ['a character whose low byte is a letter', 'Zm9\u0141'],
  ['one character too many', 'Zm9vY'],
  ['one character', 'Z'],
])('§5 %s is refused', (_, text) => {
  expect(decodeBase64url(text)).toBeUndefined();
});

test.each(['Zh', 'Zm9=', 'Zn', 'Zm8', 'Zm9', 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2'])(
  '§3.5 %s is read only where its last bits are zero',
  (text) => {
    const canonical = encode(Buffer.from(text, 'base64url')) === text;
    expect(decodeBase64url(text) !== undefined).toBe(canonical);
  },
);

test('§3.5 no two texts are the same bytes', () => {
  const text = fc.string({ unit: fc.constantFrom(...'AQgwZz09-_=+/ \n.é'), maxLength: 12 });
  fc.assert(
    fc.property(text, (written) => {
      const bytes = decodeBase64url(written);
      if (bytes === undefined) expect(encode(Buffer.from(written, 'base64url'))).not.toBe(written);
      else expect(encode(bytes)).toBe(written);
    }),
    { numRuns: 1000 },
  );
});
