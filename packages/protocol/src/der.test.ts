import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatHex, readDer, readDerAll, readDerOid, readDerText, readHex } from './der.ts';

const bytes = (hex: string): Uint8Array => readHex(hex.replaceAll(' ', '')) ?? new Uint8Array();
const element = (hex: string) => {
  const read = readDer(bytes(hex));
  if (read === undefined) throw new Error(`no element: ${hex}`);
  return read;
};

describe('an element', () => {
  test.each([
    ['05 00', 5, ''],
    ['30 03 02 01 05', 0x30, '020105'],
    [`04 81 80 ${'61'.repeat(128)}`, 4, '61'.repeat(128)],
    [`04 82 01 00 ${'61'.repeat(256)}`, 4, '61'.repeat(256)],
  ])('%s is read', (hex, tag, content) => {
    const read = element(hex);
    expect([read.tag, formatHex(read.content)]).toEqual([tag, content]);
    expect(read.bytes).toEqual(bytes(hex));
  });

  test.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['content that ends early', '04 02 61'],
    ['more behind it', '05 00 00'],
    ['an indefinite length', '30 80 05 00 00 00'],
    ['a length that is not the shortest', '04 81 01 61'],
    ['a length with a zero before it', `04 82 00 80 ${'61'.repeat(128)}`],
    ['a length of four octets', '04 84 00 00 00 01 61'],
    ['a length that ends early', '04 82 01'],
    ['a tag of several octets', '1f 81 01 00'],
  ])('%s is none', (_, hex) => {
    expect(readDer(bytes(hex))).toBeUndefined();
  });

  test('whatever the octets, the parts of what is read are its content', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (given) => {
        const parts = readDerAll(given);
        if (parts !== undefined)
          expect(parts.map((part) => formatHex(part.bytes)).join('')).toBe(formatHex(given));
      }),
    );
  });
});

describe('an OBJECT IDENTIFIER', () => {
  test.each([
    ['06 03 55 04 03', '2.5.4.3'],
    ['06 09 2a 86 48 86 f7 0d 01 09 01', '1.2.840.113549.1.9.1'],
    ['06 0a 09 92 26 89 93 f2 2c 64 01 19', '0.9.2342.19200300.100.1.25'],
    ['06 03 88 37 03', '2.999.3'],
  ])('%s is %s', (hex, oid) => {
    expect(readDerOid(element(hex))).toBe(oid);
  });

  test.each([
    ['nothing', '06 00'],
    ['a part that does not end', '06 02 55 84'],
    ['a part with a zero before it', '06 03 55 80 03'],
    ['a part too large for a number', '06 0a 55 ff ff ff ff ff ff ff ff 7f'],
    ['another type', '02 01 05'],
    ['more than 32 parts', `06 21 55 ${'01'.repeat(32)}`],
  ])('%s is none', (_, hex) => {
    expect(readDerOid(element(hex))).toBeUndefined();
  });
});

describe('RFC 3629 §3 a text', () => {
  test.each([
    ['UTF8String', '0c 02 c3 a9', 'é'],
    ['PrintableString', '13 01 61', 'a'],
    ['IA5String', '16 01 40', '@'],
    ['TeletexString', '14 01 e9', 'é'],
    ['BMPString', '1e 02 20 ac', '€'],
    ['UniversalString', '1c 04 00 01 f6 00', '\u{1f600}'],
    ['no text at all', '0c 00', ''],
  ])('%s is read', (_, hex, text) => {
    expect(readDerText(element(hex))).toBe(text);
  });

  test.each([
    ['NUL', '0c 03 61 00 62'],
    ['NUL in two octets', '1e 04 00 61 00 00'],
    ['an overlong form', '0c 02 c0 80'],
    ['half a character', '0c 01 c3'],
    ['a surrogate', '0c 03 ed a0 80'],
    ['a surrogate in two octets', '1e 02 d8 00'],
    ['three octets of two-octet characters', '1e 03 00 61 00'],
    ['what is beyond Unicode', '1c 04 00 11 00 00'],
    ['an octet that is not ASCII', '16 01 e9'],
    ['another type', '04 01 61'],
  ])('%s is none', (_, hex) => {
    expect(readDerText(element(hex))).toBeUndefined();
  });
});
