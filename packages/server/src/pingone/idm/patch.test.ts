import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatch } from './patch.ts';

const USER = { sn: 'Kirk', rank: 7, tags: ['a', 'b'], preferences: { colour: 'red' } };

const patched = (...operations: readonly unknown[]) => {
  const outcome = applyPatch(USER, operations);
  return outcome.ok ? outcome.value : outcome.refusal.message;
};

describe('PATCH of a managed object', () => {
  it.each([
    ['replaces', { operation: 'replace', field: '/sn', value: 'Spock' }, { sn: 'Spock' }],
    ['takes a field without a slash', { operation: 'replace', field: 'sn', value: 1 }, { sn: 1 }],
    [
      'replaces inside',
      { operation: 'replace', field: '/preferences/colour', value: 'blue' },
      { preferences: { colour: 'blue' } },
    ],
    ['adds what is not there', { operation: 'add', field: '/x/y', value: 1 }, { x: { y: 1 } }],
    [
      'adds to a list once',
      { operation: 'add', field: '/tags', value: ['b', 'c'] },
      { tags: ['a', 'b', 'c'] },
    ],
    ['appends', { operation: 'add', field: '/tags/-', value: 'b' }, { tags: ['a', 'b', 'b'] }],
    [
      'replaces an item',
      { operation: 'replace', field: '/tags/0', value: 'z' },
      { tags: ['z', 'b'] },
    ],
    ['removes an item', { operation: 'remove', field: '/tags/0' }, { tags: ['b'] }],
    ['removes a value', { operation: 'remove', field: '/tags', value: 'a' }, { tags: ['b'] }],
    ['keeps another value', { operation: 'remove', field: '/sn', value: 'Spock' }, {}],
    ['increments', { operation: 'increment', field: '/rank', value: -2 }, { rank: 5 }],
    ['unescapes', { operation: 'add', field: '/a~1b~0', value: 1 }, { 'a/b~': 1 }],
  ])('%s', (_, operation, expected) => {
    expect(patched(operation)).toEqual({ ...USER, ...expected });
  });

  it('removes, and what null is written to', () => {
    const { sn: _, ...others } = USER;
    expect(patched({ operation: 'remove', field: '/sn' })).toEqual(others);
    expect(patched({ operation: 'replace', field: '/sn', value: null })).toEqual(others);
    expect(patched({ operation: 'remove', field: '/not/there' })).toEqual(USER);
  });

  it.each([
    ['what is no list', {}],
    [
      'too many operations',
      Array.from({ length: 101 }, () => ({ operation: 'remove', field: '/x' })),
    ],
    ['an operation that is none', [{ operation: 'move', field: '/sn' }]],
    ['a field that is none', [{ operation: 'remove', field: 7 }]],
    ['the whole object', [{ operation: 'remove', field: '/' }]],
    ['what says where it is', [{ operation: 'replace', field: '/_rev', value: '9' }]],
    ['a prototype', [{ operation: 'add', field: '/x/__proto__/y', value: 1 }]],
    ['an item that is not there', [{ operation: 'replace', field: '/tags/9', value: 1 }]],
    ['a part of a text', [{ operation: 'replace', field: '/sn/0', value: 1 }]],
    ['nothing to add', [{ operation: 'add', field: '/sn' }]],
    ['an increment of a text', [{ operation: 'increment', field: '/sn', value: 1 }]],
  ])('refuses %s', (_, body) => {
    expect(applyPatch(USER, body)).toMatchObject({ ok: false, refusal: { code: 400 } });
  });

  it('answers whatever comes, changes what it was given never, and pollutes nothing', () => {
    const field = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '/tags/-',
        '/__proto__/x',
        'constructor/prototype/x',
        '/preferences',
        '/tags/0/x',
      ),
    );
    const operation = fc.record({
      operation: fc.constantFrom('add', 'replace', 'remove', 'increment', 'x'),
      field,
      value: fc.option(fc.jsonValue(), { nil: undefined }),
    });
    const before = JSON.stringify(USER);
    fc.assert(
      fc.property(fc.oneof(fc.array(operation), fc.jsonValue()), (body) => {
        applyPatch(USER, body);
        expect(JSON.stringify(USER)).toBe(before);
        expect(({} as { x?: unknown }).x).toBeUndefined();
      }),
    );
  });
});
