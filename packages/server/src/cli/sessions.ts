import type { CommandGroup } from './command.ts';
import { findUserId } from './find-by-name.ts';
import { routeCommand } from './route-command.ts';

export const SESSION_COMMANDS: CommandGroup = {
  name: 'session',
  summary: 'Who is signed in: sessions of people',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listSessions',
      columns: ['userName', 'createdAt', 'lastSeenAt', 'expiresAt', 'address', 'id'],
      examples: ['tessera session list --realm root'],
    }),
    routeCommand({
      name: 'end',
      route: 'endSession',
      destroys: () => 'Whoever works with this session has to sign in again.',
      examples: ['tessera session end 0197f3a0-5c1e-7aa0-9c44-1f2f3c4d5e6f --yes'],
    }),
    routeCommand({
      name: 'end-all',
      route: 'endSessionsOfUser',
      prepare: async (asked) => ({
        params: { ...asked.params, userId: await findUserId(asked, asked.params['userId'] ?? '') },
      }),
      destroys: ({ params }) => `Every session of user ${params['userId']} ends.`,
      examples: ['tessera session end-all ada'],
    }),
  ],
};
