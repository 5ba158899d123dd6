// @ts-check
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLE, isBundled } from '../packages/server/bin/entry.js';

/*
 * The server in a few files instead of some nine hundred: it starts in less time and takes less
 * memory. Packages with machine code, and those that few need, stay what and where they are.
 */

const APART = [/^@node-rs\/argon2/, /^@photostructure\/sqlite/, /^pg(?:-.*)?$/, /^yaml$/];

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
  await bundled.write({ dir: directory, format: 'esm', sourcemap: true });
  await bundled.close();
}
