import type { CommandGroup } from './command.ts';
import { routeCommand } from './route-command.ts';

const columns = ['kid', 'algorithm', 'state', 'signsFrom', 'publishedUntil', 'createdAt'];

export const SIGNING_KEY_COMMANDS: CommandGroup = {
  name: 'key',
  summary: 'Signing keys of a realm: published, signing, retired',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listSigningKeys',
      columns,
      examples: ['tessera key list --realm alpha'],
    }),
    routeCommand({
      name: 'rotate',
      route: 'rotateSigningKey',
      columns,
      examples: ['tessera key rotate --realm alpha', 'tessera key rotate --algorithm PS256'],
    }),
    routeCommand({
      name: 'retire',
      route: 'retireSigningKey',
      columns,
      examples: ['tessera key retire 3QyRzlFvJcEXAMPLE'],
    }),
    routeCommand({
      name: 'revoke',
      route: 'revokeSigningKey',
      destroys: ({ params }) => `Every token that key ${params['kid']} signed is void.`,
      examples: ['tessera key revoke 3QyRzlFvJcEXAMPLE --yes'],
    }),
  ],
};
