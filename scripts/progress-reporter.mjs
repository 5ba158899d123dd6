// @ts-check
import { renameSync, writeFileSync } from 'node:fs';

/**
 * Says in the file that TESSERA_TEST_PROGRESS names which test files run, and since when each has told
 * nothing: a worker that is stuck cannot say so itself.
 *
 * @typedef {import('vitest/node').Reporter} Reporter
 * @implements {Reporter}
 */
export default class ProgressReporter {
  /** @type {Map<string, { test: string | undefined, since: number }>} */
  #running = new Map();

  /** What is told of a file after its end came late. @type {Set<string>} */
  #ended = new Set();

  /** @param {import('vitest/node').TestModule} module */
  onTestModuleQueued(module) {
    this.#tell(module);
  }

  /** @param {import('vitest/node').TestModule} module */
  onTestModuleStart(module) {
    this.#tell(module);
  }

  /** @param {import('vitest/node').TestCase} test */
  onTestCaseReady(test) {
    this.#tell(test.module, test.fullName);
  }

  /** @param {import('vitest/node').TestCase} test */
  onTestCaseResult(test) {
    // It may be told after the next one has begun.
    const at = this.#running.get(test.module.moduleId)?.test;
    this.#tell(test.module, at === test.fullName ? undefined : at);
  }

  /** @param {import('vitest/node').TestModule} module */
  onTestModuleEnd(module) {
    this.#ended.add(module.moduleId);
    this.#running.delete(module.moduleId);
    this.#write();
  }

  /**
   * @param {import('vitest/node').TestModule} module
   * @param {string} [test]
   */
  #tell({ moduleId }, test) {
    if (this.#ended.has(moduleId)) return;
    this.#running.set(moduleId, { test, since: Date.now() });
    this.#write();
  }

  /** In one step, because somebody reads it at any moment. */
  #write() {
    const file = process.env['TESSERA_TEST_PROGRESS'];
    if (file === undefined) return;
    const running = [...this.#running].map(([path, told]) => ({ path, ...told }));
    writeFileSync(`${file}.new`, JSON.stringify(running));
    renameSync(`${file}.new`, file);
  }
}
