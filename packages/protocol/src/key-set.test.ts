import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readKeySet, selectKeys } from './key-set.ts';
import type { VerificationKey } from './verification-key.ts';

/* Shows RFC 7517 §5 and §4.5. */

const ec = (kid?: string, namedCurve = 'P-256') => ({
  ...generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' }),
  ...(kid === undefined ? {} : { kid }),
});

const ED25519 = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

const many = (length: number) =>
  Array.from({ length }, (_, index) => ({ ...ec(), kid: `${index}` }));

const keysOf = (document: unknown, strictness: 'strict' | 'lenient' = 'strict') => {
  const keys = readKeySet(document, strictness);
  if (!keys.ok) throw new Error(`the set is refused: ${keys.refusal.reason}`);
  return keys.value;
};

const problemOf = (document: unknown, strictness: 'strict' | 'lenient' = 'strict') => {
  const keys = readKeySet(document, strictness);
  return keys.ok ? undefined : keys.refusal;
};

describe('§5 a set of keys', () => {
  test('§5 the keys are read, in their order', () => {
    const keys = [ec('a'), { ...ED25519, kid: 'b' }, ec(undefined, 'P-521')];
    for (const strictness of ['strict', 'lenient'] as const)
      expect(keysOf({ keys, other: 1 }, strictness)).toEqual(keys);
  });

  test.each([null, [], 'keys', 1, {}, { keys: {} }, { keys: null }])(
    '§5 %j is none',
    (document) => {
      for (const strictness of ['strict', 'lenient'] as const)
        expect(problemOf(document, strictness)).toEqual({ reason: 'key_set_malformed' });
    },
  );

  test('§5 one that is registered is refused for a key that can not be used', () => {
    expect(problemOf({ keys: [ec('a'), { ...ec('b'), d: 'AAAA' }] })).toEqual({
      reason: 'key_set_key_unusable',
      index: 1,
      key: { reason: 'key_private', member: 'd' },
    });
  });

  test('§5 of one that is published the keys that can not be used are left out', () => {
    const good = ec('good');
    const bad = [
      null,
      { kty: 'oct', k: 'AA' },
      { ...ec('e'), use: 'enc' },
      { ...ec('d'), d: 'AA' },
    ];
    expect(keysOf({ keys: [...bad, good] }, 'lenient')).toEqual([good]);
    expect(keysOf({ keys: bad }, 'lenient')).toEqual([]);
  });

  test('§5 one without keys is not registered', () => {
    expect(problemOf({ keys: [] })).toEqual({ reason: 'key_set_empty' });
    expect(keysOf({ keys: [] }, 'lenient')).toEqual([]);
  });

  test('§5 the number of keys is bounded', () => {
    const keys = many(101);
    expect(keysOf({ keys: keys.slice(0, 20) })).toHaveLength(20);
    expect(problemOf({ keys: keys.slice(0, 21) })).toEqual({
      reason: 'key_set_too_large',
      max: 20,
    });
    expect(keysOf({ keys: keys.slice(0, 100) }, 'lenient')).toHaveLength(100);
    expect(problemOf({ keys }, 'lenient')).toEqual({ reason: 'key_set_too_large', max: 100 });
  });

  test('§4.5 two keys of one type and one kid are not registered', () => {
    const keys = [ec('a'), ec('b'), ec('a', 'P-384')];
    expect(problemOf({ keys })).toEqual({ reason: 'key_set_kid_repeated', index: 2 });
    expect(keysOf({ keys }, 'lenient')).toHaveLength(3);
  });

  test('§4.5 two keys of different types may share a kid, and so may keys without one', () => {
    expect(keysOf({ keys: [ec('a'), { ...ED25519, kid: 'a' }, ec(), ec()] })).toHaveLength(4);
  });
});

describe('§4.5 the keys for a signature', () => {
  const named = (kid: string | undefined, ...keys: readonly VerificationKey[]) =>
    selectKeys(keys, 'ES256', kid);
  const [a, b, unnamed] = keysOf({ keys: [ec('a'), ec('b'), ec()] }) as [
    VerificationKey,
    VerificationKey,
    VerificationKey,
  ];

  test('§4.5 a kid selects the key of that name', () => {
    expect(named('b', a, b, unnamed)).toEqual([b]);
  });

  test('§4.5 a kid that no key has selects none', () => {
    for (const kid of ['c', '', '../../dev/null', "' OR 1=1--", '__proto__', 'A', 'k'.repeat(1e6)])
      expect(named(kid, a, b, unnamed)).toEqual([]);
  });

  test('§4.5 of keys that share a kid the one for the algorithm is selected', () => {
    const keys = keysOf({ keys: [ec('a', 'P-384'), { ...ED25519, kid: 'a' }, ec('a')] }, 'lenient');
    expect(selectKeys(keys, 'ES256', 'a')).toEqual([keys[2]]);
    expect(selectKeys(keys, 'EdDSA', 'a')).toEqual([keys[1]]);
    expect(selectKeys(keys, 'RS256', 'a')).toEqual([]);
  });

  test('§4.5 without a kid every key that fits is a candidate, ten at most', () => {
    expect(named(undefined, a, b, unnamed)).toEqual([a, b, unnamed]);
    const keys = keysOf({ keys: [ED25519, ...many(15)] });
    expect(selectKeys(keys, 'ES256', undefined)).toEqual(keys.slice(1, 11));
    expect(selectKeys(keys, 'ES256', undefined, 3)).toHaveLength(3);
  });

  test.each(['HS256', 'none', ''])('§4.5 for the algorithm %j there is no key', (algorithm) => {
    expect(selectKeys([a, b], algorithm, undefined)).toEqual([]);
  });
});
