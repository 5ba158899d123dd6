import type { Allowance, AuthorizationDetail, DetailSchema } from '@tessera/protocol';
import { seconds } from '@tessera/protocol';
import { describe, expect, test } from 'vitest';
import { findSchemaProblem } from '../model/detail-schema.ts';
import { judgeDetails } from './judge-details.ts';

const allow = (schema: DetailSchema): Allowance => ({
  clientId: 'myClient',
  clientType: 'confidential',
  providerGrantTypes: [],
  clientGrantTypes: [],
  apis: [
    {
      identifier: 'https://bank.example',
      scopes: new Set(),
      withheldScopes: [],
      detailTypes: new Map([['payment', schema]]),
      tokenFormat: 'jwt',
      signingAlgorithm: 'ES256',
      accessTokenLifetime: seconds(60),
      tokenBinding: 'optional',
    },
  ],
  tokenBindings: [],
  defaultScopes: [],
});

const judge = async (schema: DetailSchema, detail: AuthorizationDetail) => {
  expect(findSchemaProblem(schema)).toBeUndefined();
  const [judged] = await judgeDetails(allow(schema), [detail]);
  return judged?.fits;
};

const PAYMENT = {
  type: 'object',
  properties: {
    type: { const: 'payment' },
    amount: { $ref: '#/$defs/amount' },
    to: { type: 'string', format: 'uri' },
    when: { type: 'string', format: 'date' },
  },
  required: ['type', 'amount'],
  additionalProperties: false,
  $defs: {
    amount: {
      type: 'object',
      properties: { currency: { enum: ['EUR', 'USD'] }, value: { type: 'string', maxLength: 20 } },
      required: ['currency', 'value'],
      additionalProperties: false,
    },
  },
};
const AMOUNT = { currency: 'EUR', value: '12.50' };

describe('RFC 9396 §5 a detail and the schema of its type', () => {
  test.each([
    { type: 'payment', amount: AMOUNT },
    { type: 'payment', amount: AMOUNT, to: 'https://shop.example/', when: '2026-02-28' },
  ])('§5 %j conforms', async (detail) => {
    expect(await judge(PAYMENT, detail)).toBe(true);
  });

  test.each([
    ['a field is missing', { type: 'payment' }],
    ['a field is unknown', { type: 'payment', amount: AMOUNT, hidden: 1 }],
    ['a field within is unknown', { type: 'payment', amount: { ...AMOUNT, hidden: 1 } }],
    ['a field has another type', { type: 'payment', amount: '12.50 EUR' }],
    ['a value is none of the choices', { type: 'payment', amount: { ...AMOUNT, currency: 'JPY' } }],
    ['a format is not kept', { type: 'payment', amount: AMOUNT, when: '2026-02-30' }],
    ['a field is named like one of Object', { type: 'payment', amount: AMOUNT, toString: 1 }],
    [
      'a field is named like the prototype',
      JSON.parse('{"type":"payment","amount":{"currency":"EUR","value":"1"},"__proto__":{}}'),
    ],
  ])('§5 does not conform when %s', async (_, detail) => {
    expect(await judge(PAYMENT, detail)).toBe(false);
  });

  test('§5 of a type that the client was not granted nothing is said', async () => {
    expect(await judge(PAYMENT, { type: 'other', amount: AMOUNT })).toBe(false);
  });

  test('§5 a schema is left as it is, and one that takes its place is used', async () => {
    const schema = { properties: { type: true }, additionalProperties: false };
    const before = JSON.stringify(schema);
    expect(await judge(Object.freeze(schema), { type: 'payment' })).toBe(true);
    expect(JSON.stringify(schema)).toBe(before);
    expect(await judge(PAYMENT, { type: 'payment' })).toBe(false);
  });

  test('§5 the dearest schema and the dearest details cost no more than a moment', async () => {
    const many = Array.from({ length: 400 }, () => false);
    const items = Array.from({ length: 480 }, (_, index) => index);
    for (const list of [
      { contains: { anyOf: many } },
      { items: { not: { allOf: Array.from({ length: 400 }, () => true) }, maximum: 0 } },
      { allOf: Array.from({ length: 7 }, () => ({ uniqueItems: true })) },
      { contains: { enum: Array.from({ length: 2_000 }, (_, index) => -index) } },
    ]) {
      const schema = { properties: { type: true, list }, additionalProperties: false };
      const started = performance.now();
      await judge(schema, { type: 'payment', list: items });
      expect(performance.now() - started).toBeLessThan(1_000);
    }
  });

  test('§5 a format takes time in proportion to the text', async () => {
    const formats = 'date date-time duration email hostname ipv4 ipv6 time uri uuid'.split(' ');
    const texts = ['a', '0', ':', 'a.', '1:', '%41', '::', 'a@', 'P1', 'a:/', '0T', '[', '-', '"'];
    for (const format of formats)
      for (const text of texts)
        for (const affixed of [text.repeat(8_000 / text.length), `a://${text.repeat(2_500)}\n`]) {
          const schema = { properties: { type: true, a: { format } }, additionalProperties: false };
          const started = performance.now();
          await judge(schema, { type: 'payment', a: affixed });
          expect(performance.now() - started, `${format} ${text}`).toBeLessThan(200);
        }
  });
});
