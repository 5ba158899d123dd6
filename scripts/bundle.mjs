// @ts-check
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLE, isBundled } from '../packages/server/bin/entry.js';

/*
 * The server in a few files instead of some nine hundred: it starts in less time and takes less
 * memory. Packages with machine code, and those that few need, stay what and where they are.
 */

const APART = [
  /^@node-rs\/argon2/,
  /^@photostructure\/sqlite/,
  /^pg(?:-.*)?$/,
  /^yaml$/,
  // Fastify would load them for schemas of routes and for tests without sockets.
  /^@fastify\/(?:ajv|fast-json-stringify)-compiler$/,
  /^light-my-request$/,
];

/** Does nothing when nothing was compiled since. */
export async function bundle() {
  if (isBundled()) return;
  const { rolldown } = await import('rolldown');
  const directory = fileURLToPath(BUNDLE);
  rmSync(directory, { recursive: true, force: true });
  const dist = fileURLToPath(new URL('..', BUNDLE));
  const bundled = await rolldown({
    input: {
      index: join(dist, 'cli/index.js'),
      'sqlite-worker': join(dist, 'storage/sqlite-worker.js'),
    },
    platform: 'node',
    external: APART,
  });
  await bundled.write({
    dir: directory,
    format: 'esm',
    sourcemap: true,
    // Names stay: an operator reads them in what a fault leaves in the log.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  });
  await bundled.close();
  for (const name of readdirSync(directory).filter((file) => file.endsWith('.js')))
    writeAscii(join(directory, name));
}

/**
 * Node keeps the text of what it runs, and one letter of another alphabet anywhere makes it take two
 * bytes for each. All of them are in strings, which mean the same when they are escaped.
 *
 * @param {string} file
 */
function writeAscii(file) {
  const text = readFileSync(file, 'utf8');
  const escaped = text.replace(
    /[^\0-\x7f]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (escaped !== text) writeFileSync(file, escaped);
}
