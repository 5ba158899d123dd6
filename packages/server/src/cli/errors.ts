import { Option } from 'commander';
import type { Answer } from '../contract/index.ts';
import { callApi } from './call-api.ts';
import { defineCommand } from './command.ts';
import { connect, realmOf } from './connection.ts';
import { readSpan, SINCE_OPTION, UNTIL_OPTION } from './span.ts';

type ErrorFlags = {
  readonly client?: string;
  readonly since?: string;
  readonly until?: string;
};

type Item = Answer<'listRefusals'>['items'][number];

/** Clients named in a row of the table. */
const NAMED_MAX = 3;

export const ERRORS_COMMAND = defineCommand<ErrorFlags>({
  name: 'errors',
  summary: 'What token requests were refused for, to whom it happened, and what to do',
  description:
    'Callers are told little, so that whoever probes learns nothing; this is the whole truth.\n' +
    'The last 24 hours, unless --since says otherwise; whole hours of UTC.',
  options: [new Option('--client <client-id>', 'of this client alone'), SINCE_OPTION, UNTIL_OPTION],
  examples: [
    'tessera errors --realm alpha',
    'tessera errors --client myClient --since 7d',
    'tessera errors --output json',
  ],
  async run({ terminal, flags, report }) {
    const connection = connect(terminal, flags);
    const params = { realm: realmOf(connection) };
    const query = readSpan(terminal, flags);
    const { client: clientId } = flags;
    const { value } =
      clientId === undefined
        ? await callApi(terminal, connection, 'listRefusals', { params, query })
        : await callApi(terminal, connection, 'listRefusalsOfClient', {
            params: { ...params, clientId },
            query,
          });
    if ((flags.output ?? 'table') === 'table') report(value.items.map(describe));
    else report(value);
  },
});

const describe = ({ cause, refused, lastAt, clientCount, clients, remedy }: Item) => {
  const named = clients
    .flatMap(({ clientId, details }) => (clientId === null ? [] : [nameOf(clientId, details)]))
    .slice(0, NAMED_MAX);
  const more = clientCount > named.length && named.length > 0 ? ' …' : '';
  return { cause, refused, lastAt, clients: named.join(', ') + more, remedy };
};

const nameOf = (clientId: string, { seconds }: Item['clients'][number]['details']): string =>
  typeof seconds === 'number' ? `${clientId} (${seconds} s)` : clientId;
