import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.ts';

/** A package's own tests run its source; what it depends on is used as built. */
function project(
  name: string,
  folder: string,
  test: TestProjectInlineConfiguration['test'] = {},
): TestProjectInlineConfiguration {
  return {
    extends: true,
    root: fileURLToPath(new URL(folder, import.meta.url)),
    test: { name, include: ['**/*.test.{ts,mjs}'], ...test },
  };
}

/**
 * Tests that mostly compute. Their files share a worker, which loads each module once: that is half
 * of their time. What a file changes for all of its process it therefore changes back.
 */
const unit = (
  name: string,
  folder: string,
  test: TestProjectInlineConfiguration['test'] = {},
): TestProjectInlineConfiguration =>
  project(name, folder, {
    isolate: false,
    // Two cores: a third worker would only make the time limits of the others unsure.
    maxWorkers: 2,
    sequence: { groupOrder: 0 },
    ...test,
  });

/** Starts one PostgreSQL for all test files that want one, and only if any of them runs. */
const postgres = fileURLToPath(new URL('packages/server/test/postgres.ts', import.meta.url));

/** Folders of conformance/ that test browsers and resource servers against the server. */
const BESIDE_THE_SERVER =
  process.env['TESSERA_TEST_SERVER_ALONE'] === undefined
    ? []
    : ['console/**', 'foreign-resource-servers/**', 'resource-server/**'];

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      unit('protocol', 'packages/protocol'),
      unit('server', 'packages/server', { globalSetup: postgres }),
      unit('client', 'packages/client'),
      unit('console', 'packages/console'),
      unit('resource-server', 'packages/resource-server'),
      unit('examples', 'examples'),
      unit('bench', 'bench'),
      unit('scripts', 'scripts'),
      project('conformance', 'conformance', {
        globalSetup: postgres,
        exclude: ['**/node_modules/**', ...BESIDE_THE_SERVER],
        // They wait most of the time: for a server to start, for a token to expire, for a browser.
        maxWorkers: 5,
        // What is waited for comes when the machine has time for it.
        expect: { poll: { timeout: 15_000, interval: 100 } },
        // A test may stop the server and wait for the next, which may each take as long as in world.ts.
        testTimeout: 60_000,
        sequence: { groupOrder: 1 },
      }),
    ],
  },
});
