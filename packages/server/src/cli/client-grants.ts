import { Option } from 'commander';
import { callApi } from './call-api.ts';
import { type CommandGroup, defineCommand } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { connect, realmOf } from './connection.ts';
import { findApiId } from './find-by-name.ts';
import { type Asked, routeCommand } from './route-command.ts';

const byIdentifier = async (asked: Asked): Promise<Partial<Asked>> => ({
  params: { ...asked.params, apiId: await findApiId(asked, asked.params['apiId'] ?? '') },
});

/** Longer lists are cut, and it is said that they are. */
const PAGES_MAX = 50;

export const CLIENT_GRANT_COMMANDS: CommandGroup = {
  name: 'grant',
  summary: 'Client grants: which client holds which scopes at which API',
  commands: [
    defineCommand<{ readonly client?: string; readonly api?: string }>({
      name: 'list',
      summary: 'List the client grants of a client, or at an API',
      options: [
        new Option('--client <client-id>', 'what this client holds'),
        new Option('--api <api>', 'who holds what at this API').conflicts('client'),
      ],
      examples: ['tessera grant list --client myClient', 'tessera grant list --api orders'],
      async run({ terminal, flags, report, note }) {
        const connection = connect(terminal, flags);
        const realm = realmOf(connection);
        const { client, api } = flags;
        if (client === undefined && api === undefined)
          throw new CommandFailure(
            'usage',
            'whose client grants?',
            'Name a client with --client or an API with --api.',
          );
        const place = { terminal, connection, params: { realm } };
        const apiId = api === undefined ? '' : await findApiId(place, api);
        const items: unknown[] = [];
        let after: string | undefined;
        let pages = 0;
        do {
          const query = { limit: '200', after };
          const { value } =
            client === undefined
              ? await callApi(terminal, connection, 'listGrantsOfApi', {
                  params: { realm, apiId },
                  query,
                })
              : await callApi(terminal, connection, 'listGrantsOfClient', {
                  params: { realm, clientId: client },
                  query,
                });
          items.push(...value.items);
          after = value.next ?? undefined;
          pages++;
        } while (after !== undefined && pages < PAGES_MAX);
        report(
          { items },
          { columns: ['clientId', 'apiId', 'scopes', 'authorizationDetailTypes', 'createdAt'] },
        );
        if (after !== undefined) note(`There are more than ${items.length}.`);
      },
    }),
    routeCommand({
      name: 'clients',
      route: 'listClientsOfApi',
      prepare: byIdentifier,
      columns: ['clientId', 'name', 'enabled', 'scopes', 'authorizationDetailTypes'],
      examples: [
        'tessera grant clients orders --granted',
        'tessera grant clients orders --search report',
      ],
    }),
    routeCommand({
      name: 'set',
      route: 'setClientGrant',
      prepare: byIdentifier,
      examples: [
        'tessera grant set myClient orders --scope "orders:read orders:write"',
        'tessera grant set myClient orders --authorization-detail-type order_placement',
      ],
    }),
    routeCommand({
      name: 'remove',
      route: 'removeClientGrant',
      prepare: byIdentifier,
      destroys: ({ params }) =>
        `Client ${params['clientId']} loses everything at API ${params['apiId']}.`,
      examples: ['tessera grant remove myClient orders'],
    }),
  ],
};
