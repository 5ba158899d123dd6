// @ts-check
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isTest, randomImports, readSources } from './read-source.mjs';

/*
 * The rooms of this house: which of them may see which, what each may use from outside, and what
 * it may take from its surroundings. ARCHITECTURE.md prints this table; `--write` renews it there.
 *
 * A file belongs to the room with the longest path that it starts with. Every room may also
 * import itself and @tessera/protocol. Tests may import what they like of their own package.
 */

/**
 * @typedef {import('./read-source.mjs').Source} Source
 * @typedef {{
 *   room: string, imports: readonly string[], libraries: readonly string[],
 *   powers: readonly string[],
 * }} Room
 */

const SERVER = 'packages/server/src/';

/**
 * Room, what it may import, which libraries it may use, what it may take from its surroundings:
 * the clock, randomness, the process. Names within one cell are separated by spaces.
 */
const SERVER_ROOMS = [
  ['model/', '', '', ''],
  ['contract/', 'model/', 'zod', ''],
  ['recently-used.ts', '', 'lru-cache', ''],
  ['store.ts', 'model/', '', ''],
  ['environment.ts', 'model/ store.ts', '', ''],
  ['variables.ts', '', '', ''],
  ['config.ts', 'variables.ts model/', 'zod', ''],
  [
    'clients/',
    'model/ environment.ts recently-used.ts',
    'jose node:crypto @cfworker/json-schema',
    '',
  ],
  ['tokens/', 'model/ environment.ts', '', ''],
  ['events/', 'model/ environment.ts', '', ''],
  ['usage/', 'model/ environment.ts recently-used.ts', 'node:crypto', ''],
  [
    'keys/',
    'model/ environment.ts recently-used.ts',
    'node:crypto node:util node:zlib jose @node-rs/argon2',
    // Keys, salts and nonces must not depend on anything that a caller chose.
    'randomness',
  ],
  [
    'storage/',
    'model/ environment.ts',
    'kysely node:sqlite @photostructure/sqlite pg node:worker_threads node:fs node:module node:stream node:zlib node:crypto node:path node:url',
    '',
  ],
  [
    'system/',
    'model/ environment.ts recently-used.ts',
    'node:crypto node:dns node:fs node:http node:net node:os node:path node:perf_hooks node:process node:tls node:url pino prom-client',
    'clock randomness',
  ],
  ['endpoints/', 'model/ environment.ts clients/ tokens/', '', ''],
  ['admin/', 'model/ environment.ts contract/ clients/ tokens/ keys/', '', ''],
  // PingAM's and PingIDM's words for what administration does, asked through its one door.
  ['pingone/', 'contract/', '', ''],
  // What other products export, as realm files.
  ['migration/', 'contract/ pingone/', '', ''],
  [
    'http/',
    'model/ environment.ts contract/ endpoints/ admin/',
    'fastify node:buffer node:crypto node:fs node:http node:https node:net node:path node:tls node:url node:util node:zlib',
    '',
  ],
  [
    'http/pingone/',
    'model/ environment.ts contract/ endpoints/ admin/ pingone/ http/',
    'fastify node:buffer node:crypto node:fs node:http node:https node:net node:path node:tls node:url node:util node:zlib',
    '',
  ],
  [
    // Only this file names http/pingone/: without the folder and that line all else compiles.
    'http/app.ts',
    'model/ environment.ts contract/ endpoints/ admin/ http/ http/pingone/',
    'fastify node:buffer node:crypto node:fs node:http node:https node:net node:path node:tls node:url node:util node:zlib',
    '',
  ],
  ['jobs.ts', 'model/ environment.ts keys/ events/', '', ''],
  [
    'main.ts',
    'model/ contract/ config.ts environment.ts clients/ tokens/ events/ keys/ usage/ storage/ system/ endpoints/ admin/ http/ http/app.ts jobs.ts',
    'node:fs node:path node:url node:v8',
    '',
  ],
  [
    'cli/',
    'contract/ migration/ variables.ts config.ts main.ts',
    'commander picocolors cli-table3 yaml @tessera/client @tessera/example-config-service node:child_process node:crypto node:events node:fs node:http node:https node:module node:net node:os node:path node:readline node:url',
    'process clock',
  ],
];

const RESOURCE_SERVER = 'packages/resource-server/src/';

