import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claimOf, draftOf } from './claim-draft.ts';

describe('a claim as people type it', () => {
  test('is the same claim again: every JSON value', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (name, value) => {
        // JSON has no negative zero.
        const claim = { name, value: JSON.parse(JSON.stringify(value)) as unknown };
        expect(claimOf(draftOf(claim))).toEqual(claim);
      }),
    );
  });

  test('is the same claim again: every template', () => {
    const parts = [
      '{{client.attributes.team}}',
      '{{client.attributes.team|nobody}}',
      '|',
      'x',
      '}}',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { minLength: 1 }), (chosen) => {
        const claim = { name: 'team', template: chosen.join('') };
        expect(claimOf(draftOf(claim))).toEqual(claim);
      }),
    );
  });

  test.each([
    ['{{client.attributes.team}}', 'attribute', 'team', ''],
    ['{{client.attributes.team|nobody at all}}', 'attribute', 'team', 'nobody at all'],
    // An empty text in its place is something else than to leave the claim out.
    ['{{client.attributes.team|}}', 'template', '{{client.attributes.team|}}', ''],
    ['{{client.name}}', 'template', '{{client.name}}', ''],
    ['a {{client.attributes.team}}', 'template', 'a {{client.attributes.team}}', ''],
  ])('%s is shown as %s', (template, kind, text, otherwise) => {
    expect(draftOf({ name: 'n', template })).toEqual({ name: 'n', kind, text, otherwise });
  });

  test('says so while it is no JSON', () => {
    expect(claimOf({ name: 'n', kind: 'json', text: '{', otherwise: '' })).toContain('is no JSON');
  });
});
