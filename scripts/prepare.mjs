// @ts-check
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

export { ROOT };

/*
 * What has to be true before anything of this checkout can run: the right Node, the packages of
 * the lockfile, and an up-to-date build. Only Node's own modules are used, because nothing else
 * is there yet.
 */

const NODE_MIN = /** @type {const} */ ([20, 19]);

/** Ends the process when this Node is too old, and says which one is needed. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  console.error(
    `Tessera needs Node ${NODE_MIN.join('.')} or later (24 LTS is recommended); ` +
      `this is Node ${process.versions.node}. See https://nodejs.org/en/download`,
  );
  process.exit(1);
}

/**
 * Installs the packages of the lockfile unless they are there.
 *
 * What runs the product is a fifth of what tests and checks it, so an empty checkout that only
 * wants to start installs only that.
 *
 * @param {'product' | 'everything'} wanted
 */
export async function install(wanted) {
  if (isInstalled(wanted)) return;
  const onlyProduct = wanted === 'product' && !existsSync(join(ROOT, 'node_modules/vitest'));
  console.error('Installing packages (npm ci) …');
  const status = await run('npm', [
    'ci',
    '--loglevel=error',
    ...(onlyProduct ? ['--omit=dev'] : []),
  ]);
  if (status === 0) return;
  console.error('npm ci failed; its messages are above.');
  process.exit(1);
}

/**
 * Whether `node_modules` holds every package of the lockfile in its version. npm writes what it
 * installed into `node_modules/.package-lock.json`; times of files would say less, because
 * checkouts and copies change them. Optional packages are for some platforms only, so the lack of
 * one is no lack.
 *
 * @param {'product' | 'everything'} wanted
 */
function isInstalled(wanted) {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (installed === undefined) return false;
  return Object.entries(packagesOf('package-lock.json') ?? {}).every(([path, locked]) => {
    if (!path.startsWith('node_modules/')) return true;
    if (wanted === 'product' && (locked.dev || locked.devOptional)) return true;
    const present = installed[path];
    return present === undefined ? Boolean(locked.optional) : present.version === locked.version;
  });
}

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean }} Locked
 * @param {string} lockfile
 * @returns {Record<string, Locked> | undefined}
 */
function packagesOf(lockfile) {
  const path = join(ROOT, lockfile);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

/**
 * Compiles the projects, or all of them when none is named, bundles the server and the console, and resolves to the exit code. Nothing
 * is done for what has not changed since, and nothing said unless it takes a while.
 *
 * @param {readonly string[]} projects
 */
export async function build(projects = []) {
  const patience = setTimeout(() => console.error('Building …'), 1000);
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const status = await run(process.execPath, [tsc, '-b', ...projects]);
  if (status === 0) {
    await (await import('./bundle.mjs')).bundle();
    await (await import('./build-console.mjs')).buildConsole();
  }
  clearTimeout(patience);
  return status;
}

/**
 * Runs a command in the checkout with this process's input and output, and resolves to its exit
 * code. A signal to this process is passed on; a command that a signal ended counts as 128 and
 * the number of the signal, as in a shell.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 * @param {(pid: number | undefined) => void} [started]
 * @returns {Promise<number>}
 */
export function run(command, args, environment = process.env, started = () => {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: 'inherit',
      env: environment,
      // On Windows npm is a script, which only a shell can run.
      shell: process.platform === 'win32' && command === 'npm',
    });
    started(child.pid);
    /** @type {Set<string>} */
    const passed = new Set();
    /**
     * Once each, since a second one asks to hurry. Ctrl-C reaches the child by itself: a terminal
     * sends it to all of its foreground.
     *
     * @param {NodeJS.Signals} signal
     */
    const passOn = (signal) => {
      if (passed.has(signal) || (signal === 'SIGINT' && process.stdin.isTTY)) return;
      passed.add(signal);
      child.kill(signal);
    };
    process.on('SIGINT', passOn).on('SIGTERM', passOn);
    const watch = watchParent(() => passOn('SIGTERM'));
    const stopListening = () => {
      clearInterval(watch);
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
    };
    child.once('error', (error) => {
      stopListening();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      stopListening();
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGTERM' ? 15 : 9));
    });
  });
}

/**
 * npm puts a shell between itself and us, which dies of a signal without a word to us. That our
 * parent is another is the only thing we see of it.
 *
 * @param {() => void} onLoss
 */
function watchParent(onLoss) {
  const parent = process.ppid;
  return setInterval(() => {
    if (process.env['npm_lifecycle_event'] !== undefined && process.ppid !== parent) onLoss();
  }, 500);
}
