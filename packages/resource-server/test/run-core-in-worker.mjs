// @ts-check
/*
 * Runs the core where there is nothing but what the standards of the web define: no `process`, no
 * `Buffer`, no modules of Node. So it is in workers. Needs --experimental-vm-modules.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';

const WEB = /** @type {const} */ ([
  ...['AbortController', 'Blob', 'DecompressionStream', 'Headers', 'ReadableStream', 'Response'],
  ...['TextDecoder', 'TextEncoder', 'URLSearchParams', 'atob', 'btoa', 'clearTimeout', 'crypto'],
  ...['fetch', 'setTimeout'],
  // Those of this side, so that bytes that the platform made are bytes over there.
  ...['ArrayBuffer', 'TypeError', 'Uint8Array'],
]);
const surroundings = Object.fromEntries(WEB.map((name) => [name, Reflect.get(globalThis, name)]));
const context = vm.createContext(surroundings);

/** @type {Map<string, vm.SourceTextModule>} */
const modules = new Map();

/** @param {string} url */
async function load(url) {
  const known = modules.get(url);
  if (known !== undefined) return known;
  const text = readFileSync(fileURLToPath(url), 'utf8');
  const module = new vm.SourceTextModule(text, { context, identifier: url });
  modules.set(url, module);
  return module;
}

/** @param {string} specifier @param {string} from */
function resolve(specifier, from) {
  if (specifier.startsWith('node:')) throw new Error(`${from} imports ${specifier}`);
  if (specifier.startsWith('.')) return new URL(specifier, from).href;
  return pathToFileURL(createRequire(from).resolve(specifier)).href;
}

/** @param {string} url */
async function run(url) {
  const module = await load(url);
  if (module.status === 'unlinked')
    await module.link((specifier, { identifier }) => load(resolve(specifier, identifier)));
  await module.evaluate();
  return /** @type {any} */ (module.namespace);
}

const [, , given = '', surface = ''] = process.argv;
const { runCore } = await run(new URL('core-program.mjs', import.meta.url).href);
const told = await runCore(await run(surface), JSON.parse(given));
process.stdout.write(told, () => process.exit(0));
