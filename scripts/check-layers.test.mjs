// @ts-check
import { describe, expect, test } from 'vitest';
import { checkLayers, printTable, ROOMS, renewTable } from './check-layers.mjs';
import { checkTree } from './fixture-tree.mjs';

/** @param {Record<string, string>} files */
const check = (files) => checkTree(checkLayers, files);

const S = 'packages/server/src';
const P = 'packages/protocol/src';

/** A little of every room, in order. */
const ORDERLY = {
  [`${P}/scope.ts`]: 'export const a = 1;',
  [`${S}/model/realm.ts`]: "import { a } from '@tessera/protocol'; export const b = a;",
  [`${S}/environment.ts`]: "import { b } from './model/realm.ts'; export const c = b;",
  [`${S}/clients/find-client.ts`]:
    "import { createHash } from 'node:crypto'; import { c } from '../environment.ts'; export { c, createHash };",
  [`${S}/keys/seal.ts`]: "import { randomBytes } from 'node:crypto'; export { randomBytes };",
  [`${S}/system/clock.ts`]: 'export const now = () => Date.now() + Math.random();',
  [`${S}/storage/sqlite-worker.ts`]:
    "import { parentPort } from 'node:worker_threads'; export const d = parentPort;",
  [`${S}/storage/sqlite.ts`]:
    "import { readFile } from 'node:fs/promises'; export const e = [import('node:sqlite'), readFile, new Date(1)];",
  [`${S}/http/pingone/routes.ts`]: "export { f } from '../respond.ts';",
  [`${S}/http/respond.ts`]: 'export const f = 1;',
  [`${S}/http/app.ts`]: "import './pingone/routes.ts'; import 'fastify';",
  [`${S}/main.ts`]: "import './http/app.ts'; import './storage/sqlite.ts';",
  [`${S}/cli/index.ts`]: "import '../main.ts'; process.exitCode = 1;",
  [`${S}/tokens/find-token.test.ts`]:
    "import '../storage/sqlite.ts'; import '../../test/world.ts'; export const t = Date.now();",
  'packages/server/test/world.ts': "import '../src/main.ts';",
  'conformance/rfc6749.test.ts':
    "import { x } from '../packages/server/test/world.ts'; process.exit(x);",
};

test('an orderly house has nothing to report', () => {
  expect(check(ORDERLY)).toEqual([]);
});

describe('a room that imports what it may not is named with the line', () => {
  test.each([
    ['a static import', `import '../environment.ts';`],
    ['a type-only import', `import type { c } from '../environment.ts';`],
    ['a type written as import()', `export type C = import('../environment.ts').C;`],
    ['a dynamic import', `export const later = () => import('../environment.ts');`],
    ['a re-export', `export { c } from '../environment.ts';`],
  ])('%s', (_, text) => {
    expect(check({ ...ORDERLY, [`${S}/model/user.ts`]: text })).toContain(
      `${S}/model/user.ts:1: ${S}/model/ may not import ${S}/environment.ts`,
    );
  });

  test.each([
    ['endpoints/a.ts', '../storage/sqlite.ts', 'storage/'],
    ['tokens/a.ts', '../clients/find-client.ts', 'clients/'],
    ['admin/a.ts', '../http/respond.ts', 'http/'],
    ['http/b.ts', './pingone/routes.ts', 'http/pingone/'],
    ['http/b.ts', '../storage/sqlite.ts', 'storage/'],
    ['cli/a.ts', '../storage/sqlite.ts', 'storage/'],
    ['storage/a.ts', '../system/clock.ts', 'system/'],
  ])('%s does not import %s', (path, specifier, room) => {
    expect(check({ ...ORDERLY, [`${S}/${path}`]: `\nimport '${specifier}';` })).toContain(
      `${S}/${path}:2: ${S}/${path.replace(/[^/]+$/, '')} may not import ${S}/${room}`,
    );
  });
});

test.each([
  [`${P}/a.ts`, 'jose'],
  [`${P}/a.ts`, 'node:crypto'],
  [`${S}/model/a.ts`, 'zod'],
  [`${S}/endpoints/a.ts`, 'fastify'],
  [`${S}/tokens/a.ts`, 'node:crypto'],
  [`${S}/admin/a.ts`, 'kysely'],
  [`${S}/http/a.ts`, 'pg'],
  [`${S}/main.ts`, 'node:process'],
  ['packages/client/src/a.ts', '@tessera/resource-server'],
  ['packages/resource-server/src/a.ts', '@tessera/client'],
])('%s does not use %s', (path, library) => {
  const reported = check({ [path]: `export { x } from '${library}';` });
  expect(reported).toHaveLength(1);
  expect(reported[0]).toContain(`may not use ${library}`);
});

test('a sub-path belongs to its library', () => {
  const path = `${S}/endpoints/a.ts`;
  expect(check({ [path]: "import 'node:fs/promises';" })[0]).toContain('may not use node:fs');
  expect(check({ [path]: "import '@a/b/c';" })[0]).toContain('may not use @a/b');
});

