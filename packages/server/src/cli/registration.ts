import type { CommandGroup } from './command.ts';
import { routeCommand } from './route-command.ts';
import { SECRET_FILE_OPTION, showSecret } from './show-secret.ts';

export const REGISTRATION_COMMANDS: CommandGroup = {
  name: 'registration',
  summary: 'Clients that register themselves (RFC 7591)',
  commands: [
    {
      name: 'token',
      summary: 'Initial access tokens: each lets so many clients register themselves',
      commands: [
        routeCommand({
          name: 'list',
          route: 'listInitialAccessTokens',
          columns: ['label', 'status', 'uses', 'usesMax', 'scopes', 'expiresAt', 'id'],
          examples: ['tessera registration token list --realm alpha'],
        }),
        routeCommand({
          name: 'add',
          route: 'createInitialAccessToken',
          options: [SECRET_FILE_OPTION],
          present: (invocation, answer) =>
            showSecret(invocation, answer, ['token'], 'initialAccessToken'),
          examples: [
            'tessera registration token add --label fleet --uses-max 20 --expires-in 1d',
            'tessera registration token add --scope read --secret-file ./fleet.token',
          ],
        }),
        routeCommand({
          name: 'revoke',
          route: 'revokeInitialAccessToken',
          destroys: ({ params }) =>
            `The initial access token ${params['tokenId']} registers nobody any more.`,
          examples: ['tessera registration token revoke 0192f6c8-7c1e-7d2a-9a51-2f0f0d6f4c11'],
        }),
      ],
    },
  ],
};
