import { Option } from 'commander';
import type { CommandGroup } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { parseDuration } from './durations.ts';
import { routeCommand } from './route-command.ts';

const listCommand = routeCommand({
  name: 'list',
  route: 'listExpiring',
  without: ['since', 'until'],
  options: [new Option('--within <duration>', 'only what ends by then: 30d, 2w, 12h')],
  prepare: async ({ terminal, flags, query }) => {
    const { within } = flags;
    if (typeof within !== 'string') return {};
    const span = parseDuration(within);
    if (span === undefined)
      throw new CommandFailure(
        'usage',
        `--within ${JSON.stringify(within)} is no duration`,
        'Give one such as 30d, 2w or 12h.',
      );
    return { query: { ...query, until: String(terminal.now() + span) } };
  },
  columns: ['endsAt', 'overdue', 'kind', 'name', 'clientId', 'application.name', 'cause'],
  examples: [
    'tessera expiring list --realm alpha',
    'tessera expiring list --within 30d --output json',
  ],
});

export const EXPIRING_COMMANDS: CommandGroup = {
  name: 'expiring',
  summary: 'What ends when: secrets, keys, certificates, authorities, signing keys',
  commands: [
    listCommand,
    routeCommand({
      name: 'months',
      route: 'countExpiring',
      examples: ['tessera expiring months --output yaml'],
    }),
  ],
};
