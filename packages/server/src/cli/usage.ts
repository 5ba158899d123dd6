import { Option } from 'commander';
import { type Answer, USAGE_TOP_MAX } from '../contract/index.ts';
import { callApi } from './call-api.ts';
import { defineCommand, type Invocation } from './command.ts';
import { CommandFailure } from './command-failure.ts';
import { type Connection, connect, realmOf } from './connection.ts';
import { readSpan, SINCE_OPTION, UNTIL_OPTION } from './span.ts';

type UsageFlags = {
  readonly client?: string;
  readonly by: 'minute' | 'hour' | 'day' | 'client' | 'unused-client';
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
    new Option('--by <what>', 'a row for each minute, hour or day of UTC, or for each client')
      .choices(['minute', 'hour', 'day', 'client', 'unused-client'])
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
    if (flags.by === 'minute') return showMinutes(invocation, connection);
    if (flags.by === 'unused-client') return showUnused(invocation, connection);
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

/** Enabled clients that proved themselves by nothing for 90 days. */
async function showUnused(
  { terminal, flags, report }: Invocation<UsageFlags>,
  connection: Connection,
): Promise<void> {
  if (flags.client !== undefined || flags.since !== undefined || flags.until !== undefined)
    throw new CommandFailure(
      'usage',
      '--by unused-client shows the clients of a realm that were not used for 90 days',
      'Leave --client, --since and --until out.',
    );
  const items: Answer<'listUnusedClients'>['items'][number][] = [];
  let after: string | undefined;
  do {
    const { value } = await callApi(terminal, connection, 'listUnusedClients', {
      params: { realm: realmOf(connection) },
      query: { after },
    });
    items.push(...value.items);
    after = value.next ?? undefined;
  } while (after !== undefined);
  report(items);
}

/** The last hour: rates and how long answers took. */
async function showMinutes(
  { terminal, flags, report }: Invocation<UsageFlags>,
  connection: Connection,
): Promise<void> {
  if (flags.client !== undefined || flags.since !== undefined || flags.until !== undefined)
    throw new CommandFailure(
      'usage',
      '--by minute shows the last hour of a realm',
      'Leave --client, --since and --until out.',
    );
  const { value } = await callApi(terminal, connection, 'listTokenRates', {
    params: { realm: realmOf(connection) },
  });
  if ((flags.output ?? 'table') !== 'table') return report(value);
  report(
    value.items.map(({ at, issued, refused, p50, p99 }) => ({ at, issued, refused, p50, p99 })),
  );
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
