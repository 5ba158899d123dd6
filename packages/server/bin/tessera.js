#!/usr/bin/env node
// @ts-check
import module from 'node:module';
import v8 from 'node:v8';
import { findEntry } from './entry.js';

const entry = findEntry();

// Node.js 22 and newer keep what they compiled: the next start is faster.
if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function')
  module.enableCompileCache();

// Loading makes much garbage once: room for young objects that grew for it would stay as large.
// The server lets it grow again as soon as it listens.
v8.setFlagsFromString('--semi-space-growth-factor=1');

if (entry !== undefined) {
  await import(entry.href);
} else {
  process.stderr.write(
    'tessera: this copy has not been built yet\n' +
      'Build it: npm run build, in the folder of the repository.\n',
  );
  process.exitCode = 1;
}
