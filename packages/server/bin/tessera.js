#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/cli/index.js', import.meta.url);

if (existsSync(entry)) {
  await import(entry.href);
} else {
  console.error('tessera: this copy has not been built yet');
  console.error('Build it first: npm run build, in the folder of the repository.');
  process.exitCode = 1;
}
