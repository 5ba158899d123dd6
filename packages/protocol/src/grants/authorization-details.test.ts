import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../time.ts';
import type { ApiAllowance } from './allowance.ts';
import { readAuthorizationDetails, selectDetailApis } from './authorization-details.ts';

const MALFORMED = { ok: false, refusal: { reason: 'authorization_details_malformed' } };
const nested = (levels: number) => `[{"type":"t","a":${'['.repeat(levels)}${']'.repeat(levels)}}]`;

describe('RFC 9396 §2 authorization_details is read', () => {
  test('§2 as it was sent, with spaces and line breaks between its tokens (RFC 8259 §2)', () => {
    const text = '[\r\n\t{ "type": "payment", "amount": { "value": "1" }, "n": 1.5 }\n]';
    expect(readAuthorizationDetails(text)).toEqual({ ok: true, value: JSON.parse(text) });
    expect(readAuthorizationDetails(undefined)).toEqual({ ok: true, value: [] });
  });

  test.each([
    ['no JSON', '{type: payment}'],
    ['an object', '{"type":"payment"}'],
    ['empty', '[]'],
    ['a list of texts', '["payment"]'],
    ['a list in a list', '[[{"type":"payment"}]]'],
    ['null among objects', '[{"type":"payment"},null]'],
    ['without a type', '[{"kind":"payment"}]'],
    ['with an empty type', '[{"type":""}]'],
    ['with a type that is no text', '[{"type":["payment"]}]'],
    ['with a type from the prototype alone', '[{"__proto__":{"type":"payment"}}]'],
    ['with a long type', `[{"type":"${'t'.repeat(201)}"}]`],
    ['with a member twice', '[{"type":"payment","type":"other"}]'],
    ['of too many', JSON.stringify(Array.from({ length: 21 }, () => ({ type: 't' })))],
    [
      'of too many values',
      JSON.stringify([{ type: 't', a: Array.from({ length: 500 }, () => 1) }]),
    ],
    ['too long', JSON.stringify([{ type: 't', a: 'x'.repeat(8_192) }])],
    ['too deep', nested(1_000)],
  ])('§2 it is refused when it is %s', (_, text) => {
    expect(readAuthorizationDetails(text)).toEqual(MALFORMED);
  });

  test.each(['1e400', '-1e400', '9007199254740993', '12345678901234567890'])(
    'RFC 8259 §6 a number that would come back as another is refused: %s',
    (number) => {
      expect(readAuthorizationDetails(`[{"type":"t","n":${number}}]`)).toEqual(MALFORMED);
    },
  );

  test('§2 a text of a megabyte and one of 100,000 levels cost nothing', () => {
    const started = performance.now();
    readAuthorizationDetails(`[{"type":"t","a":"${'x'.repeat(1_000_000)}"}]`);
    readAuthorizationDetails(nested(100_000));
    expect(performance.now() - started).toBeLessThan(50);
  });

  test('§2 whatever is read is written as it was understood, and nothing throws', () => {
    const detail = fc.record({
      type: fc.string({ minLength: 1, maxLength: 9 }),
      a: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.array(detail, { minLength: 1, maxLength: 3 }), (details) => {
        const read = readAuthorizationDetails(JSON.stringify(details));
        if (read.ok) expect(JSON.stringify(read.value)).toBe(JSON.stringify(details));
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(['boolean']).toContain(typeof readAuthorizationDetails(text).ok);
      }),
    );
  });
});

const api = (identifier: string, ...types: readonly string[]): ApiAllowance => ({
  identifier,
  scopes: new Set(),
  withheldScopes: [],
  detailTypes: new Map(types.map((type) => [type, {}])),
  tokenFormat: 'jwt',
  signingAlgorithm: 'ES256',
  accessTokenLifetime: seconds(60),
  tokenBinding: 'optional',
});
const BANK = api('https://bank.example', 'payment', 'account');
const SHOP = api('https://shop.example', 'order');

describe('RFC 9396 §5 details are granted', () => {
  const select = (targeted: readonly ApiAllowance[], ...details: readonly [object, boolean][]) =>
    selectDetailApis(
      'c',
      targeted,
      details.map(([detail, fits]) => ({ detail: detail as { type: string }, fits })),
    );

  test('§5 at the APIs that have their types', () => {
    const [payment, account, order] = [{ type: 'payment' }, { type: 'account' }, { type: 'order' }];
    expect(select([BANK, SHOP], [payment, true], [account, true])).toEqual({
      ok: true,
      value: [BANK],
    });
    expect(select([BANK, SHOP], [order, true], [payment, true])).toEqual({
      ok: true,
      value: [SHOP, BANK],
    });
  });

  test.each([
    ['unknown', { type: 'nothing' }, true, 'detail_type_not_granted'],
    ['of an API that is not asked for', { type: 'order' }, true, 'detail_type_not_granted'],
    ['of a name of Object', { type: 'constructor' }, true, 'detail_type_not_granted'],
    ['not as its schema has it', { type: 'payment' }, false, 'detail_misfit'],
  ])('§5 one that is %s is refused', (_, detail, fits, reason) => {
    expect(select([BANK], [detail, fits])).toMatchObject({ refusal: { reason } });
  });

  test('RFC 9396 §2.2 locations name the API of the type and no other', () => {
    const at = (locations: unknown) =>
      select([BANK, SHOP], [{ type: 'payment', locations }, true]).ok;
    expect(at(['https://bank.example'])).toBe(true);
    for (const locations of [['https://shop.example'], 'https://bank.example', [1], [null], {}])
      expect(at(locations)).toBe(false);
    expect(at(['https://bank.example', 'https://evil.example'])).toBe(false);
  });
});
