import { numericDate } from '@tessera/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { Store } from '../environment.ts';
import {
  REFUSED_CLIENTS_MAX,
  type RefusalDelta,
  type RefusalsOfClient,
  type RefusalsOfReason,
} from '../model/token-refusals.ts';
import { type BatchValues, names, prepareBatch } from './batch.ts';
import type { BatchColumn, Database } from './database.ts';
import type { Row } from './schema.ts';

/** The columns of `token_refusals` in their order. */
export const REFUSAL_COLUMNS: readonly BatchColumn[] = [
  { name: 'realm', type: 'text' },
  { name: 'hour', type: 'integer' },
  { name: 'reason', type: 'text' },
  { name: 'client_id', type: 'text' },
  { name: 'refused', type: 'integer' },
  { name: 'last_at', type: 'integer' },
  { name: 'details', type: 'text' },
];

export const REFUSAL_KEY = ['realm', 'hour', 'reason', 'client_id'] as const;

/** Details that are longer than this say nothing more. Characters of JSON. */
const DETAILS_LENGTH_MAX = 2_000;

/**
 * Adds to what is there. Only names of clients that there are become rows of their own; all else
 * that callers said they were is one row. In the order of the key, as for usage.
 */
const addTo = (batch: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into token_refusals (${names(REFUSAL_COLUMNS)})
  select batch.realm, batch.hour, batch.reason, coalesce(clients.client_id, ''),
    sum(batch.refused), max(batch.last_at),
    max(case when clients.client_id is null then '{}' else batch.details end)
  from ${batch} as batch
    join realms on realms.name = batch.realm
    left join clients on clients.realm = batch.realm and clients.client_id = batch.client_id
  where true
  group by 1, 2, 3, 4
  order by 1, 2, 3, 4
  on conflict (realm, hour, reason, client_id) do update set
    refused = token_refusals.refused + excluded.refused,
    details = case when excluded.last_at < token_refusals.last_at
      then token_refusals.details else excluded.details end,
    last_at = case when excluded.last_at < token_refusals.last_at
      then token_refusals.last_at else excluded.last_at end`;

export function prepareRefusals(
  database: Database,
): (deltas: readonly RefusalDelta[]) => Promise<unknown> {
  const write = prepareBatch(database, REFUSAL_COLUMNS, addTo);
  return (deltas) => write(database.writer, deltas.map(valuesOf));
}

function valuesOf(delta: RefusalDelta): BatchValues {
  const { realm, hour, reason, clientId, refused, lastAt } = delta;
  const details = JSON.stringify(delta.details);
  const kept = details.length <= DETAILS_LENGTH_MAX ? details : '{}';
  return [realm, hour, reason, clientId, refused, lastAt, kept];
}

export const readRefusals = ({ reader }: Database): Store['refusals'] => ({
  async list({ realm, clientId }, since, until) {
    const ofClient = clientId === undefined ? sql`` : sql`and client_id = ${clientId}`;
    const within = sql`realm = ${realm} and hour >= ${since} and hour < ${until} ${ofClient}`;
    const hours = await sql<Row>`
      select reason, hour, cast(sum(refused) as bigint) as refused from token_refusals
      where ${within} group by reason, hour order by reason, hour`.execute(reader);
    const clients = await sql<Row>`
      select ranked.reason, ranked.client_id, ranked.refused, ranked.last_at, ranked.clients,
        ranked.reason_last_at, latest.details
      from (
        select reason, client_id, cast(sum(refused) as bigint) as refused,
          max(last_at) as last_at, max(hour) as hour,
          row_number() over (partition by reason order by sum(refused) desc, client_id) as place,
          sum(case when client_id = '' then 0 else 1 end) over (partition by reason) as clients,
          max(max(last_at)) over (partition by reason) as reason_last_at
        from token_refusals where ${within} group by reason, client_id
      ) as ranked
      join token_refusals as latest on latest.realm = ${realm} and latest.hour = ranked.hour
        and latest.reason = ranked.reason and latest.client_id = ranked.client_id
      where ranked.place <= ${REFUSED_CLIENTS_MAX}
      order by ranked.reason, ranked.place`.execute(reader);
    return fold(hours.rows, clients.rows);
  },
});

function fold(hours: readonly Row[], clients: readonly Row[]): readonly RefusalsOfReason[] {
  const reasons = [...new Set(hours.map(({ reason }) => String(reason)))];
  const hoursOf = group(hours);
  const clientsOf = group(clients);
  return reasons
    .map((reason) => {
      const counted = (hoursOf.get(reason) ?? []).map((row) => ({
        at: numericDate(Number(row['hour'])),
        refused: Number(row['refused']),
      }));
      const of = clientsOf.get(reason) ?? [];
      return {
        reason,
        refused: counted.reduce((sum, { refused }) => sum + refused, 0),
        lastAt: numericDate(Number(of[0]?.['reason_last_at'])),
        clientCount: Number(of[0]?.['clients']),
        clients: of.map(describeClient),
        hours: counted,
      };
    })
    .sort((a, b) => b.refused - a.refused || b.lastAt - a.lastAt);
}

function group(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const reason = String(row['reason']);
    const found = groups.get(reason);
    if (found === undefined) groups.set(reason, [row]);
    else found.push(row);
  }
  return groups;
}

const describeClient = (row: Row): RefusalsOfClient => ({
  clientId: row['client_id'] === '' ? undefined : String(row['client_id']),
  refused: Number(row['refused']),
  lastAt: numericDate(Number(row['last_at'])),
  details: JSON.parse(String(row['details'])) as Record<string, unknown>,
});
