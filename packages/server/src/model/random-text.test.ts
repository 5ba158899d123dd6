import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatRandomText, isRandomText } from './random-text.ts';

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

it('RFC 3986 §2.3 a random text has unreserved characters only', () => {
  fc.assert(
    fc.property(bytes, (random) => {
      const text = formatRandomText('tsk', random);
      expect(text).toMatch(/^tsk_[A-Za-z0-9_-]{49}$/);
      expect(isRandomText('tsk', text)).toBe(true);
      expect(isRandomText('tsa', text)).toBe(false);
    }),
  );
});

it('one changed character is not a random text of ours', () => {
  const text = formatRandomText('tsk', new Uint8Array(32).fill(7));
  for (let i = 0; i < text.length; i++) {
    const changed = `${text.slice(0, i)}${text.charAt(i) === 'x' ? 'y' : 'x'}${text.slice(i + 1)}`;
    expect(isRandomText('tsk', changed), `character ${i}`).toBe(false);
  }
});

it('the checksum is the CRC-32 of the text before it, in base 62', () => {
  const text = formatRandomText('tsa', new Uint8Array(32).fill(1));
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const value = [...text.slice(-6)].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
  expect(value).toBe(crc32(text.slice(0, -6)));
});

it('no text whatever makes the check throw', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !isRandomText('tsk', text)));
});
