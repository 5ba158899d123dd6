import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatScope, isScopeToken, readScope } from './scope.ts';

/** The grammar of RFC 6749 §3.3 as an expression, to hold the code against. */
const TOKEN = '[\\x21\\x23-\\x5b\\x5d-\\x7e]+';
const SCOPE = new RegExp(`^${TOKEN}( ${TOKEN})*$`);

const token = fc.string({
  minLength: 1,
  unit: fc.integer({ min: 0x21, max: 0x7e }).map(String.fromCharCode).filter(isScopeToken),
});

describe('§3.3 scope', () => {
  test.each([
    ['write', ['write']],
    ['a b', ['a', 'b']],
    ['b a', ['b', 'a']],
    ['a a', ['a']],
    ['a b a', ['a', 'b']],
    ['A a', ['A', 'a']],
    ['fr:idm:* urn:x/y?z=1', ['fr:idm:*', 'urn:x/y?z=1']],
    ["!#[]~'", ["!#[]~'"]],
    ['__proto__', ['__proto__']],
  ])('§3.3 %j names %j', (value, tokens) => {
    expect(readScope(value)).toEqual({ ok: true, value: tokens });
  });

  test.each([
    ['nothing', ''],
    ['a leading space', ' a'],
    ['a trailing space', 'a '],
    ['two spaces', 'a  b'],
    ['a tab', 'a\tb'],
    ['a line feed', 'a\nb'],
    ['NUL', 'a\0'],
    ['a quotation mark', 'a"b'],
    ['a backslash', 'a\\b'],
    ['DEL', 'a\x7f'],
    ['a character outside ASCII', 'é'],
    ['a no-break space', 'a\u00a0b'],
  ])('§3.3 %s is malformed', (_, value) => {
    expect(readScope(value)).toEqual({ ok: false, refusal: { reason: 'scope_malformed' } });
  });

  test('§3.3 every text is read exactly when the grammar has it', () => {
    const almost = fc.string({ unit: fc.constantFrom('a', 'B', ' ', '"', '\\', '\t', 'é', '~') });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), almost), (value) => {
        expect(readScope(value).ok).toBe(SCOPE.test(value));
      }),
    );
  });

  test('§3.3 tokens survive being written and read, in order, each once', () => {
    fc.assert(
      fc.property(fc.array(token, { minLength: 1 }), (tokens) => {
        expect(readScope(formatScope(tokens))).toEqual({ ok: true, value: [...new Set(tokens)] });
      }),
    );
  });

  test('§3.3 a token is one name, not several', () => {
    expect(isScopeToken('write')).toBe(true);
    expect(isScopeToken('read write')).toBe(false);
    expect(isScopeToken('')).toBe(false);
  });
});
