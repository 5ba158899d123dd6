#!/usr/bin/env node
// @ts-check
import { existsSync } from 'node:fs';

const entry = new URL('../dist/cli/index.js', import.meta.url);

if (existsSync(entry)) {
  await import(entry.href);
} else {
  process.stderr.write(
    'tessera: this copy has not been built yet\n' +
      'Build it: npm run build, in the folder of the repository.\n',
  );
  process.exitCode = 1;
}
