import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { masterKey } from './seal.ts';

/* Shows RFC 5869 §2. */

const key = masterKey(randomBytes(32));

it('what was sealed opens, where it belongs', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.string(), (plain, context) => {
      const sealed = key.seal(plain, context);
      expect(key.open(sealed, context).equals(plain)).toBe(true);
    }),
  );
});

it('what is sealed does not open elsewhere, nor under another key, nor with a bit changed', () => {
  const sealed = key.seal(Buffer.from('private'), 'signing key ES256');
  expect(() => key.open(sealed, 'signing key RS256')).toThrow();
  expect(() => masterKey(randomBytes(32)).open(sealed, 'signing key ES256')).toThrow();
  const bytes = Buffer.from(sealed, 'base64');
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(i) ^ 1, i);
    expect(() => key.open(changed.toString('base64'), 'signing key ES256'), `byte ${i}`).toThrow();
  }
});

it('two seals of one value differ, and neither holds it', () => {
  const plain = Buffer.from('a private key of some length');
  const [a, b] = [key.seal(plain, ''), key.seal(plain, '')];
  expect(a).not.toBe(b);
  expect(Buffer.from(a, 'base64').includes(plain)).toBe(false);
});

it('keys for different purposes differ', () => {
  const derived = ['a', 'b'].map((purpose) => key.derive(purpose).export().toString('hex'));
  expect(new Set(derived).size).toBe(2);
});

it('a master key of another length is refused', () => {
  expect(() => masterKey(randomBytes(16))).toThrow('32 bytes');
});
