import { Option } from 'commander';
import { ADMIN_ROUTES } from '../contract/index.ts';
import { attributeOptions, readAttributes } from './claim-options.ts';
import type { CommandGroup } from './command.ts';
import { type Field, fieldsOf, optionsOf, readFields } from './fields.ts';
import { findApplicationId, findUserId } from './find-by-name.ts';
import { newSecretOptions, readNewSecret } from './new-secret.ts';
import { type Asked, routeCommand } from './route-command.ts';
import { SECRET_FILE_OPTION, showSecret } from './show-secret.ts';

const byName = async (asked: Asked): Promise<Partial<Asked>> => ({
  params: {
    ...asked.params,
    applicationId: await findApplicationId(asked, asked.params['applicationId'] ?? ''),
  },
});

/** Owners are told by their user names, and kept by their ids. */
async function withOwners(asked: Asked): Promise<Readonly<Record<string, unknown>>> {
  const { owners } = asked.body;
  if (!Array.isArray(owners)) return asked.body;
  const ids: string[] = [];
  for (const owner of owners) ids.push(await findUserId(asked, String(owner)));
  return { ...asked.body, owners: ids };
}

/** The client that is registered in the same step has flags of its own. */
const clientFields: readonly Field[] = fieldsOf(
  ADMIN_ROUTES.createApplication.body.shape.client.unwrap(),
);

const EXISTING_CLIENT_OPTION = new Option(
  '--existing-client <client-id>',
  'the client of the application, when it is registered already',
);

export const APPLICATION_COMMANDS: CommandGroup = {
  name: 'app',
  summary: 'Applications: a name, owners, and the client that acts for them',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listApplications',
      without: ['owner'],
      options: [new Option('--owner <user>', 'only applications of this user')],
      prepare: async (asked) => {
        const { owner } = asked.flags;
        if (typeof owner !== 'string') return {};
        return { query: { ...asked.query, owner: await findUserId(asked, owner) } };
      },
      columns: ['name', 'clientId', 'template', 'description', 'createdAt', 'id'],
      examples: ['tessera app list --realm alpha', 'tessera app list --owner ada'],
    }),
    routeCommand({
      name: 'overview',
      route: 'listApplicationSummaries',
      columns: ['name', 'clientId', 'enabled', 'authenticationMethod', 'lastUsedAt', 'expiresAt'],
      examples: [
        'tessera app overview --realm alpha',
        'tessera app overview --unused-since 2026-01-31 --output json',
      ],
    }),
    routeCommand({
      name: 'get',
      route: 'findApplication',
      prepare: byName,
      examples: ['tessera app get "Config Service"'],
    }),
    routeCommand({
      name: 'create',
      route: 'createApplication',
      bodyOperand: { member: 'name', required: true },
      without: ['clientId', 'client'],
      options: [
        ...optionsOf(clientFields, false),
        ...attributeOptions(false),
        EXISTING_CLIENT_OPTION,
        ...newSecretOptions(),
        SECRET_FILE_OPTION,
      ],
      async prepare(asked) {
        const body = await withOwners(asked);
        const { existingClient } = asked.flags;
        const client = {
          ...readFields(clientFields, asked.flags),
          ...readAttributes(asked.flags),
          ...(await readNewSecret(asked)),
        };
        return {
          body: {
            ...body,
            ...(typeof existingClient === 'string' && { clientId: existingClient }),
            ...(Object.keys(client).length > 0 && { client }),
          },
        };
      },
      present: (invocation, answer) =>
        showSecret(invocation, answer, ['secret', 'secret'], 'clientSecret'),
      examples: [
        'tessera app create "Nightly report" --owner ada --client-id nightly-report --scope write',
        'tessera app create "Nightly report" --existing-client nightly-report',
      ],
    }),
    routeCommand({
      name: 'update',
      route: 'updateApplication',
      prepare: async (asked) => ({ ...(await byName(asked)), body: await withOwners(asked) }),
      examples: ['tessera app update "Nightly report" --owner ada --owner grace'],
    }),
    routeCommand({
      name: 'delete',
      route: 'deleteApplication',
      prepare: byName,
      destroys: ({ query }) =>
        `The application is deleted${query['withClient'] === 'true' ? ' with its client' : ''}.`,
      examples: [
        'tessera app delete "Nightly report"',
        'tessera app delete "Nightly report" --with-client --yes',
      ],
    }),
  ],
};
