import { type NumericDate, numericDate } from '@tessera/protocol';
import { sql } from 'kysely';
import type { ClientSummary, Store } from '../environment.ts';
import { formatBatch } from './batch.ts';
import type { BatchColumn, Database } from './database.ts';
import type { Row } from './schema.ts';

const ASKED: readonly BatchColumn[] = [{ name: 'client_id', type: 'text' }];
const DAY = 86_400;

/**
 * What a list shows of many clients: four statements, however many there are. Past the memory of
 * the node, which would otherwise forget the clients that tokens need for those that a list names.
 */
export const summarizeClients =
  ({ reader, dialect }: Database): Store['clients']['summarize'] =>
  async (realm, clientIds, now) => {
    const batch = dialect.tabulate(sql`${formatBatch(clientIds.map((id) => [id]))}`, ASKED);
    // `cross join`: SQLite looks up each of the batch, and never reads a whole table for fifty rows.
    const ofBatch = (table: string) => sql`${batch} as batch cross join ${sql.table(table)} as found
      where found.realm = ${realm} and found.client_id = batch.client_id`;
    const since = now - (now % DAY) - 6 * DAY;
    const [clients, credentials, grants, usage] = await Promise.all([
      sql<Row>`select found.client_id, enabled, authentication_method, revision
        from ${ofBatch('clients')}`.execute(reader),
      sql<Row>`select found.client_id, max(last_used_at) as last_used_at,
          min(case when expires_at > ${now} then expires_at end) as expires_at
        from ${ofBatch('credentials')} group by found.client_id`.execute(reader),
      sql<Row>`select found.client_id, api_id from ${ofBatch('client_grants')}
        order by found.client_id, api_id`.execute(reader),
      // Grouped by position: to PostgreSQL the same words with other parameters are not the same.
      sql<Row>`select found.client_id, (hour - ${since}) / ${DAY} as day,
          cast(sum(issued + reused) as bigint) as answered
        from ${ofBatch('token_usage')} and hour >= ${since}
        group by 1, 2`.execute(reader),
    ]);
    const uses = new Map(credentials.rows.map((row) => [String(row['client_id']), row]));
    const apis = gatherBy(grants.rows, (row) => String(row['api_id']));
    const days = gatherBy(
      usage.rows,
      (row) => [Number(row['day']), Number(row['answered'])] as const,
    );
    return new Map(
      clients.rows.map((row): [string, ClientSummary] => {
        const clientId = String(row['client_id']);
        const answered = new Map(days.get(clientId));
        return [
          clientId,
          {
            enabled: row['enabled'] === 1,
            authenticationMethod: String(
              row['authentication_method'],
            ) as ClientSummary['authenticationMethod'],
            revision: Number(row['revision']),
            apiIds: apis.get(clientId) ?? [],
            lastUsedAt: instantOf(uses.get(clientId)?.['last_used_at']),
            expiresAt: instantOf(uses.get(clientId)?.['expires_at']),
            answeredByDay: Array.from({ length: 7 }, (_, day) => answered.get(day) ?? 0),
          },
        ];
      }),
    );
  };

const instantOf = (value: unknown): NumericDate | undefined =>
  typeof value === 'number' ? numericDate(value) : undefined;

function gatherBy<T>(rows: readonly Row[], read: (row: Row) => T): ReadonlyMap<string, T[]> {
  const gathered = new Map<string, T[]>();
  for (const row of rows) {
    const id = String(row['client_id']);
    const known = gathered.get(id);
    if (known === undefined) gathered.set(id, [read(row)]);
    else known.push(read(row));
  }
  return gathered;
}
