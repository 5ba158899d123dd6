import { Option } from 'commander';
import { type Answer, USAGE_TOP_MAX } from '../contract/index.ts';
import { callApi } from './call-api.ts';
import { defineCommand, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { type Connection, connect, realmOf } from './connection.ts';
import { readSpan, SINCE_OPTION, UNTIL_OPTION } from './span.ts';

type UsageFlags = {
  readonly client?: string;
  readonly by: 'hour' | 'day' | 'client';
  readonly since?: string;
  readonly until?: string;
  readonly top?: string;
};

type Usage = Answer<'listUsage'>;

export const USAGE_COMMAND = defineCommand<UsageFlags>({
  name: 'usage',
  summary: 'How many tokens a realm or a client was issued, and what is left of its quotas',
  description:
    'reused: answers with a token that an earlier request had been given.\n' +
    'refused: requests of authenticated clients that got no token.\n' +
    'wasted: issued while an identical token had more than half of its life left; such a client\n' +
    'should keep its token until shortly before it expires.',
  options: [
    new Option('--client <client-id>', 'of this client alone'),
    new Option('--by <what>', 'a row for each hour or day of UTC, or for each client')
      .choices(['hour', 'day', 'client'])
      .default('hour'),
    SINCE_OPTION,
    UNTIL_OPTION,
    new Option('--top <number>', `with --by client: how many, up to ${USAGE_TOP_MAX}`),
  ],
  examples: [
    'tessera usage --realm alpha',
    'tessera usage --client myClient --by day --since 30d',
    'tessera usage --by client --since 24h --top 10',
  ],
  async run(invocation) {
    const { terminal, flags } = invocation;
    const connection = connect(terminal, flags);
    if (flags.by === 'client') return showClients(invocation, connection);
    if (flags.top !== undefined)
      throw new CommandFailure('usage', '--top goes with --by client', 'Leave --top out.');
    const query = { by: flags.by, ...readSpan(terminal, flags) };
    const params = { realm: realmOf(connection) };
    const { client: clientId } = flags;
    const { value } =
      clientId === undefined
        ? await callApi(terminal, connection, 'listUsage', { params, query })
        : await callApi(terminal, connection, 'listUsageOfClient', {
            params: { ...params, clientId },
            query,
          });
    showUsage(invocation, value);
  },
});

async function showClients(
  { terminal, flags, report }: Invocation<UsageFlags>,
  connection: Connection,
): Promise<void> {
  if (flags.client !== undefined)
    throw new CommandFailure(
      'usage',
      '--by client compares clients, and --client names one',
      'Leave one of them out.',
    );
  const { value } = await callApi(terminal, connection, 'listUsageByClient', {
    params: { realm: realmOf(connection) },
    query: { ...readSpan(terminal, flags), top: flags.top },
  });
  report(value);
}

/** Where a person reads: the rows, their sum, and the quotas. */
function showUsage({ flags, report, terminal }: Invocation<UsageFlags>, usage: Usage): void {
  if ((flags.output ?? 'table') !== 'table') {
    report(usage);
    return;
  }
  report(usage.items);
  terminal.output.write('\n');
  report({ total: usage.total });
  if (usage.quotas.length === 0) return;
  terminal.output.write('\n');
  report(usage.quotas, { columns: ['of', 'span', 'mode', 'limit', 'issued', 'endsAt'] });
}
