import type { CommandGroup } from './command.ts';
import { routeCommand } from './route-command.ts';

export const NODE_COMMANDS: CommandGroup = {
  name: 'node',
  summary: 'The server itself: its nodes, versions and database',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listNodes',
      columns: ['name', 'state', 'version', 'startedAt', 'lastSeenAt', 'changesBehind', 'id'],
      examples: ['tessera node list', 'tessera node list --output json'],
    }),
    routeCommand({ name: 'system', route: 'findSystem', examples: ['tessera node system'] }),
  ],
};
