import { claimOptions, readClaims, withMembers } from './claim-options.ts';
import type { CommandGroup } from './command.ts';
import { routeCommand } from './route-command.ts';

export const PROVIDER_COMMANDS: CommandGroup = {
  name: 'provider',
  summary: 'OAuth 2.0 settings of a realm: what holds unless an API or a client says otherwise',
  commands: [
    routeCommand({
      name: 'get',
      route: 'findProvider',
      examples: ['tessera provider get --realm alpha'],
    }),
    routeCommand({
      name: 'update',
      route: 'updateProvider',
      without: ['claims'],
      options: claimOptions(true),
      prepare: async (asked) => ({ body: withMembers(asked, readClaims) }),
      examples: [
        'tessera provider update --realm alpha --access-token-lifetime 15m',
        'tessera provider update --realm alpha --default-scope "read write"',
        'tessera provider update --realm alpha --claim environment=production',
      ],
    }),
  ],
};
