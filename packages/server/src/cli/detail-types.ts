import { Option } from 'commander';
import { callApi } from './call-api.ts';
import { type CommandGroup, defineCommand, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { connect, realmOf } from './connection.ts';
import { findApiId } from './find-by-name.ts';
import { confirmByName } from './prompt.ts';
import { readBodyFile, YES_OPTION } from './route-command.ts';

type TypeFlags = { readonly file?: string; readonly description?: string; readonly yes?: boolean };

async function readTypes(invocation: Invocation<TypeFlags>) {
  const { terminal, flags, operands } = invocation;
  const connection = connect(terminal, flags);
  const place = { terminal, connection, params: { realm: realmOf(connection) } };
  const params = { ...place.params, apiId: await findApiId(place, operands[0] ?? '') };
  const { value, etag } = await callApi(terminal, connection, 'findApi', { params });
  return {
    apiId: value.id,
    types: value.authorizationDetailTypes,
    keep: async (authorizationDetailTypes: typeof value.authorizationDetailTypes) => {
      const given = { params, body: { authorizationDetailTypes }, ifMatch: etag };
      const changed = await callApi(terminal, connection, 'updateApi', given);
      invocation.report(changed.value.authorizationDetailTypes);
    },
  };
}

export const DETAIL_TYPE_COMMANDS: CommandGroup = {
  name: 'detail-type',
  summary: 'Types of authorization details of an API, and their schemas',
  commands: [
    defineCommand<TypeFlags>({
      name: 'list',
      summary: 'List the types of authorization details of an API',
      operands: '<api>',
      examples: ['tessera detail-type list orders'],
      async run(invocation) {
        invocation.report((await readTypes(invocation)).types);
      },
    }),
    defineCommand<TypeFlags>({
      name: 'add',
      summary: 'Add a type of authorization details to an API, or replace its schema',
      operands: '<api> <type>',
      options: [
        new Option(
          '-f, --file <path>',
          'read its JSON Schema from a JSON or YAML file, - for standard input',
        ).makeOptionMandatory(),
        new Option('--description <text>', 'what it permits'),
      ],
      examples: ['tessera detail-type add orders order_placement --file order-placement.json'],
      async run(invocation) {
        const { terminal, flags, operands } = invocation;
        const schema = await readBodyFile(terminal, flags.file ?? '-');
        const { types, keep } = await readTypes(invocation);
        const type = operands[1] ?? '';
        const known = types.find((one) => one.type === type);
        const description = flags.description ?? known?.description ?? '';
        await keep([...types.filter((one) => one !== known), { type, description, schema }]);
      },
    }),
    defineCommand<TypeFlags>({
      name: 'remove',
      summary: 'Remove a type of authorization details from an API',
      description: 'It is no longer granted, whatever client grants say.',
      operands: '<api> <type>',
      options: [YES_OPTION],
      examples: ['tessera detail-type remove orders order_placement'],
      async run(invocation) {
        const { apiId, types, keep } = await readTypes(invocation);
        const type = invocation.operands[1] ?? '';
        if (!types.some((one) => one.type === type))
          throw new CommandFailure(
            'not-found',
            `API ${apiId} has no type ${JSON.stringify(type)}`,
            `See which there are: tessera detail-type list ${apiId}.`,
          );
        const what = `Type ${type} of API ${apiId} is removed.`;
        await confirmByName(invocation.terminal, what, type, invocation.flags.yes);
        await keep(types.filter((one) => one.type !== type));
      },
    }),
  ],
};