const OTHER_ROOMS = [
  ['packages/protocol/src/', '', '', ''],
  // Everything but these runs wherever the web's own interfaces are.
  ['packages/resource-server/src/', '', '', 'clock randomness'],
  ['packages/resource-server/src/node-platform.ts', RESOURCE_SERVER, 'node:crypto node:zlib', ''],
  [
    'packages/resource-server/src/node.ts',
    `${RESOURCE_SERVER} ${RESOURCE_SERVER}node-platform.ts`,
    '',
    '',
  ],
  [
    'packages/resource-server/src/index-node.ts',
    `${RESOURCE_SERVER} ${RESOURCE_SERVER}node.ts`,
    '',
    '',
  ],
  [
    'packages/resource-server/src/adapters/',
    RESOURCE_SERVER,
    // Of the frameworks only types.
    'fastify hono node:http node:stream',
    '',
  ],
  ['packages/client/src/', '', 'jose', 'clock randomness'],
  [
    // The rest of the package runs wherever there is fetch and Web Crypto.
    'packages/client/src/node/',
    'packages/client/src/',
    'node:crypto node:fs node:http node:https node:stream',
    'process',
  ],
  [
    // Asks the server; shows nothing.
    'packages/console/src/api/',
    '',
    '@tanstack/react-query @tessera/server virtual:admin-commands virtual:admin-roles virtual:admin-routes',
    '',
  ],
  [
    'packages/console/src/',
    'packages/console/src/api/',
    'react react-dom @mantine/charts @mantine/core @mantine/form @mantine/hooks @mantine/notifications @mantine/spotlight @radix-ui/react-icons @tanstack/react-query @tanstack/react-router @tessera/server',
    // Randomness: the keys with which the playground signs.
    'clock randomness',
  ],
  [
    'examples/config-service/src/',
    '',
    '@tessera/resource-server node:crypto node:fs node:http node:net node:path node:url',
    'process clock randomness',
  ],
  [
    'examples/mcp-server/src/',
    '',
    '@tessera/resource-server @modelcontextprotocol/server zod node:http node:stream node:url',
    'process',
  ],
];

/** @type {readonly Room[]} */
export const ROOMS = [...readRooms('', OTHER_ROOMS), ...readRooms(SERVER, SERVER_ROOMS)];

/**
 * @param {string} folder
 * @param {readonly string[][]} rows
 * @returns {Room[]}
 */
function readRooms(folder, rows) {
  /** @param {string} cell */
  const words = (cell) => cell.split(' ').filter((word) => word !== '');
  return rows.map(([room = '', imports = '', libraries = '', powers = '']) => ({
    room: folder + room,
    imports: words(imports).map((imported) => folder + imported),
    libraries: words(libraries),
    powers: words(powers),
  }));
}

/** Longer than this, a file is more than one idea. */
const LINES_MAX = 400;

/**
 * Everything that breaks a rule, one line each; none when the house is in order.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function checkLayers(root) {
  const sources = readSources(root, foldersOf(root));
  const shipped = [...sources.values()].filter(({ path }) => /\/src\//.test(path) && !isTest(path));
  return [
    // The benchmark measures the product from outside and is in no room of it.
    ...shipped
      .filter(({ path }) => !path.startsWith('bench/'))
      .flatMap((source) => checkRoom(source, sources)),
    ...[...sources.values()].flatMap((source) => checkSurface(source)),
    ...checkCircles(sources),
    ...shipped
      .filter(({ lines }) => lines > LINES_MAX)
      .map(({ path, lines }) => `${path}: ${lines} lines; more than ${LINES_MAX} are two ideas`),
  ];
}

/** @param {string} root */
function foldersOf(root) {
  const workspaces = ['packages', 'examples'].flatMap((group) =>
    existsSync(join(root, group)) ? readdirSync(join(root, group)).map((n) => `${group}/${n}`) : [],
  );
  return [...workspaces, 'conformance', 'bench'].filter((folder) => existsSync(join(root, folder)));
}

/** @param {string} path @returns {Room | undefined} */
const roomOf = (path) =>
  ROOMS.filter(({ room }) => path.startsWith(room)).sort(
    (a, b) => b.room.length - a.room.length,
  )[0];

/**
 * @param {Source} source
 * @param {ReadonlyMap<string, Source>} sources
 * @returns {string[]}
 */
function checkRoom(source, sources) {
  const { path } = source;
  const room = roomOf(path);
  if (room === undefined) return [`${path}: belongs to no room of the layer table`];
  /** @type {string[]} */
  const broken = [];

  for (const { specifier, line } of source.imports) {
    const at = `${path}:${line}`;
    if (specifier === undefined) broken.push(`${at}: imports what only running it would tell`);
    // Style sheets are no code.
    else if (specifier.endsWith('.css')) continue;
    else if (!specifier.startsWith('.')) {
      const library = libraryOf(specifier);
      if (library !== '@tessera/protocol' && !room.libraries.includes(library))
        broken.push(`${at}: ${room.room} may not use ${library}`);
    } else {
      const target = resolve(path, specifier);
      const targetRoom = roomOf(target)?.room;
      if (!sources.has(target)) broken.push(`${at}: imports ${target}, which does not exist`);
      else if (isTest(target)) broken.push(`${at}: imports ${target}, which only tests may`);
      else if (targetRoom !== room.room && !room.imports.includes(targetRoom ?? ''))
        broken.push(`${at}: ${room.room} may not import ${targetRoom ?? target}`);
    }
  }

  const taken = [
    ...source.powers,
    ...randomImports(source).map((found) => ({ ...found, power: 'randomness' })),
  ];
  for (const { power, name, line } of taken)
    if (!room.powers.includes(power))
      broken.push(`${path}:${line}: ${room.room} may not take ${name} from its surroundings`);
  return broken;
}

