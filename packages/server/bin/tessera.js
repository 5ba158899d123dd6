#!/usr/bin/env node
// @ts-check
import { existsSync } from 'node:fs';
import module from 'node:module';

const entry = new URL('../dist/cli/index.js', import.meta.url);

// Node.js 22 and newer keep what they compiled: the next start is faster.
if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function')
  module.enableCompileCache();

if (existsSync(entry)) {
  await import(entry.href);
} else {
  process.stderr.write(
    'tessera: this copy has not been built yet\n' +
      'Build it: npm run build, in the folder of the repository.\n',
  );
  process.exitCode = 1;
}
