// @ts-check
import { spawn } from 'node:child_process';
import { install, ROOT, requireNode } from './prepare.mjs';

/* `npm run check`: everything that can be known without running the product. */

/** What is asked, and the command that answers. Types come first: others read what they build. */
const CHECKS = /** @type {const} */ ([
  ['types', 'node_modules/typescript/bin/tsc', '-b'],
  ['format and lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
  ['lint with types', 'node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
  ['layers', 'scripts/check-layers.mjs'],
  ['specifications', 'scripts/check-specifications.mjs'],
  ['unused code', 'node_modules/knip/bin/knip.js', '--no-progress'],
  ['OpenAPI', 'node_modules/@redocly/cli/bin/cli.js', 'lint', 'docs/openapi.json'],
  ['dependencies', 'scripts/check-dependencies.mjs'],
]);

requireNode();
await install('everything');

/** @type {string[]} */
const failed = [];
for (const [name, ...command] of CHECKS) {
  const { seconds, status, output } = await ask(command);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
  if (status === 0) continue;
  failed.push(name);
  console.log(output.trimEnd());
}
console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

/**
 * @param {readonly string[]} command a script of Node and its arguments
 * @returns {Promise<{ seconds: number, status: number, output: string }>}
 */
function ask(command) {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Redocly would otherwise look for its newest version and tell about its use.
      env: {
        ...process.env,
        REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
        REDOCLY_TELEMETRY: 'off',
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ seconds: (performance.now() - started) / 1000, status: code ?? 1, output }),
    );
  });
}
