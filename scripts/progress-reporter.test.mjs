// @ts-check
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import ProgressReporter from './progress-reporter.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tessera-progress-'));
  vi.stubEnv('TESSERA_TEST_PROGRESS', join(folder, 'progress.json'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const running = () => JSON.parse(readFileSync(join(folder, 'progress.json'), 'utf8'));

/** As much of them as the reporter looks at. */
const module = /** @type {import('vitest/node').TestModule} */ ({ moduleId: 'one.test.ts' });
const testCase = /** @type {import('vitest/node').TestCase} */ ({ module, fullName: 'is good' });

test('a file runs from its start to its end, with the test that it is at', () => {
  const reporter = new ProgressReporter();
  reporter.onTestModuleStart(module);
  expect(running()).toMatchObject([{ path: 'one.test.ts' }]);
  reporter.onTestCaseReady(testCase);
  expect(running()).toMatchObject([{ path: 'one.test.ts', test: 'is good' }]);
  reporter.onTestCaseResult(testCase);
  expect(running()[0]).not.toHaveProperty('test');
  reporter.onTestModuleEnd(module);
  expect(running()).toEqual([]);
});

test('what is told of a file after its end does not make it run again', () => {
  const reporter = new ProgressReporter();
  reporter.onTestModuleStart(module);
  reporter.onTestModuleEnd(module);
  reporter.onTestCaseResult(testCase);
  expect(running()).toEqual([]);
});

test('a result that comes after the next test has begun does not hide that one', () => {
  const reporter = new ProgressReporter();
  const next = /** @type {import('vitest/node').TestCase} */ ({ module, fullName: 'is next' });
  reporter.onTestCaseReady(testCase);
  reporter.onTestCaseReady(next);
  reporter.onTestCaseResult(testCase);
  expect(running()).toMatchObject([{ path: 'one.test.ts', test: 'is next' }]);
});
