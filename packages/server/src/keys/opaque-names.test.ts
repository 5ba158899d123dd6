import fc from 'fast-check';
import { expect, test } from 'vitest';
import { opaqueNames } from './opaque-names.ts';
import { masterKey } from './seal.ts';

/* Shows RFC 5297 §2.6: what authenticates a text is the initialization vector of its encryption. */

const names = opaqueNames(masterKey(new Uint8Array(32).fill(1)));
const again = opaqueNames(masterKey(new Uint8Array(32).fill(1)));
const other = opaqueNames(masterKey(new Uint8Array(32).fill(2)));

test('a name opens under its context, wherever the master key is the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (plain, context) => {
      const name = names.seal(plain, context);
      expect(again.seal(plain, context)).toBe(name);
      expect(again.open(name, context)?.plain).toEqual(Buffer.from(plain));
      expect(other.open(name, context)).toBeUndefined();
      expect(names.open(name, `${context}.`)).toBeUndefined();
    }),
  );
});

test('§2.6 one bit more or less in the text changes all of the name', () => {
  const one = names.seal(Buffer.from('client-1'), 'realm');
  const two = names.seal(Buffer.from('client-2'), 'realm');
  expect(one.length).toBe(two.length);
  const same = [...one].filter((letter, at) => letter === two[at]).length;
  expect(same).toBeLessThan(8);
});

test('what was changed, cut or made up does not open', () => {
  const name = names.seal(Buffer.from('client-1'), 'realm');
  fc.assert(
    fc.property(fc.nat(name.length - 1), fc.constantFrom(...'aZ0-_'), (at, letter) => {
      const changed = name.slice(0, at) + letter + name.slice(at + 1);
      expect(names.open(changed, 'realm') === undefined).toBe(changed !== name);
      expect(names.open(name.slice(0, at), 'realm')).toBeUndefined();
    }),
  );
});

test('the randomness beside a name is as long as it is asked for, and of this name alone', () => {
  const [one, two] = ['client-1', 'client-2'].map((text) => {
    const opened = names.open(names.seal(Buffer.from(text), ''), '', 1_024);
    return opened?.randomness ?? Buffer.alloc(0);
  });
  expect(one?.length).toBe(1_024);
  expect(one?.equals(two ?? Buffer.alloc(0))).toBe(false);
  // Every byte is about as frequent as every other: 1,024 bytes without one value in 256 are usual.
  expect(new Set(one).size).toBeGreaterThan(220);
});
