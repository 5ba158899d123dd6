import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

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
    // Two cores: a third worker would only make the time limits of the others unsure.
    maxWorkers: 2,
    projects: [
      // Pure functions share nothing, so their files may share a worker.
      project('protocol', 'packages/protocol', { isolate: false }),
      project('server', 'packages/server', { globalSetup: postgres }),
      project('client', 'packages/client'),
      project('resource-server', 'packages/resource-server'),
      project('examples', 'examples'),
      project('conformance', 'conformance', {
        globalSetup: postgres,
        exclude: ['**/node_modules/**', ...BESIDE_THE_SERVER],
      }),
      project('bench', 'bench'),
      project('scripts', 'scripts'),
    ],
  },
});
