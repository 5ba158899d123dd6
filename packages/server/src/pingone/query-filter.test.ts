import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesFilter, parseQueryFilter, type QueryFilter } from './query-filter.ts';

const OBJECT = {
  _id: 'myClient',
  name: 'O\'Neil "and" sons',
  revision: 7,
  enabled: true,
  scopes: ['write', 'read'],
  ssoEntities: { oidcId: 'myClient' },
  owners: [{ _id: 'kirk' }, { _id: 'spock' }],
  nothing: null,
};

const matches = (text: string): boolean => {
  const filter = parseQueryFilter(text);
  if (!filter.ok) throw new Error(filter.refusal);
  return matchesFilter(filter.value, OBJECT);
};

describe('_queryFilter', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['!(true)', false],
    ['_id eq "myClient"', true],
    ["_id eq 'MYCLIENT'", true],
    ['/_id eq "other"', false],
    ['_id co "Cli"', true],
    ['_id sw "my"', true],
    ['_id sw "Client"', false],
    ['revision eq 7', true],
    ['revision gt 7', false],
    ['revision ge 7 and revision lt 8', true],
    ['revision le 6.5', false],
    ['enabled eq true', true],
    ['enabled eq "true"', false],
    ['scopes eq "read"', true],
    ['scopes co "ea"', true],
    ['ssoEntities/oidcId eq "myClient"', true],
    ['ssoEntities pr', true],
    ['nothing pr', false],
    ['missing pr', false],
    ['!(missing pr)', true],
    ['owners/_id eq "spock"', true],
    ['owners/_id eq "scott"', false],
    [`name eq 'O\\'Neil "and" sons'`, true],
    ['name eq "O\'Neil \\"and\\" sons"', true],
    ['false and false or true', true],
    ['false and (false or true)', false],
    ['true or missing eq "x" and false', true],
  ])('%s', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  it.each([
    '',
    'maybe',
    '_id',
    '_id eq',
    '_id is "x"',
    '_id eq x',
    '_id eq "x',
    "_id eq 'x",
    '(true',
    'true)',
    'true true',
    'true and',
    '!',
    '"_id" eq "x"',
    '// eq "x"',
    '_id eq "\\q"',
    `${'('.repeat(40)}true${')'.repeat(40)}`,
    `_id eq "${'x'.repeat(5_000)}"`,
  ])('refuses %s', (text) => {
    expect(parseQueryFilter(text).ok).toBe(false);
  });

  it('never sees what an object inherits', () => {
    expect(matches('constructor pr')).toBe(false);
    expect(matches('__proto__ pr')).toBe(false);
  });

  it('reads or refuses any text, and never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseQueryFilter(text)));
    const words = fc.constantFrom(
      '(',
      ')',
      '!',
      'true',
      'a',
      '/a/b',
      'eq',
      'pr',
      'and',
      'or',
      '"x"',
      '1',
      ' ',
    );
    fc.assert(fc.property(fc.array(words), (parts) => void parseQueryFilter(parts.join(' '))));
  });

  it('reads back what it means, however it was built', () => {
    const leaf = fc.oneof(
      fc.record({ kind: fc.constant('constant' as const), value: fc.boolean() }),
      fc.record({
        kind: fc.constant('comparison' as const),
        pointer: fc.constantFrom(['a'] as const, ['a', 'b'] as const),
        operator: fc.constantFrom('eq' as const, 'co' as const, 'sw' as const),
        value: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
      }),
    );
    const { filter } = fc.letrec<{ filter: QueryFilter }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.record({ kind: fc.constant('not' as const), term: tie('filter') }),
        fc.record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          terms: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
        }),
      ),
    }));
    fc.assert(
      fc.property(filter, fc.jsonValue(), (built, object) => {
        const read = parseQueryFilter(write(built));
        if (!read.ok) return write(built).length > 4_096;
        return matchesFilter(read.value, object) === matchesFilter(built, object);
      }),
    );
  });
});

it('of more than two hundred words is read no further', () => {
  const words = (count: number) => Array.from({ length: count }, () => 'true').join(' or ');
  expect(parseQueryFilter(words(100))).toMatchObject({ ok: true });
  expect(parseQueryFilter(words(101))).toMatchObject({ ok: false });
});

function write(filter: QueryFilter): string {
  switch (filter.kind) {
    case 'constant':
      return String(filter.value);
    case 'not':
      return `!(${write(filter.term)})`;
    case 'present':
      return `${filter.pointer.join('/')} pr`;
    case 'comparison':
      return `${filter.pointer.join('/')} ${filter.operator} ${JSON.stringify(filter.value)}`;
    default:
      return `(${filter.terms.map(write).join(` ${filter.kind} `)})`;
  }
}
