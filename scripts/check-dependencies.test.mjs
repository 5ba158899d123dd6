// @ts-check
import { describe, expect, test } from 'vitest';
import { checkDependencies } from './check-dependencies.mjs';
import { checkTree } from './fixture-tree.mjs';

const PACKAGE = { name: 'tessera', version: '0.1.0', dependencies: { a: '1.2.3' } };
const LOCKED = { version: '1.2.3', license: 'MIT' };

/**
 * @param {Record<string, unknown>} locked how the lockfile knows package a
 * @param {Record<string, unknown>} manifest
 * @param {Record<string, string>} files
 */
const check = (locked, manifest = PACKAGE, files = {}) =>
  checkTree(checkDependencies, {
    'package.json': JSON.stringify(manifest),
    'package-lock.json': JSON.stringify({ packages: { '': manifest, 'node_modules/a': locked } }),
    ...files,
  });

test('exact versions, no address, a free licence: nothing to report', () => {
  expect(check(LOCKED)).toEqual([]);
});

test('an address of a registry is reported, a link to a workspace is not', () => {
  const resolved = 'https://registry.example/a.tgz';
  expect(check({ ...LOCKED, resolved })).toEqual([
    `package-lock.json: node_modules/a names ${resolved}`,
  ]);
  expect(check({ resolved: 'packages/a', link: true })).toEqual([]);
});

describe('a version that is not exact is reported', () => {
  test.each(['^1.2.3', '~1.2.3', '1.x', '*', 'latest', '>=1', 'github:a/b'])('%s', (wanted) => {
    expect(check(LOCKED, { ...PACKAGE, dependencies: { a: wanted } })).toEqual([
      `package.json: a ${wanted} is not an exact version`,
    ]);
  });

  test('a release before the first is exact too', () => {
    expect(check(LOCKED, { ...PACKAGE, dependencies: { a: '18.4.0-beta.17' } })).toEqual([]);
  });
});

describe('the packages of the house have one version', () => {
  const path = 'packages/b/package.json';

  test('which is that of the root', () => {
    expect(check(LOCKED, PACKAGE, { [path]: '{"version":"0.2.0"}' })).toEqual([
      `${path}: is not version 0.1.0`,
    ]);
  });

  test('by which they name each other', () => {
    const manifest = { version: '0.1.0', dependencies: { '@tessera/protocol': '0.0.9' } };
    expect(check(LOCKED, PACKAGE, { [path]: JSON.stringify(manifest) })).toEqual([
      `${path}: @tessera/protocol 0.0.9 is not 0.1.0`,
    ]);
  });
});

describe('a licence is on the list', () => {
  test.each(['MIT', '(MIT OR GPL-3.0-only)', 'Apache-2.0 AND MIT'])('%s is', (license) => {
    expect(check({ ...LOCKED, license })).toEqual([]);
  });

  test.each(['GPL-3.0-only', 'SSPL-1.0', 'MIT AND GPL-2.0-only', 'UNLICENSED', undefined])(
    '%s is not',
    (license) => {
      expect(check({ ...LOCKED, license })).toEqual([
        `node_modules/a: licence ${license ?? 'unknown'} is not on the list`,
      ]);
    },
  );

  test('or the package itself says so', () => {
    const files = { 'node_modules/a/package.json': '{"license":"ISC"}' };
    expect(check({ version: '1.2.3' }, PACKAGE, files)).toEqual([]);
  });

  test('which does not matter for a tool', () => {
    expect(check({ ...LOCKED, license: 'GPL-3.0-only', dev: true })).toEqual([]);
  });
});
