// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runWatched } from './run-watched.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-watched-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Longer than this in silence is stuck; a busy machine may take some of it to begin. Seconds. */
const SILENCE = 12;

/** Vitest on a file that is blocked after a while, and on one that takes as long and tells of it. */
const FILES = {
  'long.test.mjs': `
    import { writeFileSync } from 'node:fs';
    const pause = () => new Promise((done) => setTimeout(done, 2_000));
    test.each([1, 2, 3, 4, 5, 6, 7])('takes its time', pause);
    test('ends', () => writeFileSync('ended', ''));`,
  'stuck.test.mjs': `
    import { spawn } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    test('takes its time', () => new Promise((done) => setTimeout(done, 4_000)));
    test('waits for itself', async () => {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)']);
      writeFileSync('pids', process.pid + ' ' + child.pid);
      await new Promise((done) => setTimeout(done, 500));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`,
};

/** Of these processes, the states of those that go on. What has ended and waits for its parent has a Z. */
const statesOf = (/** @type {readonly number[]} */ pids) =>
  spawnSync('ps', ['-o', 'stat=', '-p', pids.join()], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((state) => state !== '' && !state.startsWith('Z'));

test('a worker whose thread is blocked ends the run, is named, and leaves nothing that runs', async () => {
  for (const [name, text] of Object.entries(FILES))
    writeFileSync(join(folder, name), text.replace(/'(pids|ended)'/, `'${folder}/$1'`));
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const args = ['--root', folder, '--globals', '--maxWorkers', '2', '--silent'];
  const status = await runWatched(args, folder, SILENCE);

  expect(status).not.toBe(0);
  const text = told.mock.calls.flat().join('\n');
  // Which test it is at comes along most of the time: a worker tells what has begun a little later.
  expect(text).toContain('stuck.test.mjs');
  expect(text).not.toContain('long.test.mjs');
  expect(existsSync(join(folder, 'ended'))).toBe(true);
  const pids = readFileSync(join(folder, 'pids'), 'utf8').split(' ').map(Number);
  expect(pids).toHaveLength(2);
  await expect.poll(() => statesOf(pids), { timeout: 10_000 }).toEqual([]);
}, 120_000);
