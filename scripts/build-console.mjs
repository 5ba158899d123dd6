// @ts-check
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { ROOT } from './root.mjs';

/*
 * The console as files that a browser loads: scripts in parts that are fetched when a screen needs
 * them, one style sheet, one page. Packed once here instead of at every request.
 */

const CONSOLE = join(ROOT, 'packages/console');
const SITE = join(CONSOLE, 'dist/site');

/** Where the server serves it. */
const BASE = '/console/';

/** What the console is made of; the addresses of the API are in the server's contract,
 * the words of the commands in its command line. */
const SOURCES = [
  join(CONSOLE, 'src'),
  join(CONSOLE, 'public'),
  join(CONSOLE, 'index.html'),
  join(CONSOLE, 'package.json'),
  join(ROOT, 'packages/server/dist/contract'),
  join(ROOT, 'packages/server/dist/cli'),
  join(ROOT, 'scripts/build-console.mjs'),
];

/** Does nothing when nothing has changed since. */
export async function buildConsole() {
  const built = writtenAt(join(SITE, 'index.html'));
  if (built > 0 && SOURCES.every((path) => newestIn(path) <= built)) return;
  // The old one is served until the new one is whole.
  const next = `${SITE}.next`;
  rmSync(next, { recursive: true, force: true });
  mkdirSync(join(next, 'assets'), { recursive: true });
  cpSync(join(CONSOLE, 'public'), next, { recursive: true });
  const { script, parts, styles } = await bundleScripts(next);
  writeFileSync(join(next, 'index.html'), describePage(script, parts, keepStyles(next, styles)));
  for (const file of filesOf(next)) pack(file);
  rmSync(SITE, { recursive: true, force: true });
  renameSync(next, SITE);
}

/** @param {string} directory */
async function bundleScripts(directory) {
  const { rolldown } = await import('rolldown');
  /** @type {Map<string, string>} */
  const styles = new Map();
  const bundle = await rolldown({
    input: join(CONSOLE, 'src/main.tsx'),
    platform: 'browser',
    // Words to servers that render React; here there is none.
    checks: { moduleLevelDirective: false },
    transform: {
      define: { 'process.env.NODE_ENV': '"production"', BASE_PATH: JSON.stringify(BASE) },
    },
    plugins: [adminRoutes(), collectStyles(styles)],
  });
  const { output } = await bundle.write({
    dir: join(directory, 'assets'),
    format: 'esm',
    minify: true,
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await bundle.close();
  const [entry] = output;
  const ordered = [...styles].sort(([a], [b]) => placeOf(a) - placeOf(b));
  return { script: entry.fileName, parts: entry.imports, styles: ordered.map(([, css]) => css) };
}

/**
 * What the console knows of the server, from the tables that the server itself goes by: the
 * operations of the administration API, the commands for them, the roles. One module each, so that
 * a browser loads the commands and the words of permissions with the screens that show them.
 *
 * @returns {import('rolldown').Plugin}
 */
function adminRoutes() {
  const contract = () => import('../packages/server/dist/contract/index.js');
  /** @type {Record<string, () => Promise<Record<string, unknown>>>} */
  const modules = {
    'virtual:admin-routes': async () => ({
      ADDRESSES: Object.fromEntries(
        (await contract())
          .adminRoutes()
          .map(([route, { method, path }]) => [route, `${method} ${path}`]),
      ),
    }),
    'virtual:admin-commands': async () => {
      const { performedRoutes } = await import('../packages/server/dist/cli/program.js');
      /** @type {Record<string, object>} */
      const commands = {};
      for (const { route, ...written } of performedRoutes()) commands[route] ??= written;
      return { COMMANDS: commands };
    },
    'virtual:admin-roles': async () => {
      const { PERMISSIONS, ROLE_POWERS } = await contract();
      const roles = Object.entries(ROLE_POWERS).map(([role, power]) => ({ name: role, ...power }));
      return { PERMISSIONS, ROLES: roles };
    },
  };
  return {
    name: 'admin-routes',
    resolveId: (id) => (id in modules ? `\0${id}` : undefined),
    async load(id) {
      const module = modules[id.slice(1)];
      if (!id.startsWith('\0') || module === undefined) return undefined;
      return Object.entries(await module())
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join('\n');
    },
  };
}

/**
 * Style sheets that a module imports go into one file.
 *
 * @param {Map<string, string>} styles
 * @returns {import('rolldown').Plugin}
 */
const collectStyles = (styles) => ({
  name: 'collect-styles',
  load(id) {
    if (!id.endsWith('.css')) return undefined;
    styles.set(id, readFileSync(id, 'utf8'));
    return { code: 'export {};', moduleType: 'js', moduleSideEffects: true };
  },
});

/**
 * Later ones hold against earlier ones: first the library's core, then its parts, then our own.
 *
 * @param {string} path
 */
const placeOf = (path) =>
  path.includes('@mantine/core') ? 0 : path.includes('node_modules') ? 1 : 2;

/** @param {string} directory @param {readonly string[]} styles */
function keepStyles(directory, styles) {
  const css = styles.join('\n');
  const digest = createHash('sha256').update(css).digest('base64url').slice(0, 8);
  const name = `console-${digest}.css`;
  writeFileSync(join(directory, 'assets', name), css);
  return name;
}

/** @param {string} script @param {readonly string[]} parts @param {string} styles */
const describePage = (script, parts, styles) =>
  readFileSync(join(CONSOLE, 'index.html'), 'utf8').replace(
    '</head>',
    [
      `  <link rel="stylesheet" href="${BASE}assets/${styles}" />`,
      ...parts.map((part) => `    <link rel="modulepreload" href="${BASE}assets/${part}" />`),
      `    <script type="module" src="${BASE}assets/${script}"></script>`,
      '  </head>',
    ].join('\n'),
  );

/** @param {string} file */
function pack(file) {
  if (!/\.(?:js|css|svg)$/.test(file)) return;
  const content = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(content));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}

/** @param {string} path @returns {number} milliseconds since 1970 */
const newestIn = (path) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory()
    ? Math.max(...filesOf(path).map(writtenAt))
    : writtenAt(path);

/** @param {string} directory */
const filesOf = (directory) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** @param {string} path 0: it is not there */
const writtenAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
