import { Option } from 'commander';
import { callApi } from './call-api.ts';
import { claimOptions, hookOptions, readClaims, readHook, withMembers } from './claim-options.ts';
import { type CommandGroup, defineCommand, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { connect, realmOf } from './connection.ts';
import { findApiId } from './find-by-name.ts';
import { confirmByName } from './prompt.ts';
import { type Asked, routeCommand, YES_OPTION } from './route-command.ts';

const byIdentifier = async (asked: Asked): Promise<Partial<Asked>> => ({
  params: { ...asked.params, apiId: await findApiId(asked, asked.params['apiId'] ?? '') },
});

export const API_COMMANDS: CommandGroup = {
  name: 'api',
  summary: 'APIs: resource servers, their scopes and the tokens they take',
  commands: [
    routeCommand({
      name: 'list',
      route: 'listApis',
      columns: [
        'id',
        'name',
        'identifier',
        'tokenFormat',
        'accessTokenLifetime',
        'tokenBinding',
        'clients',
        'createdAt',
      ],
      examples: ['tessera api list --realm alpha'],
    }),
    routeCommand({
      name: 'get',
      route: 'findApi',
      prepare: byIdentifier,
      examples: ['tessera api get orders', 'tessera api get https://orders.example.com'],
    }),
    routeCommand({
      name: 'create',
      route: 'createApi',
      bodyOperand: { member: 'id', required: false },
      without: ['claims'],
      options: [...claimOptions(false), ...hookOptions(false)],
      prepare: async (asked) => ({ body: withMembers(asked, readClaims, readHook) }),
      examples: [
        'tessera api create orders --identifier https://orders.example.com --name Orders --scope "orders:read orders:write"',
        'tessera api create stock --identifier https://stock.example.com --name Stock --claim "team={{client.attributes.team|nobody}}"',
      ],
    }),
    routeCommand({
      name: 'update',
      route: 'updateApi',
      without: ['claims'],
      options: [...claimOptions(true), ...hookOptions(true)],
      prepare: async (asked) => ({
        ...(await byIdentifier(asked)),
        body: withMembers(asked, readClaims, readHook),
      }),
      examples: [
        'tessera api update orders --token-format opaque --access-token-lifetime 5m',
        'tessera api update orders --claims-hook https://claims.example.com/ --claims-hook-timeout 250',
      ],
    }),
    routeCommand({
      name: 'delete',
      route: 'deleteApi',
      prepare: byIdentifier,
      destroys: ({ query }) =>
        `The API is deleted${query['cascade'] === 'true' ? ' with its client grants' : ''}.`,
      examples: ['tessera api delete orders', 'tessera api delete orders --cascade --yes'],
    }),
  ],
};

// ---------------------------------------------------------------------------------------------

type ScopeFlags = { readonly description?: string; readonly yes?: boolean };

async function readApi(invocation: Invocation<ScopeFlags>) {
  const { terminal, flags, operands } = invocation;
  const connection = connect(terminal, flags);
  const place = { terminal, connection, params: { realm: realmOf(connection) } };
  const params = { ...place.params, apiId: await findApiId(place, operands[0] ?? '') };
  const { value, etag } = await callApi(terminal, connection, 'findApi', { params });
  return {
    api: value,
    keep: async (scopes: typeof value.scopes): Promise<void> => {
      const given = { params, body: { scopes }, ifMatch: etag };
      const changed = await callApi(terminal, connection, 'updateApi', given);
      invocation.report(changed.value.scopes);
    },
  };
}

export const SCOPE_COMMANDS: CommandGroup = {
  name: 'scope',
  summary: 'Scopes of an API',
  commands: [
    defineCommand<ScopeFlags>({
      name: 'list',
      summary: 'List the scopes of an API',
      operands: '<api>',
      examples: ['tessera scope list orders'],
      async run(invocation) {
        invocation.report((await readApi(invocation)).api.scopes);
      },
    }),
    defineCommand<ScopeFlags>({
      name: 'add',
      summary: 'Add a scope to an API, or describe one anew',
      operands: '<api> <scope>',
      options: [new Option('--description <text>', 'what it permits')],
      examples: ['tessera scope add orders orders:read --description "Read orders"'],
      async run(invocation) {
        const { api, keep } = await readApi(invocation);
        const name = invocation.operands[1] ?? '';
        const known = api.scopes.find((scope) => scope.name === name);
        const description = invocation.flags.description ?? known?.description ?? '';
        const others = api.scopes.filter((scope) => scope.name !== name);
        await keep([...others, { name, description }]);
      },
    }),
    defineCommand<ScopeFlags>({
      name: 'remove',
      summary: 'Remove a scope from an API',
      description: 'It is no longer granted, whatever client grants say.',
      operands: '<api> <scope>',
      options: [YES_OPTION],
      examples: ['tessera scope remove orders orders:read'],
      async run(invocation) {
        const { api, keep } = await readApi(invocation);
        const name = invocation.operands[1] ?? '';
        if (!api.scopes.some((scope) => scope.name === name))
          throw new CommandFailure(
            'not-found',
            `API ${api.id} has no scope ${JSON.stringify(name)}`,
            `See which there are: tessera scope list ${api.id}.`,
          );
        const what = `Scope ${name} of API ${api.id} is removed.`;
        await confirmByName(invocation.terminal, what, name, invocation.flags.yes);
        await keep(api.scopes.filter((scope) => scope.name !== name));
      },
    }),
  ],
};
