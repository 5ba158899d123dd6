import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AggregationDocument,
  judgeByAggregation,
  readAggregation,
  type StatusListAggregation,
} from './status-list-aggregation.ts';
import { formatListName } from './status-list-name.ts';

/* draft-ietf-oauth-status-list §9.3, and what Tessera says beside it */

const BASE = 'https://as.example/status-lists/';

const quiet: AggregationDocument = {
  status_lists: [],
  versions: [],
  status_lists_base: BASE,
  revoked_before: {},
  revoked_tokens: [],
  version: 12,
  ttl: 60,
};

function read(document: unknown): StatusListAggregation {
  const aggregation = readAggregation(document);
  if (aggregation === undefined) throw new Error('no aggregation');
  return aggregation;
}

const judge = (
  document: Partial<AggregationDocument>,
  { name = 'holderOne/series', base = BASE, issuedAt = 1_000, jti = 'j1' } = {},
) =>
  judgeByAggregation(
    read({ ...quiet, ...document }),
    { uri: base + name, index: 7 },
    { issuedAt, jti },
  );

describe('§9.3 reading', () => {
  test('§9.3 an aggregation of another server is a list of addresses', () => {
    const aggregation = read({ status_lists: ['https://example.com/statuslists/1'] });
    expect([...aggregation.lists.keys()]).toEqual(['https://example.com/statuslists/1']);
    expect(aggregation).toMatchObject({ base: undefined, ttl: undefined, version: undefined });
  });

  test.each([
    ['no object', []],
    ['no lists', {}],
    ['lists that are no text', { status_lists: [1] }],
    ['fewer versions than lists', { ...quiet, status_lists: ['a'], versions: [] }],
    ['versions that are no numbers', { ...quiet, status_lists: ['a'], versions: ['1'] }],
    ['a base that is no text', { ...quiet, status_lists_base: 1 }],
    ['instants that are no numbers', { ...quiet, revoked_before: { realm: '1' } }],
    ['instants in an array', { ...quiet, revoked_before: [] }],
    ['tokens that are no text', { ...quiet, revoked_tokens: [1] }],
    ['no time to live', { ...quiet, ttl: 0 }],
    ['a version that is no number', { ...quiet, version: '12' }],
    ['half a truncation', { ...quiet, truncated: { realm: 'yes' } }],
    ['tokens cut by half', { ...quiet, revoked_tokens_truncated: 1 }],
  ])('§9.3 a document with %s is refused', (_, document) => {
    expect(readAggregation(document)).toBeUndefined();
  });

  test('§9.3 a document of any form is read or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (document) => {
        const aggregation = readAggregation(document);
        if (aggregation !== undefined) expect(aggregation.lists).toBeInstanceOf(Map);
      }),
    );
  });

  test('a holder may have the name of what every object has', () => {
    const document: unknown = JSON.parse(
      JSON.stringify(quiet).replace('"revoked_before":{}', '"revoked_before":{"__proto__":5}'),
    );
    expect(read(document).revokedBefore.get('__proto__')).toBe(5);
    expect(read(quiet).revokedBefore.get('constructor')).toBeUndefined();
  });
});

describe('judging a token', () => {
  test('of whom nothing is said is valid, and no list need be fetched', () => {
    expect(judge({})).toEqual({ status: 'valid' });
  });

  test.each(['realm', 'holderOne'])('issued before the instant of %s it is void', (holder) => {
    const revoked_before = { [holder]: 1_001 };
    expect(judge({ revoked_before })).toEqual({ status: 'revoked' });
    expect(judge({ revoked_before }, { issuedAt: 1_001 })).toEqual({ status: 'valid' });
  });

  test('after an exchange any of its holders can void it', () => {
    const name = formatListName(['one', 'two', 'three'], 'series');
    for (const holder of ['one', 'two', 'three'])
      expect(judge({ revoked_before: { [holder]: 1_001 } }, { name }).status).toBe('revoked');
    for (const holder of ['on', 'one.two', 'series'])
      expect(judge({ revoked_before: { [holder]: 1_001 } }, { name }).status).toBe('valid');
  });

  test('revoked by its jti alone it is void', () => {
    expect(judge({ revoked_tokens: ['j0', 'j1'] }).status).toBe('revoked');
    expect(judge({ revoked_tokens: ['j0'] }).status).toBe('valid');
  });

  test('its list is looked into when that has something to say', () => {
    const status_lists = [`${BASE}holderOne/series`, `${BASE}holderOne/other`];
    expect(judge({ status_lists, versions: [11, 12] })).toEqual({ status: 'in_list', version: 11 });
  });

  test('its list decides, in a copy that is new enough, when there was too much of its client to say', () => {
    const truncated = { holderOne: 9 };
    expect(judge({ truncated })).toEqual({ status: 'in_list', version: 9 });
    expect(judge({ truncated, revoked_before: { realm: 1_001 } }).status).toBe('revoked');
    // Of others nothing was cut, not even of whom its tokens are about.
    for (const name of ['other/series', 'other.holderOne/series'])
      expect(judge({ truncated }, { name })).toEqual({ status: 'valid' });
  });

  test('its list decides when there was too much of the realm to say, for a named one too', () => {
    const named = { status_lists: [`${BASE}holderOne/series`], versions: [5] };
    const truncated = { realm: 7, holderOne: 6 };
    expect(judge({ truncated }, { name: 'other/series' })).toEqual({
      status: 'in_list',
      version: 7,
    });
    expect(judge({ ...named, truncated })).toEqual({ status: 'in_list', version: 7 });
    expect(judge({ ...named, versions: [8], truncated })).toEqual({
      status: 'in_list',
      version: 8,
    });
  });

  test('nobody can tell once there are more tokens revoked by their jti alone than are named', () => {
    const cut = { revoked_tokens: ['j0'], revoked_tokens_truncated: true } as const;
    expect(judge(cut)).toEqual({ status: 'unknown' });
    expect(judge(cut, { jti: 'j0' }).status).toBe('revoked');
  });

  test('its list decides when the document does not speak of it', () => {
    const elsewhere = [
      { base: 'https://other.example/status-lists/' },
      { name: 'holderOne' },
      { name: '/series' },
      { name: 'holderOne/' },
      { name: 'holderOne/series/more' },
    ];
    for (const token of elsewhere)
      expect(judge({}, token)).toEqual({ status: 'in_list', version: undefined });
    const foreign = read({ status_lists: [`${BASE}holderOne/series`] });
    const reference = { uri: `${BASE}holderOne/series`, index: 1 };
    expect(judgeByAggregation(foreign, reference, { issuedAt: 1, jti: undefined })).toEqual({
      status: 'in_list',
      version: undefined,
    });
  });
});
