import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClaimCondition,
  canBothHold,
  findClaim,
  isClaimPattern,
  matchesConditions,
  matchesPattern,
} from './claim-conditions.ts';

const equals = (claim: string, value: string): ClaimCondition => ({
  claim,
  operator: 'equals',
  value,
});

const POD = {
  sub: 'system:serviceaccount:prod:billing',
  'kubernetes.io': {
    namespace: 'prod',
    serviceaccount: { name: 'billing', uid: 'u1' },
  },
};

describe('the path to a claim', () => {
  test.each([
    ['sub', POD.sub],
    ['kubernetes.io.namespace', 'prod'],
    ['kubernetes.io.serviceaccount.name', 'billing'],
    ['kubernetes.io', POD['kubernetes.io']],
    ['kubernetes', undefined],
    ['kubernetes.io.pod.name', undefined],
    ['kubernetes.io.namespace.length', undefined],
    ['sub.length', undefined],
    ['sub.', undefined],
    ['.sub', undefined],
    ['', undefined],
    ['constructor', undefined],
    ['__proto__', undefined],
    ['kubernetes.io.constructor.name', undefined],
  ])('%j leads to what its names say', (path, found) => {
    expect(findClaim(POD, path)).toEqual(found);
  });

  test('the longest name is followed, and no other', () => {
    const claims = { 'a.b.c': 1, 'a.b': { c: 2, d: 3 }, a: { b: { c: 4, d: 5, e: 6 } } };
    expect(findClaim(claims, 'a.b.c')).toBe(1);
    expect(findClaim(claims, 'a.b.d')).toBe(3);
    expect(findClaim(claims, 'a.b.e')).toBeUndefined();
  });

  test('every member can be named, whatever its name', () => {
    const name = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(name, name, fc.integer(), (outer, inner, value) => {
        expect(findClaim({ [outer]: { [inner]: value } }, `${outer}.${inner}`)).toBe(value);
        expect(findClaim({ [outer]: value }, outer)).toBe(value);
      }),
    );
  });

  test('no path and no claims make it throw, or find what is not there', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (claims, path) => {
        const found = findClaim(claims, path);
        expect(JSON.stringify(claims)).toContain(JSON.stringify(found) ?? '');
      }),
    );
  });
});