/**
 * A package is used by its name: nobody reaches into the sources of another, tests included.
 *
 * @param {Source} source
 */
function checkSurface({ path, imports }) {
  return imports.flatMap(({ specifier, line }) => {
    if (specifier === undefined) return [];
    if (/^@tessera\/[^/]+\/(src|dist)\//.test(specifier))
      return [`${path}:${line}: ${specifier} goes around the surface of its package`];
    if (!specifier.startsWith('.')) return [];
    const target = resolve(path, specifier);
    const reaches = workspaceOf(target) !== workspaceOf(path) && !isTest(target);
    return reaches ? [`${path}:${line}: ${target} belongs to another package`] : [];
  });
}

/** @param {string} path */
const workspaceOf = (path) => /^(?:(?:packages|examples)\/)?[^/]+/.exec(path)?.[0];

/** @param {string} path @param {string} specifier */
const resolve = (path, specifier) => posix.join(posix.dirname(path), specifier);

/** @param {string} specifier */
const libraryOf = (specifier) =>
  specifier.startsWith('node:')
    ? specifier.replace(/(?<=^node:\w+)\/.*/, '')
    : specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/**
 * Files that import each other in a circle, by whatever kind of import: each circle once, from its
 * first file. Tarjan's algorithm would find the knots; walking finds a circle a person can follow.
 *
 * @param {ReadonlyMap<string, Source>} sources
 * @returns {string[]}
 */
function checkCircles(sources) {
  /** @type {Set<string>} */
  const finished = new Set();
  /** @type {string[]} */
  const circles = [];

  /** @param {string} path @param {readonly string[]} trail */
  const walk = (path, trail) => {
    const start = trail.indexOf(path);
    if (start !== -1) circles.push([...trail.slice(start), path].join(' → '));
    if (start !== -1 || finished.has(path)) return;
    for (const { specifier } of sources.get(path)?.imports ?? [])
      if (specifier?.startsWith('.')) walk(resolve(path, specifier), [...trail, path]);
    finished.add(path);
  };
  for (const path of sources.keys()) walk(path, []);
  return circles.map((circle) => `circle: ${circle}`);
}

const MARKS = /** @type {const} */ (['<!-- layers:begin -->', '<!-- layers:end -->']);

/** The table as ARCHITECTURE.md prints it. */
export function printTable() {
  /** @param {string} name */
  const short = (name) => (name.startsWith(SERVER) ? name.slice(SERVER.length) : name);
  /** @param {readonly string[]} names */
  const list = (names) => names.map((name) => `\`${short(name)}\``).join(', ') || '–';
  return [
    '| room | may import | libraries it may use | takes from its surroundings |',
    '|---|---|---|---|',
    ...ROOMS.map(
      ({ room, imports, libraries, powers }) =>
        `| \`${short(room)}\` | ${list(imports)} | ${list(libraries)} | ${powers.join(', ') || '–'} |`,
    ),
  ].join('\n');
}

/**
 * The text with the table between its marks; undefined when the marks are missing.
 *
 * @param {string} text
 */
export function renewTable(text) {
  const [begin, end] = MARKS.map((mark) => text.indexOf(mark));
  if (begin === undefined || end === undefined || begin === -1 || end < begin) return undefined;
  return `${text.slice(0, begin + MARKS[0].length)}\n\n${printTable()}\n\n${text.slice(end)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const document = join(root, 'ARCHITECTURE.md');
  const text = readFileSync(document, 'utf8');
  const renewed = renewTable(text);
  if (renewed !== undefined && process.argv.includes('--write')) writeFileSync(document, renewed);

  const broken = checkLayers(root);
  if (renewed === undefined)
    broken.push(`ARCHITECTURE.md: the marks ${MARKS.join(' ')} are missing`);
  else if (renewed !== text && !process.argv.includes('--write'))
    broken.push('ARCHITECTURE.md: prints another table; node scripts/check-layers.mjs --write');
  for (const line of broken) console.error(line);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
