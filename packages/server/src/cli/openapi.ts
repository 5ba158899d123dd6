import { describeAdminApi } from '../contract/index.ts';
import { defineCommand } from './command.ts';

export const OPENAPI_COMMAND = defineCommand({
  name: 'openapi',
  summary: 'Print the OpenAPI 3.1 document of the administration API of this version',
  local: true,
  examples: ['tessera openapi > openapi.json', 'tessera openapi --output yaml'],
  run({ flags, report, terminal }) {
    const document = describeAdminApi();
    // As a table it would be of no use to anybody.
    if (flags.output === undefined) terminal.output.write(`${JSON.stringify(document, null, 2)}\n`);
    else report(document);
  },
});
