import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmacSha256 } from './hmac.ts';

/* Shows RFC 2104 §2. */

const keyOf = (bytes: Uint8Array) => createSecretKey(bytes);

describe('RFC 4231 §4', () => {
  it.each([
    [
      '§4.2',
      Buffer.alloc(20, 0x0b),
      'Hi There',
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      '§4.3',
      Buffer.from('Jefe'),
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      '§4.7',
      Buffer.alloc(131, 0xaa),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ])('%s', (_section, key, text, digest) => {
    const computed = Buffer.from(hmacSha256(keyOf(key))(text), 'base64url').toString('hex');
    expect(computed).toBe(digest);
  });
});

it('RFC 2104 §2 is what node:crypto computes, whatever the text and its length', () => {
  const key = keyOf(Buffer.alloc(32, 7));
  const mac = hmacSha256(key);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (text) => {
      expect(mac(text)).toBe(createHmac('sha256', key).update(text).digest('base64url'));
    }),
  );
  const long = 'é'.repeat(5_000);
  expect(mac(long)).toBe(createHmac('sha256', key).update(long).digest('base64url'));
  expect(mac('short')).toBe(createHmac('sha256', key).update('short').digest('base64url'));
});
