import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DistinguishedName,
  formatDistinguishedName,
  type NameAttribute,
  parseDistinguishedName,
  sameName,
} from './distinguished-name.ts';

const name = (text: string): DistinguishedName => {
  const parsed = parseDistinguishedName(text);
  if (parsed === undefined) throw new Error(`no name: ${text}`);
  return parsed;
};
const same = (a: string, b: string): boolean => sameName(name(a), name(b));

const CN = '2.5.4.3';
const OU = '2.5.4.11';
const DC = '0.9.2342.19200300.100.1.25';

describe('RFC 4514 §3 a name as text', () => {
  test.each([
    ['CN=a', [[{ type: CN, text: 'a' }]]],
    ['cn=a', [[{ type: CN, text: 'a' }]]],
    ['commonName=a', [[{ type: CN, text: 'a' }]]],
    ['2.5.4.3=a', [[{ type: CN, text: 'a' }]]],
    ['1.2.840.1=a', [[{ type: '1.2.840.1', text: 'a' }]]],
    ['CN=a=b', [[{ type: CN, text: 'a=b' }]]],
    ['CN=a b', [[{ type: CN, text: 'a b' }]]],
    ['CN=a#b', [[{ type: CN, text: 'a#b' }]]],
    ['CN=\\#a', [[{ type: CN, text: '#a' }]]],
    ['CN=\\ a\\ ', [[{ type: CN, text: ' a ' }]]],
    ['CN=a\\\\  ', [[{ type: CN, text: 'a\\' }]]],
    ['CN=a\\, b', [[{ type: CN, text: 'a, b' }]]],
    ['CN=a\\2Cb', [[{ type: CN, text: 'a,b' }]]],
    ['CN=a\\\nb', undefined],
    ['CN=Lu\\C4\\8Di\\C4\\87', [[{ type: CN, text: 'Lučić' }]]],
    ['CN=Lučić', [[{ type: CN, text: 'Lučić' }]]],
    ['CN=#0C0161', [[{ type: CN, text: 'a' }]]],
    ['CN=#13026162', [[{ type: CN, text: 'ab' }]]],
    ['CN=#1E04006100E9', [[{ type: CN, text: 'aé' }]]],
    ['CN=#04024869', [[{ type: CN, encoded: '04024869' }]]],
    ['', []],
  ] as [string, DistinguishedName | undefined][])('§3 %j', (text, expected) => {
    expect(parseDistinguishedName(text)).toEqual(expected);
  });

  test('RFC 4514 §2.1 what is written first is the last of its encoding', () => {
    expect(parseDistinguishedName('UID=jsmith,DC=example,DC=net')).toEqual([
      [{ type: DC, text: 'net' }],
      [{ type: DC, text: 'example' }],
      [{ type: '0.9.2342.19200300.100.1.1', text: 'jsmith' }],
    ]);
  });

  test('§3 a plus sign joins the attributes of one relative name', () => {
    expect(parseDistinguishedName('OU=Sales+CN=J.  Smith,DC=example,DC=net')?.at(-1)).toEqual([
      { type: OU, text: 'Sales' },
      { type: CN, text: 'J.  Smith' },
    ]);
  });

  test('RFC 4514 §2 spaces behind a comma mean nothing, as Java and Windows write them', () => {
    expect(same('CN=a, OU=b + O=c', 'CN=a,OU=b+O=c')).toBe(true);
  });

  test.each([
    ['the one-line form of OpenSSL', '/C=GB/O=Example/CN=a'],
    ['the form of OpenSSL 3, which is in the other order', 'C = GB, O = Example, CN = a'],
    ['a value alone', 'a'],
    ['an empty value', 'CN='],
    ['an empty relative name', 'CN=a,,C=GB'],
    ['a comma at the end', 'CN=a,'],
    ['a plus sign at the end', 'CN=a+'],
    ['a comma at the beginning', ',CN=a'],
    ['an unknown attribute', 'FOO=a'],
    ['a name from the prototype of objects', 'constructor=a'],
    ['OID. before an OID', 'OID.2.5.4.3=a'],
    ['an OID with a leading zero', '2.05.4.3=a'],
    ['a semicolon', 'CN=a;C=GB'],
    ['quotation marks', 'CN="a"'],
    ['a bare angle bracket', 'CN=a<b'],
    ['a backslash at the end', 'CN=a\\'],
    ['an escape of nothing special', 'CN=a\\z'],
    ['half an octet', 'CN=a\\4'],
    ['half a character', 'CN=\\C4'],
    ['an overlong NUL', 'CN=a\\C0\\80'],
    ['half an octet in hexadecimal', 'CN=#0C016'],
    ['an encoding with more behind it', 'CN=#0C016161'],
    ['an encoding that ends early', 'CN=#0C0261'],
    ['no encoding', 'CN=#'],
    ['NUL', 'CN=a\0b'],
    ['an escaped NUL', 'CN=a\\00b'],
    ['an encoded NUL', 'CN=#0C03610062'],
    ['more than 2,048 characters', `CN=${'a'.repeat(2_048)}`],
    ['more than 64 attributes', 'CN=a,'.repeat(64).concat('CN=a')],
  ])('§3 %s is no name', (_, text) => {
    expect(parseDistinguishedName(text)).toBeUndefined();
  });

  const attribute: fc.Arbitrary<NameAttribute> = fc.oneof(
    fc.record({
      type: fc.constantFrom(CN, OU, DC, '1.2.840.113549.1.9.1', '2.5.4.999'),
      text: fc
        .string({ unit: fc.oneof(fc.constantFrom(...' #+,;<>="\\\n\té\u{1f600}'), fc.string()) })
        .filter((text) => text !== '' && !text.includes('\0')),
    }),
    fc.record({ type: fc.constant('2.5.4.45'), encoded: fc.constantFrom('030206c0', '0500') }),
  );
  const anyName = fc.array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { maxLength: 5 });

  test('RFC 4514 §2 every name survives being written and read', () => {
    fc.assert(
      fc.property(anyName, (given) => {
        fc.pre(formatDistinguishedName(given).length <= 2_048);
        expect(parseDistinguishedName(formatDistinguishedName(given))).toEqual(given);
      }),
    );
  });

  test('§3 whatever is read, is read in little time, and means the same when written again', () => {
    const almost = fc.string({
      maxLength: 3_000,
      unit: fc.constantFrom('CN=', 'a', ',', '+', '\\', ' ', '#', '4', '1', '=', '\\,', 'é'),
    });
    fc.assert(
      fc.property(almost, (text) => {
        const parsed = parseDistinguishedName(text);
        if (parsed === undefined) return;
        const again = parseDistinguishedName(formatDistinguishedName(parsed));
        expect(again).toEqual(parsed);
      }),
    );
    const started = performance.now();
    for (const part of ['\\ ', ' ', 'CN=a+', 'CN=a, ', '\\41', '(', 'CN= '])
      parseDistinguishedName(`CN=${part.repeat(500_000)}`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('RFC 4517 §4.2.15 names are compared', () => {
  test.each([
    ['case', 'CN=Billing,C=GB', 'cn=BILLING,c=gb'],
    ['the name of an attribute', 'CN=a', '2.5.4.3=a'],
    ['spaces in a row', 'CN=a   b', 'CN=a b'],
    ['spaces at the ends', 'CN=\\ a\\ ', 'CN=a'],
    ['the order within one relative name', 'CN=a+OU=b,C=GB', 'OU=b+CN=a,C=GB'],
    ['the type of string', 'CN=#0C0161', 'CN=#130161'],
    ['an escape', 'CN=a\\,b', 'CN=a\\2cb'],
    ['how an accent is written', 'CN=\u00e9', 'CN=e\u0301'],
    ['a final sigma', 'CN=ΟΔΟΣ', 'CN=οδος'],
    ['a tab for a space', 'CN=a\tb', 'CN=a b'],
  ])('RFC 4517 §4.2.11 %s makes no difference', (_, a, b) => {
    expect(same(a, b)).toBe(true);
    expect(same(b, a)).toBe(true);
  });

  test.each([
    ['the order of relative names', 'CN=a,O=b', 'O=b,CN=a'],
    ['one relative name more', 'CN=a,O=b', 'CN=a'],
    ['an empty name', 'CN=a', ''],
    ['one relative name or two', 'CN=a+O=b', 'CN=a,O=b'],
    ['an attribute twice', 'CN=a+CN=a', 'CN=a'],
    ['another attribute', 'CN=a', 'OU=a'],
    ['a space or none', 'CN=a b', 'CN=ab'],
    ['a value that looks like two', 'CN=a\\,O=b', 'CN=a,O=b'],
    ['an encoded value that looks like text', 'CN=#04024869', 'CN=\\#04024869'],
    ['a dotless i', 'CN=adm\u0131n', 'CN=admin'],
  ])('§4.2.15 %s makes a difference', (_, a, b) => {
    expect(same(a, b)).toBe(false);
    expect(same(b, a)).toBe(false);
  });

  test('RFC 4518 §2.2 a name with an invisible character is another name', () => {
    expect(same('CN=ad\u00admin', 'CN=admin')).toBe(false);
    expect(same('CN=ad\u200bmin', 'CN=admin')).toBe(false);
  });

  test('RFC 4518 §2 compatible characters are one', () => {
    expect(same('CN=\uff41\ufb01', 'CN=afi')).toBe(true);
  });
});
