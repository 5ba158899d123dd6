// @ts-check
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, run } from './prepare.mjs';

/** Longer than any test may take, so that it ends a run only where vitest's own limits cannot. */
const SILENCE_SECONDS = 480;

/**
 * Runs vitest and resolves to its exit code, or kills all that it started and says which files they
 * were once one of them has told nothing for too long. A limit of vitest ends a test that waits, but
 * not a worker whose thread is blocked: such a run would never end.
 *
 * @param {readonly string[]} args
 * @param {string} folder where the progress is kept
 * @param {number} [silenceSeconds]
 */
export async function runWatched(args, folder, silenceSeconds = SILENCE_SECONDS) {
  const progress = join(folder, 'progress.json');
  /** @type {number | undefined} */
  let vitest;
  const watch = setInterval(
    () => {
      const silent = readProgress(progress).filter(
        ({ since }) => Date.now() - since > silenceSeconds * 1000,
      );
      if (silent.length === 0) return;
      clearInterval(watch);
      console.error(`\nStuck: nothing was told for ${silenceSeconds} s by`);
      for (const { path, test } of silent)
        console.error(`  ${relative(ROOT, path)}${test === undefined ? '' : `: ${test}`}`);
      console.error('All that the run had started is killed.');
      if (vitest !== undefined) killTree(vitest);
    },
    Math.min(5_000, silenceSeconds * 250),
  );
  try {
    return await run(
      process.execPath,
      [
        join(ROOT, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--reporter=default',
        `--reporter=${join(ROOT, 'scripts/progress-reporter.mjs')}`,
        ...args,
      ],
      { ...process.env, TESSERA_TEST_PROGRESS: progress },
      (pid) => {
        vitest = pid;
      },
    );
  } finally {
    clearInterval(watch);
  }
}

/** @returns {readonly { path: string, test?: string, since: number }[]} none before the first file */
function readProgress(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}

/**
 * SIGKILL, for who is stuck heeds nothing else. All are listed before any is killed: who loses its parent
 * would no longer be found.
 *
 * @param {number} root
 */
function killTree(root) {
  if (process.platform === 'win32') {
    execFileSync('taskkill', ['/pid', String(root), '/t', '/f']);
    return;
  }
  const pairs = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [root];
  // It grows while it is read: children of children.
  for (const parent of tree)
    tree.push(...pairs.filter(([, ppid]) => ppid === parent).map(([pid = 0]) => pid));
  for (const pid of tree) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
