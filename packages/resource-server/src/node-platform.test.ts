import { portableDecoder } from '@tessera/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodePlatform } from './node-platform.ts';

const { decoder } = nodePlatform;

/** Bytes of any length, or undefined, so that both decoders can be compared. */
const bytesOf = (bytes: Uint8Array | undefined) => bytes && Array.from(bytes);

/** Base64url, and what is almost: of the other alphabet, padded, with a character too many. */
const almost = fc
  .tuple(
    fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ minLength: 4000, maxLength: 8000 })),
    fc.constantFrom('', '=', '==', '+', '/', ' ', '\n', '.', 'A', 'B', 'é', '\u0141'),
    fc.nat(),
  )
  .map(([bytes, stray, at]) => {
    const text = Buffer.from(bytes).toString('base64url');
    const place = text.length - (at % 4);
    return text.slice(0, place) + stray + text.slice(place);
  });

describe("RFC 7515 §2 Node's decoder takes what the portable one takes", () => {
  it.each([
    ['nothing', ''],
    ['bits that belong to no byte', 'c2lnbR'],
    ['one character', 'A'],
    ['padding', 'Zg=='],
    ['the other alphabet', 'Zm+v'],
    ['half a character of UTF-8', 'ww'],
    ['a slash in two bytes', 'wK8'],
    ['a byte order mark', '77u_e30'],
    ['the character that stands for what is no UTF-8', '77-9'],
  ])('%s', (_, text) => {
    expect(bytesOf(decoder.bytes(text))).toEqual(bytesOf(portableDecoder.bytes(text)));
    expect(decoder.text(text)).toBe(portableDecoder.text(text));
  });

  it('whatever comes, they say the same', () => {
    fc.assert(
      fc.property(fc.oneof(almost, fc.string({ unit: 'binary' })), (text) => {
        expect(bytesOf(decoder.bytes(text))).toEqual(bytesOf(portableDecoder.bytes(text)));
        expect(decoder.text(text)).toBe(portableDecoder.text(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('text of any language and length comes back as it was', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 6000, size: 'max' });
    fc.assert(
      fc.property(text, (said) => {
        expect(decoder.text(Buffer.from(said).toString('base64url'))).toBe(said);
      }),
    );
  });
});
