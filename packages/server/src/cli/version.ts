import { readFileSync } from 'node:fs';
import { defineCommand } from './command.ts';
import { isRecord } from './output.ts';

/** From the package, two folders above this file in `src/` as in `dist/`. */
function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  const version = isRecord(manifest) ? manifest['version'] : undefined;
  return typeof version === 'string' ? version : 'unknown';
}

export const VERSION_COMMAND = defineCommand({
  name: 'version',
  summary: 'Print the versions of Tessera and of Node',
  local: true,
  examples: ['tessera version', 'tessera version --output json'],
  run({ terminal, report }) {
    report({ tessera: readVersion(), node: terminal.nodeVersion, platform: terminal.platform });
  },
});
