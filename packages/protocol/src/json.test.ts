import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, readJson } from './json.ts';

/* Shows RFC 7515 §4, RFC 8259 §4 and §9. */

describe('§4 a member that comes twice', () => {
  test.each([
    ['beside each other', '{"a":1,"a":2}'],
    ['with the same value', '{"a":1,"a":1}'],
    ['far apart', '{"a":1,"b":[{"c":2}],"a":3}'],
    ['inside', '{"a":{"b":1,"b":2}}'],
    ['in an array', '[{"b":1,"b":2}]'],
    ['with one name escaped', '{"alg":"none","\\u0061lg":"ES256"}'],
    ['named __proto__', '{"__proto__":1,"__proto__":2}'],
    ['with a name full of signs', '{"a\\":{":1,"a\\":{":2}'],
  ])('§4 %s is refused', (_, text) => {
    expect(readJson(text)).toBeUndefined();
  });

  test('§4 the same name in two objects is no repetition', () => {
    expect(readJson('{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}')).toEqual({
      a: { a: { a: 1 } },
      b: [{ a: 1 }, { a: 2 }],
    });
  });

  test('§4 every JSON text without repetition is read, and none with one', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.string(), (text, name) => {
        expect(readJson(text)).toEqual(JSON.parse(text));
        const member = `${JSON.stringify(name)}:${text}`;
        expect(readJson(`{${member}}`)).toEqual(JSON.parse(`{${member}}`));
        expect(readJson(`[{"other":0,${member},${member}}]`)).toBeUndefined();
      }),
    );
  });
});

test.each(['', ' ', '{', '{}x', '{"a":1,}', "{'a':1}", '\ufeff{}', 'NaN', 'undefined', '01'])(
  '§4 %j is no JSON',
  (text) => {
    expect(readJson(text)).toBeUndefined();
  },
);

test('§4 any text at all is read as JSON.parse reads it, or refused', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'{}[]":,\\u0a1 ') }),
      fc.string({ unit: 'binary' }),
      (likely, unlikely) => {
        for (const text of [likely, unlikely]) {
          const value = readJson(text);
          if (value !== undefined) expect(value).toEqual(JSON.parse(text));
        }
      },
    ),
  );
});

test('§9 32 levels are read, 33 are not, and ten thousand cost nothing', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(readJson(nested(32))).toBeDefined();
  expect(readJson(nested(33))).toBeUndefined();
  expect(readJson('{"a":'.repeat(33) + 1 + '}'.repeat(33))).toBeUndefined();
  expect(readJson(nested(10_000))).toBeUndefined();
  expect(readJson('{"a":1}', 1)).toEqual({ a: 1 });
  expect(readJson('{"a":[]}', 1)).toBeUndefined();
});

test('§4 a member named __proto__ is a member, and changes no object', () => {
  const value = readJson('{"__proto__":{"polluted":true}}');
  expect(isJsonObject(value) && Object.hasOwn(value, '__proto__')).toBe(true);
  expect(isJsonObject(value) && value['polluted']).toBeUndefined();
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test.each([null, [], 'text', 1, true, undefined])('§4 %j is no JSON object', (value) => {
  expect(isJsonObject(value)).toBe(false);
});
