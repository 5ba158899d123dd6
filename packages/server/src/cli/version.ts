import { readVersion } from '../main.ts';
import { defineCommand } from './command.ts';

export const VERSION_COMMAND = defineCommand({
  name: 'version',
  summary: 'Print the versions of Tessera and of Node',
  local: true,
  examples: ['tessera version', 'tessera version --output json'],
  run({ terminal, report }) {
    report({ tessera: readVersion(), node: terminal.nodeVersion, platform: terminal.platform });
  },
});
