import { Option } from 'commander';
import { type CommandGroup, defineCommand } from './command.ts';
import { describeSettings, readSettings, readStrings } from './settings.ts';

export const CONFIG_COMMANDS: CommandGroup = {
  name: 'config',
  summary: 'Settings of the server on this machine, as the environment has them',
  commands: [
    defineCommand({
      name: 'check',
      summary: 'Check the settings and say everything that is wrong with them',
      local: true,
      examples: ['TESSERA_PUBLIC_URL=https://id.example.com tessera config check'],
      run({ terminal, note }) {
        readSettings(terminal);
        note('The settings are right.');
      },
    }),
    defineCommand({
      name: 'print',
      summary: 'Print every setting with its value and where that comes from; secrets never show',
      local: true,
      options: [new Option('--redacted', 'without secrets, as it always is')],
      examples: ['tessera config print --redacted', 'tessera config print --output json'],
      run({ terminal, report }) {
        report(describeSettings(readStrings(terminal, {}).strings));
      },
    }),
  ],
};
