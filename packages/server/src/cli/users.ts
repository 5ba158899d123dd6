import { Option } from 'commander';
import type { CommandGroup } from './command.ts';
import { findUserId } from './find-by-name.ts';
import { type Asked, routeCommand } from './route-command.ts';
import { readSecret } from './secret-files.ts';
import { SECRET_FILE_OPTION, showSecret } from './show-secret.ts';

const byName = async (asked: Asked): Promise<Partial<Asked>> => ({
  params: { ...asked.params, userId: await findUserId(asked, asked.params['userId'] ?? '') },
});

const PASSWORD_FILE_OPTION = new Option(
  '--password-file <path>',
  'read the password from a file, - for standard input',
);

async function withPassword(asked: Asked): Promise<Partial<Asked>> {
  const { terminal, flags, body } = asked;
  const file = flags['passwordFile'];
  if (typeof file !== 'string') return {};
  const flag = '--password-file';
  const password = await readSecret(terminal, { file, question: 'Password', flag });
  return { body: { ...body, password } };
}

export const USER_COMMANDS: CommandGroup = {
  name: 'user',
  summary: 'People: application owners, resource owners and administrators',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listUsers',
      columns: ['userName', 'givenName', 'familyName', 'email', 'roles', 'enabled', 'id'],
      examples: ['tessera user list --realm alpha', 'tessera user list --search ada'],
    }),
    routeCommand({
      name: 'get',
      route: 'findUser',
      prepare: byName,
      examples: ['tessera user get ada'],
    }),
    routeCommand({
      name: 'create',
      route: 'createUser',
      bodyOperand: { member: 'userName', required: true },
      options: [PASSWORD_FILE_OPTION],
      prepare: withPassword,
      examples: [
        'tessera user create ada --given-name Ada --family-name Lovelace --email ada@example.com',
        'tessera user create ops --role administrator --realm root --password-file ./password',
      ],
    }),
    routeCommand({
      name: 'update',
      route: 'updateUser',
      prepare: byName,
      examples: [
        'tessera user update ada --email ada@example.com',
        'tessera user update ada --no-role',
      ],
    }),
    routeCommand({
      name: 'delete',
      route: 'deleteUser',
      prepare: byName,
      destroys: () => 'The user is deleted.',
      examples: ['tessera user delete ada'],
    }),
    routeCommand({
      name: 'set-password',
      route: 'setPassword',
      summary: 'Set the password of a user, or have one made',
      options: [PASSWORD_FILE_OPTION, SECRET_FILE_OPTION],
      prepare: async (asked) => ({ ...(await byName(asked)), ...(await withPassword(asked)) }),
      present: (invocation, answer) => showSecret(invocation, answer, ['password'], 'password'),
      examples: [
        'tessera user set-password ada',
        'tessera user set-password ada --password-file - --no-one-time < password',
      ],
    }),
  ],
};
