import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeStatusReference, readStatusReference } from './status-reference.ts';

/* draft-ietf-oauth-status-list §6 */

test('§6.2 what is written is read back', () => {
  const letters = fc.constantFrom(...'aZ09-._~%!$&()*+,;=:@/?[]');
  fc.assert(
    fc.property(fc.nat(), fc.string({ unit: letters }), (index, path) => {
      const reference = { index, uri: `https://as.example/${path}` };
      expect(readStatusReference(describeStatusReference(reference))).toEqual(reference);
    }),
  );
});

test('§6.2 the example of the draft is read', () => {
  expect(
    readStatusReference({ status_list: { idx: 0, uri: 'https://example.com/statuslists/1' } }),
  ).toEqual({ index: 0, uri: 'https://example.com/statuslists/1' });
});

test('§6.1 a token without a status list has none', () => {
  expect(readStatusReference(undefined)).toBe('none');
  expect(readStatusReference({})).toBe('none');
  expect(readStatusReference({ another_mechanism: { id: 1 } })).toBe('none');
});

test('§6.2 members that are not known are ignored', () => {
  const list = { idx: 1, uri: 'https://a.example/1', later: true };
  expect(readStatusReference({ status_list: list, other: 1 })).toMatchObject({ index: 1 });
});

test.each([
  ['null', null],
  ['an array', []],
  ['a list that is text', { status_list: 'https://a.example/1' }],
  ['a list that is null', { status_list: null }],
  ['no index', { status_list: { uri: 'https://a.example/1' } }],
  ['no address', { status_list: { idx: 1 } }],
  ['a negative index', { status_list: { idx: -1, uri: 'https://a.example/1' } }],
  ['a broken index', { status_list: { idx: 1.5, uri: 'https://a.example/1' } }],
  ['an index as text', { status_list: { idx: '1', uri: 'https://a.example/1' } }],
  ['an index that is not exact', { status_list: { idx: 2 ** 53, uri: 'https://a.example/1' } }],
  ['a relative address', { status_list: { idx: 1, uri: '/statuslists/1' } }],
  ['a fragment', { status_list: { idx: 1, uri: 'https://a.example/1#2' } }],
  ['a space', { status_list: { idx: 1, uri: 'https://a.example/ 1' } }],
  ['a line break', { status_list: { idx: 1, uri: 'https://a.example/1\n' } }],
  ['no end', { status_list: { idx: 1, uri: `https://a.example/${'a'.repeat(5_000)}` } }],
])('§8.3 of a token whose status has %s nothing can be said', (_, status) => {
  expect(readStatusReference(status)).toBe('malformed');
});

test('§8.3 a claim of any form is read, absent or malformed', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (status) => {
      const read = readStatusReference(status);
      if (typeof read === 'object') expect(describeStatusReference(read)).toMatchObject({});
      else expect(['none', 'malformed']).toContain(read);
    }),
  );
});
