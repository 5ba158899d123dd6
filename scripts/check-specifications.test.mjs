// @ts-check
import { describe, expect, test } from 'vitest';
import { checkSpecifications } from './check-specifications.mjs';
import { checkTree } from './fixture-tree.mjs';

const CODE = 'packages/protocol/src/scope.ts';
const TEST = 'packages/protocol/src/scope.test.ts';
const DOCUMENT = 'docs/specifications.md';
const ROW = `| RFC 6749 §3.3 | scope | ${CODE} | ${TEST} |`;

const ORDERLY = {
  [DOCUMENT]: `# Specifications\n\n| section | … |\n|---|---|\n${ROW}\n`,
  [CODE]: '/** Reads a scope. RFC 6749 §3.3. */',
  [TEST]: "test('§3.3 two spaces are malformed', () => {});",
};

/** @param {Record<string, string>} changes */
const check = (changes) => checkTree(checkSpecifications, { ...ORDERLY, ...changes });

test('a table that tells the truth has nothing to report', () => {
  expect(check({})).toEqual([]);
});

describe('code that cites a section without a row is named', () => {
  test.each([
    ['/** RFC 6749 §5.2. */', ['6749 §5.2']],
    ['/** RFC 6749 §3.3, §5.2 and App. A.1. */', ['6749 §5.2', '6749 App. A.1']],
    ['/**\n * RFC 6749\n * §5.2, RFC 7662 §2.1.\n */', ['6749 §5.2', '7662 §2.1']],
    ['// RFC 9068\n// §2.2', ['9068 §2.2']],
  ])('%j', (comment, sections) => {
    const path = 'packages/server/src/main.ts';
    expect(check({ [path]: comment })).toEqual(
      sections.map((section) => `${path}: cites RFC ${section}, which has no row in ${DOCUMENT}`),
    );
  });

  test('in a black-box test too, not in the unit tests', () => {
    expect(check({ 'conformance/a.test.ts': '// RFC 7009 §2' })).toHaveLength(1);
    expect(check({ 'packages/client/src/a.test.ts': '// RFC 7009 §2' })).toEqual([]);
  });
});

describe('a row is refused', () => {
  test.each([
    ['whose file does not exist', ROW.replace(CODE, 'a/x.ts'), 'a/x.ts does not exist'],
    ['whose test does not exist', ROW.replace(TEST, 'a/x.test.ts'), 'a/x.test.ts does not exist'],
    ['without a file', ROW.replace(CODE, '–'), 'names no file'],
    ['without a test', ROW.replace(TEST, '–'), 'names no test'],
    ['of two sections', ROW.replace('§3.3', '§3.3, §5.2'), 'is not one section'],
    ['with a word beside its section', ROW.replace('§3.3', '§3.3 scope'), 'is not one section'],
    ['that stands there twice', `${ROW}\n${ROW}`, 'has a row already'],
  ])('%s', (_, row, complaint) => {
    expect(check({ [DOCUMENT]: row })[0]).toContain(complaint);
  });

  test('whose file does not cite the section', () => {
    expect(check({ [CODE]: '/** Reads a scope. RFC 6749 §3.2. */' })).toContain(
      `${DOCUMENT}:5: RFC 6749 §3.3: ${CODE} does not cite it`,
    );
  });

  test.each([
    ["test('two spaces are malformed', () => {});"],
    ["test('§3.31 is another section', () => {});"],
    ["test('§3.3.1 is another section', () => {});"],
    ["test('RFC 7662 §3.3 is another specification', () => {});"],
  ])('whose test file names another section or none: %s', (text) => {
    expect(check({ [TEST]: text })).toEqual([
      `${DOCUMENT}:5: RFC 6749 §3.3: no test in ${TEST} names it`,
    ]);
  });

  test.each([
    ["describe('RFC 6749 §3.3 scope', () => {});"],
    ['test.each([["§3.3 a tab"]])("%s", () => {});'],
    ["// Shows RFC 6749 §3.3.\ntest('scope', () => {});"],
  ])('yet not when the section is named so: %s', (text) => {
    expect(check({ [TEST]: text })).toEqual([]);
  });
});

test('a missing table is reported', () => {
  expect(checkTree(checkSpecifications, {})).toEqual([`${DOCUMENT}: is missing`]);
});