describe('a power is taken from the surroundings where the table says so only', () => {
  test.each([
    ['Date.now()', 'Date.now'],
    ['new Date()', 'Date'],
    ['[1].map(Date)', 'Date'],
    ['performance.now()', 'performance'],
    ['Math.random()', 'Math.random'],
    ['crypto.randomUUID()', 'crypto.randomUUID'],
    ['process.env', 'process'],
    ['({ process })', 'process'],
    ['globalThis.process', 'globalThis'],
  ])('%s', (expression, name) => {
    const path = `${S}/endpoints/a.ts`;
    expect(check({ [path]: `export const x = ${expression};` })).toEqual([
      `${path}:1: ${S}/endpoints/ may not take ${name} from its surroundings`,
    ]);
  });

  test.each([
    ["import { randomBytes as salt } from 'node:crypto'; export { salt };", 'randomBytes'],
    ["import * as c from 'node:crypto'; export { c };", '*'],
    ["import c from 'node:crypto'; export { c };", '*'],
  ])('%s', (text, name) => {
    const path = `${S}/clients/a.ts`;
    expect(check({ [path]: text })).toEqual([
      `${path}:1: ${S}/clients/ may not take ${name} from its surroundings`,
    ]);
  });

  test('cli/ may name process and read the clock, yet not throw dice', () => {
    const text = 'export const x = [process.argv, Date.now(), Math.random()];';
    const reported = check({ [`${S}/cli/a.ts`]: text });
    expect(reported).toHaveLength(1);
    expect(reported[0]).toContain('Math.random');
  });

  test.each([
    'new Date(1_700_000_000_000).toISOString()',
    'Date.UTC(2026, 0)',
    'request.process',
    '{ process: 1, Date: 2 }',
    '"process.env and Date.now()"',
    '(d: Date) => d.toISOString()',
  ])('%s takes nothing', (expression) => {
    expect(check({ [`${S}/http/a.ts`]: `export const x = ${expression};` })).toEqual([]);
  });
});

describe('circles are found', () => {
  test('of two files, type-only included', () => {
    expect(
      check({
        [`${P}/a.ts`]: "import type { B } from './b.ts'; export type A = B;",
        [`${P}/b.ts`]: "import { a } from './a.ts'; export type B = typeof a;",
      }),
    ).toEqual([`circle: ${P}/a.ts → ${P}/b.ts → ${P}/a.ts`]);
  });

  test('of three files, entered from a fourth', () => {
    expect(
      check({
        [`${P}/a.ts`]: "import './b.ts';",
        [`${P}/b.ts`]: "import './c.ts';",
        [`${P}/c.ts`]: "import './d.ts';",
        [`${P}/d.ts`]: "import './b.ts';",
      }),
    ).toEqual([`circle: ${P}/b.ts → ${P}/c.ts → ${P}/d.ts → ${P}/b.ts`]);
  });

  test('of a file that imports itself', () => {
    expect(check({ [`${P}/a.ts`]: "import './a.ts';" })).toHaveLength(1);
  });

  test('two ways to one file are no circle', () => {
    expect(
      check({
        [`${P}/a.ts`]: "import './b.ts'; import './c.ts';",
        [`${P}/b.ts`]: "import './c.ts';",
        [`${P}/c.ts`]: '',
      }),
    ).toEqual([]);
  });
});

test('a file has a room', () => {
  expect(check({ [`${S}/utils/strings.ts`]: '' })).toEqual([
    `${S}/utils/strings.ts: belongs to no room of the layer table`,
  ]);
});

test('an import leads to a file', () => {
  expect(check({ [`${P}/a.ts`]: "import './b.ts';" })[0]).toContain('does not exist');
});

test('an import says where it leads', () => {
  const load = 'export const load = (name: string) => import(name);';
  expect(check({ [`${P}/a.ts`]: load })[0]).toContain('only running it would tell');
  const swap = "let name = 'zod'; export const load = () => import(name);";
  expect(check({ [`${P}/a.ts`]: swap })[0]).toContain('only running it would tell');
  const constant = "const name: string = 'zod'; export const load = () => import(name);";
  expect(check({ [`${P}/a.ts`]: constant })[0]).toContain('may not use zod');
});

test('shipped code imports no test', () => {
  expect(check({ ...ORDERLY, [`${S}/main.ts`]: "import '../test/world.ts';" })).toContain(
    `${S}/main.ts:1: imports packages/server/test/world.ts, which only tests may`,
  );
});

test.each([
  ['conformance/a.test.ts', '../packages/server/src/main.ts', 'another package'],
  ['packages/server/test/a.ts', '../../protocol/src/scope.ts', 'another package'],
  ['bench/src/a.ts', '../../packages/server/src/main.ts', 'another package'],
  ['bench/src/a.ts', '@tessera/server/dist/main.js', 'goes around the surface'],
])('%s does not import %s', (path, specifier, complaint) => {
  const reported = check({ ...ORDERLY, [path]: `import '${specifier}';` });
  expect(reported).toHaveLength(1);
  expect(reported[0]).toContain(complaint);
});

test('a file of 400 lines passes, one of 401 does not', () => {
  expect(check({ [`${P}/a.ts`]: '//\n'.repeat(400) })).toEqual([]);
  expect(check({ [`${P}/a.ts`]: '//\n'.repeat(401) })[0]).toContain('401 lines');
  expect(check({ [`${P}/a.test.ts`]: '//\n'.repeat(401) })).toEqual([]);
});

test('every room that the table speaks of is a row of it', () => {
  const rows = new Set(ROOMS.map(({ room }) => room));
  expect(ROOMS.flatMap(({ imports }) => imports).filter((name) => !rows.has(name))).toEqual([]);
  expect(rows.size).toBe(ROOMS.length);
});

test('the table is put between its marks and nowhere else', () => {
  const marked = 'before\n<!-- layers:begin -->\nold\n<!-- layers:end -->\nafter\n';
  const renewed = renewTable(marked) ?? '';
  expect(renewed).toContain(printTable());
  expect(renewed).not.toContain('old');
  expect(renewed.startsWith('before\n')).toBe(true);
  expect(renewed.endsWith('\nafter\n')).toBe(true);
  expect(renewTable(renewed)).toBe(renewed);
  expect(renewTable('no marks')).toBeUndefined();
});
