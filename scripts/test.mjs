// @ts-check
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, install, requireNode } from './prepare.mjs';
import { runWatched } from './run-watched.mjs';

/*
 * `npm test`: builds everything, tests included, and runs every test. Arguments go to vitest,
 * so `npm test -- packages/protocol` runs a part. The last line is `N passed, N failed`.
 */

requireNode();
await install('everything');

if ((await build()) !== 0) conclude(0, 1, 'The build failed, so no test could run.');

const folder = mkdtempSync(join(tmpdir(), 'tessera-test-'));
const report = join(folder, 'report.json');
const status = await runWatched(
  ['--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  folder,
);

const { passed, failed } = countResults(readReport());
rmSync(folder, { recursive: true });
if (passed + failed === 0) conclude(0, 1, 'No test ran.');
else if (failed === 0 && status !== 0)
  conclude(passed, 1, 'An error outside of the tests failed the run; it is above.');
else conclude(passed, failed);

/**
 * @param {number} passed
 * @param {number} failed
 * @param {string} [why]
 * @returns {never}
 */
function conclude(passed, failed, why) {
  if (why !== undefined) console.log(why);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

/** @typedef {{ status: string, assertionResults: readonly { status: string }[] }} FileResult */

/** @returns {readonly FileResult[]} */
function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8')).testResults;
  } catch {
    return [];
  }
}

/**
 * A file that failed without a failed test could not be loaded, or failed in a hook: it counts as
 * one failure, because its tests said nothing.
 *
 * @param {readonly FileResult[]} files
 */
function countResults(files) {
  const tests = files.flatMap((file) => file.assertionResults);
  const silent = files.filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length + silent.length,
  };
}
