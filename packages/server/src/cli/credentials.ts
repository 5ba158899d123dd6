import { Option } from 'commander';
import type { CommandGroup } from './command.ts';
import { findSecret } from './find-by-name.ts';
import { type Asked, routeCommand } from './route-command.ts';
import { readSecret } from './secret-files.ts';
import { SECRET_FILE_OPTION, showSecret } from './show-secret.ts';

async function byLabel(asked: Asked): Promise<Partial<Asked>> {
  const { id, revision } = await findSecret(asked, asked.params['secretId'] ?? '');
  return { params: { ...asked.params, secretId: id }, revision };
}

export const SECRET_COMMANDS: CommandGroup = {
  name: 'secret',
  summary: 'Secrets of a client: several at a time, so that they can be replaced without a gap',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listSecrets',
      columns: [
        'label',
        'lastFour',
        'status',
        'origin',
        'expiresAt',
        'lastUsedAt',
        'createdAt',
        'id',
      ],
      examples: ['tessera client secret list myClient'],
    }),
    routeCommand({
      name: 'add',
      route: 'addSecret',
      options: [
        new Option(
          '--chosen-secret-file <path>',
          'a secret of your own instead of a generated one, which is better; - for standard input',
        ),
        SECRET_FILE_OPTION,
      ],
      async prepare({ terminal, flags, body }) {
        const file = flags['chosenSecretFile'];
        if (typeof file !== 'string') return {};
        const flag = '--chosen-secret-file';
        const secret = await readSecret(terminal, { file, question: 'Secret', flag });
        return { body: { ...body, secret } };
      },
      present: (invocation, answer) => showSecret(invocation, answer, ['secret'], 'clientSecret'),
      examples: [
        'tessera client secret add myClient --label ci --expires-in 90d',
        'tessera client secret add myClient --secret-file ./myClient.secret',
      ],
    }),
    routeCommand({
      name: 'rotate',
      route: 'rotateSecret',
      options: [SECRET_FILE_OPTION],
      present: (invocation, answer) => showSecret(invocation, answer, ['secret'], 'clientSecret'),
      examples: [
        'tessera client secret rotate myClient --overlap 24h --secret-file ./myClient.secret',
        'tessera client secret rotate myClient --overlap 0',
      ],
    }),
    routeCommand({
      name: 'update',
      route: 'updateSecret',
      prepare: byLabel,
      examples: [
        'tessera client secret update myClient ci --label build-server',
        'tessera client secret update myClient ci --expires-at 2027-01-31',
      ],
    }),
    routeCommand({
      name: 'revoke',
      route: 'revokeSecret',
      prepare: byLabel,
      destroys: ({ params }) => `The secret of client ${params['clientId']} stops working at once.`,
      examples: [
        'tessera client secret revoke myClient ci',
        'tessera client secret revoke myClient 4fXk --yes',
      ],
    }),
  ],
};
