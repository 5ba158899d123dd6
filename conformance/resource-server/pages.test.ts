import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../../packages/server/test/free-port.ts';
import { compareOutput, readPage, type Step } from '../documentation.ts';
import { onEachDatabase } from '../world.ts';

/*
 * The pages for API developers, followed to the letter: their files are compiled and run, their
 * commands typed, and what they show is what comes out.
 */

const PAGES = ['express', 'fastify', 'hono', 'node', 'fetch', 'mcp'] as const;

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

const TIMEOUT = 120_000;

onEachDatabase(
  (world) => {
    let directory: string;
    let running: ChildProcess | undefined;

    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), 'tessera-page-'));
      symlinkSync(MODULES, join(directory, 'node_modules'));
      writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
      writeFileSync(join(directory, 'password'), world.password);
    });
    afterEach(async () => {
      await stop();
      rmSync(directory, { recursive: true });
    });

    async function stop(): Promise<void> {
      if (running === undefined || running.exitCode !== null) return;
      const ended = once(running, 'exit');
      running.kill('SIGTERM');
      await ended;
      running = undefined;
    }

    const environment = () => ({
      PATH: [join(MODULES, '.bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
      HOME: directory,
      XDG_CONFIG_HOME: join(directory, 'config'),
      NO_COLOR: '1',
    });

    /** One block of commands, as a shell has them; what they print. */
    async function type(commands: string): Promise<string> {
      const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
        cwd: directory,
        env: environment(),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = once(child, 'close');
      const [printed, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
      await ended;
      expect(child.exitCode, `${commands}\n${problems}`).toBe(0);
      return printed;
    }

    /** Starts what listens, and goes on once it does. */
    async function start(file: string, port: number): Promise<void> {
      await stop();
      const child = spawn(process.execPath, [file], {
        cwd: directory,
        env: environment(),
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      running = child;
      const deadline = performance.now() + 30_000;
      while (!(await listens(port))) {
        if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}`);
        if (performance.now() > deadline) throw new Error(`${file} does not listen`);
        await pause(50);
      }
    }

    describe.each(PAGES)('docs/apis/%s.md', (page) => {
      it('does what it says', { timeout: TIMEOUT }, async () => {
        const port = await findFreePort();
        const realm = `page-${page}`;
        await world.createRealm(realm);
        const local = (written: string): string =>
          written
            .replaceAll('http://localhost:8080', world.publicUrl)
            .replaceAll('3000', String(port))
            .replaceAll('alpha', realm);
        const steps = readPage(`apis/${page}.md`);
        expect(compile(steps, local, directory)).toBe('');

        let compared = 0;
        for (const step of steps) {
          if (step.kind === 'file') continue;
          const [first = ''] = step.text.split('\n', 1);
          if (first.startsWith('npm install')) checkInstalled(first);
          else if (first === 'node server.ts') await start('server.js', port);
          else {
            const printed = await type(asTyped(local(step.text)));
            if (step.shown === undefined) continue;
            compared += 1;
            const shown = { ...step.shown, text: local(step.shown.text) };
            expect(compareOutput(shown, printed), `${step.text}\n${printed}`).toEqual([]);
          }
        }
        expect(compared).toBeGreaterThan(1);
      });
    });

    it('docs/apis/README.md: what it shows compiles', () => {
      expect(compile(readPage('apis/README.md'), (written) => written, directory)).toBe('');
    });
  },
  { databases: ['SQLite'] },
);

/** Nobody is there to be asked for the password, and what was TypeScript is JavaScript by now. */
const asTyped = (commands: string): string =>
  commands
    .replace(/^tessera login .*$/m, '$& --password-file password')
    .replace(/^node (\w+)\.ts$/gm, 'node $1.js');

/** What a page installs is what this repository tests with; from elsewhere it would be the same. */
function checkInstalled(command: string): void {
  const names = command.split(/\s+/).filter((word) => /^@?[a-z]/.test(word));
  for (const name of names.filter((word) => !['npm', 'install'].includes(word)))
    expect(existsSync(join(MODULES, name)), `${name} is installed`).toBe(true);
}

/** Every file of a page at once, strictly, and what is wrong with them; JavaScript is left beside. */
function compile(
  steps: readonly Step[],
  local: (text: string) => string,
  directory: string,
): string {
  const names = steps.flatMap((step) => {
    if (step.kind !== 'file') return [];
    const path = join(directory, step.name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, local(step.text));
    return [path];
  });
  if (names.length === 0) return 'there is no file';
  const program = ts.createProgram(names, {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    skipLibCheck: true,
    rewriteRelativeImportExtensions: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    typeRoots: [join(MODULES, '@types')],
    noEmitOnError: true,
  });
  const { diagnostics } = program.emit();
  const found = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  return ts.formatDiagnostics(found, HOST);
}

const HOST: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: () => tmpdir(),
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
};

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, 'localhost');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
