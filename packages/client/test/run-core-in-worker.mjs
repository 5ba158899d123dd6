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
  ...['AbortController', 'AbortSignal', 'Blob', 'Headers', 'ReadableStream', 'Request', 'Response'],
  ...['TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams', 'atob', 'btoa', 'clearTimeout'],
  ...['crypto', 'fetch', 'performance', 'setTimeout', 'structuredClone', 'CryptoKey'],
  // Those of this side, so that bytes that the platform made are bytes over there.
  ...['ArrayBuffer', 'Error', 'TypeError', 'Uint8Array'],
]);
const surroundings = Object.fromEntries(WEB.map((name) => [name, Reflect.get(globalThis, name)]));
const context = vm.createContext(surroundings);

/** @type {Map<string, vm.SourceTextModule>} */
const modules = new Map();

/** @param {string} url */
function load(url) {
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

const program = load(new URL('core-program.mjs', import.meta.url).href);
await program.link((specifier, { identifier }) => load(resolve(specifier, identifier)));
await program.evaluate();
const { runCore } = /** @type {{ runCore: (given: unknown) => Promise<string> }} */ (
  program.namespace
);
process.stdout.write(await runCore(JSON.parse(process.argv[2] ?? '')));