describe('a pattern', () => {
  test.each([
    ['repo:acme/app:ref:refs/heads/*', 'repo:acme/app:ref:refs/heads/main', true],
    ['repo:acme/app:ref:refs/heads/*', 'repo:acme/app:ref:refs/heads/feature/x', false],
    ['repo:acme/app:ref:refs/heads/*', 'repo:acme/app:ref:refs/heads/', false],
    ['repo:acme/app:ref:refs/heads/*', 'repo:acme/app:ref:refs/heads/main:x', false],
    ['repo:acme/app:*', 'repo:acme/app:pull_request', true],
    ['repo:acme/app:*', 'repo:acme/app:environment:prod', false],
    ['repo:acme/app:*', 'xrepo:acme/app:pull_request', false],
    ['repo:acme/*:ref:x', 'repo:acme/app:environment:e:ref:x', false],
    ['repo:acme/*', 'repo:acme/app', true],
    ['repo:acme/*', 'repo:acme-evil/app', false],
    ['repo:acme*', 'repo:acme/app', false],
    ['release-*-final', 'release-7-final', true],
    ['release-*-final', 'release-final', false],
    ['release-*-final', 'release--final', false],
    ['*', 'anything', true],
    ['*', '', false],
    ['*', 'a/b', false],
    ['a*', 'ba', false],
    ['*a', 'ab', false],
    ['aba*aba', 'aba', false],
    ['aba*aba', 'ababa', false],
    ['plain', 'plain', true],
    ['plain', 'Plain', false],
    ['a.c', 'abc', false],
    ['spiffe://example.org/ns/*/sa/web', 'spiffe://example.org/ns/prod/sa/web', true],
    ['spiffe://example.org/ns/*/sa/web', 'spiffe://example.org/ns/a/b/sa/web', false],
    ['a**', 'abc', false],
    ['*-*', 'a-b', false],
  ])('%j of %j: %s', (pattern, text, expected) => {
    expect(matchesPattern(text, pattern)).toBe(expected);
  });

  test('has one star at most between two separators', () => {
    expect(isClaimPattern('*/*:*')).toBe(true);
    expect(isClaimPattern('a*b*c')).toBe(false);
  });

  const word = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-', '*', '/', ':') });

  test('without a star is the text itself', () => {
    fc.assert(
      fc.property(word, word, (text, other) => {
        const pattern = text.replaceAll('*', 'x');
        expect(matchesPattern(pattern, pattern)).toBe(true);
        expect(matchesPattern(other, pattern)).toBe(other === pattern);
      }),
    );
  });

  test('says what the same regular expression says, anchored at both ends', () => {
    fc.assert(
      fc.property(word, word, (text, pattern) => {
        fc.pre(isClaimPattern(pattern));
        const quoted = pattern.replaceAll('.', '\\.').replaceAll('*', '[^/:]+');
        expect(matchesPattern(text, pattern)).toBe(new RegExp(`^(?:${quoted})$`).test(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test('is decided within milliseconds, however long', () => {
    const started = performance.now();
    const long = 'a'.repeat(100_000);
    expect(matchesPattern(`${long}b`, `${long}*c`)).toBe(false);
    expect(matchesPattern(':'.repeat(100_000), '*:'.repeat(100_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('conditions', () => {
  test('all of them hold, or nothing does', () => {
    const namespace = equals('kubernetes.io.namespace', 'prod');
    expect(matchesConditions(POD, [namespace])).toBe(true);
    expect(matchesConditions(POD, [namespace, equals('sub', 'other')])).toBe(false);
    expect(matchesConditions(POD, [])).toBe(false);
  });

  test.each([
    [true, 'true', true],
    [42, '42', true],
    [42.5, '42.5', false],
    [2 ** 53, '9007199254740992', false],
    [null, 'null', false],
    [{}, '[object Object]', false],
    [['a', 'b'], 'b', true],
    [['a', 7, true], '7', true],
    [['a', 'b'], 'a,b', false],
    [[['a']], 'a', false],
    [[], '', false],
    ['', '', true],
    [undefined, 'undefined', false],
  ])('the claim %j equals %j: %s', (value, text, expected) => {
    expect(matchesConditions({ claim: value }, [equals('claim', text)])).toBe(expected);
  });

  test('a star is nothing but a star where equality is asked', () => {
    expect(matchesConditions({ claim: 'abc' }, [equals('claim', '*')])).toBe(false);
    expect(matchesConditions({ claim: '*' }, [equals('claim', '*')])).toBe(true);
  });

  test('one of several values is enough for a pattern', () => {
    const groups = { groups: ['ops:lead', 'dev:lead'] };
    const condition = { claim: 'groups', operator: 'matches', value: 'dev:*' } as const;
    expect(matchesConditions(groups, [condition])).toBe(true);
    expect(matchesConditions({ groups: ['ops:dev:lead'] }, [condition])).toBe(false);
  });
});

describe('two conditions on one claim', () => {
  const conditionOf = (value: string, operator?: ClaimCondition['operator']): ClaimCondition => ({
    claim: 'sub',
    operator: operator ?? (value.includes('*') ? 'matches' : 'equals'),
    value,
  });

  test.each([
    ['acme/app', 'acme/app', true],
    ['acme/app', 'acme/App', false],
    ['acme/app', 'acme/*', true],
    ['acme/app', 'other/*', false],
    ['acme/app/x', 'acme/*', false],
    ['acme/*', '*/app', true],
    ['acme/*', 'other/*', false],
    ['a*', '*b', true],
    ['ab*', 'a*', true],
    ['ab*', 'ac*', false],
    ['*ab', '*b', true],
    ['*ab', '*cb', false],
    ['a*c', 'ab*bc', true],
    ['*', '', false],
    ['a*:x', 'a*/x', false],
  ])('can both hold: %j and %j %s', (one, other, both) => {
    expect(canBothHold(conditionOf(one), conditionOf(other))).toBe(both);
    expect(canBothHold(conditionOf(other), conditionOf(one))).toBe(both);
  });

  test('a * is a letter like others where equality is wanted', () => {
    expect(canBothHold(conditionOf('*', 'equals'), conditionOf('a'))).toBe(false);
    expect(canBothHold(conditionOf('*', 'equals'), conditionOf('*', 'matches'))).toBe(true);
  });

  const condition = fc
    .tuple(
      fc.string({ unit: fc.constantFrom('a', 'b', '/', ':', '*', '*'), maxLength: 6 }),
      fc.constantFrom<ClaimCondition['operator']>('equals', 'matches'),
    )
    .map(([value, operator]) => conditionOf(value, operator));

  /** A part of a text, and patterns of it: in each, some of its letters have become a `*`. */
  const part = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 5 });
  const hidden = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 }));
  const hide = (text: string, [from, length]: readonly [number, number]) =>
    text.slice(from, from + length) === ''
      ? text
      : `${text.slice(0, from)}*${text.slice(from + length)}`;

  test('where one text is right for both, they can both hold', () => {
    const parts = fc.array(fc.tuple(part, hidden, hidden), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, (drawn) => {
        const sub = drawn.map(([text]) => text).join('/');
        const one = conditionOf(drawn.map(([text, first]) => hide(text, first)).join('/'));
        const other = conditionOf(drawn.map(([text, , second]) => hide(text, second)).join('/'));
        expect(matchesConditions({ sub }, [one, other])).toBe(true);
        expect(canBothHold(one, other)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('where they can both hold, there is a text for both', () => {
    const fill = (pattern: string) => pattern.replaceAll('*', 'ab');
    fc.assert(
      fc.property(condition, (one) => {
        const sub = one.operator === 'equals' ? one.value : fill(one.value);
        fc.pre(matchesConditions({ sub }, [one]));
        expect(canBothHold(one, conditionOf(sub, 'equals'))).toBe(true);
        expect(canBothHold(one, conditionOf(`${sub}/`, 'equals'))).toBe(false);
      }),
    );
  });
});
