import { describe, expect, test } from 'vitest';
import { findSchemaProblem, SCHEMA_LENGTH_MAX } from './detail-schema.ts';

const closed = (members: object) => ({ additionalProperties: false, ...members });

/** Definitions that each use the next twice: 2^levels when written out. RFC 8259 §9 */
const doubling = (levels: number) => ({
  ...Object.fromEntries(
    Array.from({ length: levels }, (_, level) => [
      `d${level}`,
      { allOf: [{ $ref: `#/$defs/d${level + 1}` }, { $ref: `#/$defs/d${level + 1}` }] },
    ]),
  ),
  [`d${levels}`]: { type: 'string' },
});

describe('RFC 9396 §2.1 the schema of a type', () => {
  test.each([
    closed({}),
    { $schema: 'https://json-schema.org/draft/2020-12/schema', unevaluatedProperties: false },
    closed({
      $defs: { money: { type: 'object', properties: { amount: { type: 'string' } } } },
      type: 'object',
      title: 'A payment',
      properties: {
        type: { const: 'payment' },
        amount: { $ref: '#/$defs/money' },
        fee: { $ref: '#/$defs/money' },
        to: { type: ['string', 'null'], format: 'uri', maxLength: 200 },
        actions: { type: 'array', items: { enum: ['read', 'write'] }, uniqueItems: true },
        if: { type: 'string' },
      },
      required: ['type', 'amount'],
      if: { required: ['fee'] },
      else: { required: ['to'] },
      dependentRequired: { fee: ['amount'] },
    }),
  ])('§2.1 can be %j', (schema) => {
    expect(findSchemaProblem(schema)).toBeUndefined();
  });

  test.each([
    ['lets unknown fields by', { properties: {} }, 'must have additionalProperties'],
    ['lets some of them by', { additionalProperties: { type: 'string' } }, 'must have additional'],
    [
      'is of another draft',
      closed({ $schema: 'http://json-schema.org/draft-07/schema#' }),
      'draft',
    ],
    ['refers to the network', closed({ $ref: 'https://evil.example/schema' }), '#/$defs/'],
    ['refers to another place of itself', closed({ allOf: [{ $ref: '#' }] }), '#/$defs/'],
    ['refers to nothing', closed({ $ref: '#/$defs/none' }), 'references'],
    ['refers to a name of Object', closed({ $ref: '#/$defs/__proto__' }), 'references'],
    ['has a name of its own', closed({ $id: 'https://a.example/' }), 'must not have /$id'],
    ['has a regular expression', closed({ properties: { a: { pattern: '(a+)+$' } } }), '/pattern'],
    ['has several', closed({ patternProperties: { '(a+)+$': true } }), '/patternProperties'],
    [
      'has a regular expression as format',
      closed({ properties: { a: { format: 'regex' } } }),
      'a/format',
    ],
    [
      'has a typing error',
      closed({ allOf: [{ addtionalProperties: false }] }),
      'addtionalProperties',
    ],
    [
      'has a member of Object',
      JSON.parse('{"additionalProperties":false,"__proto__":{}}'),
      '__proto__',
    ],
    ['has no schema where one belongs', closed({ properties: { a: 'string' } }), '/properties/a'],
    ['has no list where one belongs', closed({ anyOf: {} }), '/anyOf'],
    ['has another type of value', closed({ properties: { a: { maxLength: '9' } } }), 'a/maxLength'],
    ['has an unknown type', closed({ type: 'money' }), '/type'],
    ['divides by zero', closed({ properties: { a: { multipleOf: 0 } } }), 'multipleOf'],
    ['has definitions deep within', closed({ allOf: [{ $defs: {} }] }), 'at the top'],
    [
      'refers to itself',
      closed({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }),
      'itself',
    ],
    [
      'refers to itself by another',
      closed({
        $ref: '#/$defs/a',
        $defs: { a: { items: { $ref: '#/$defs/b' } }, b: { not: { $ref: '#/$defs/a' } } },
      }),
      'itself',
    ],
    [
      'has more schemas within than are looked at',
      closed({ anyOf: Array.from({ length: 600 }, () => false) }),
      'longer',
    ],
    ['is too long', closed({ description: 'x'.repeat(SCHEMA_LENGTH_MAX) }), 'longer'],
    ['grows when it is written out', closed({ $ref: '#/$defs/d0', $defs: doubling(30) }), 'longer'],
    [
      'compares all items of many lists',
      closed({ allOf: Array.from({ length: 20 }, () => ({ uniqueItems: true })) }),
      'longer',
    ],
  ])('§2.1 is refused when it %s', (_, schema, words) => {
    const started = performance.now();
    expect(findSchemaProblem(schema)).toContain(words);
    expect(performance.now() - started).toBeLessThan(200);
  });
});
