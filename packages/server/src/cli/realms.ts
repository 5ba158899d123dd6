import type { CommandGroup } from './command.ts';
import { REALM_FILE_COMMANDS } from './realm-files.ts';
import { routeCommand } from './route-command.ts';

export const REALM_COMMANDS: CommandGroup = {
  name: 'realm',
  summary: 'Realms: tenants with their own issuer, clients, users, APIs and keys',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listRealms',
      columns: ['name', 'displayName', 'enabled', 'issuer', 'createdAt'],
      examples: ['tessera realm list', 'tessera realm list --search alp --output json'],
    }),
    routeCommand({ name: 'get', route: 'findRealm', examples: ['tessera realm get alpha'] }),
    routeCommand({
      name: 'addresses',
      route: 'findRealmAddresses',
      examples: ['tessera realm addresses alpha'],
    }),
    routeCommand({
      name: 'create',
      route: 'createRealm',
      bodyOperand: { member: 'name', required: true },
      examples: ['tessera realm create alpha --display-name "Team Alpha"'],
    }),
    routeCommand({
      name: 'update',
      route: 'updateRealm',
      examples: [
        'tessera realm update alpha --display-name "Team Alpha"',
        'tessera realm update alpha --no-enabled',
      ],
    }),
    routeCommand({
      name: 'delete',
      route: 'deleteRealm',
      without: ['confirm'],
      prepare: async ({ params }) => ({ query: { confirm: params['realm'] } }),
      destroys: ({ params }) => `Realm ${params['realm']} is deleted with everything in it.`,
      examples: ['tessera realm delete alpha', 'tessera realm delete alpha --yes'],
    }),
    routeCommand({
      name: 'revoke-tokens',
      route: 'revokeTokensOfRealm',
      destroys: ({ params }) => `Every access token of realm ${params['realm']} becomes void.`,
      examples: ['tessera realm revoke-tokens alpha'],
    }),
    ...REALM_FILE_COMMANDS,
  ],
};
