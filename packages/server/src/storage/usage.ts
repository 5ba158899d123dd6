import { numericDate } from '@tessera/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { Store } from '../environment.ts';
import {
  endOf,
  type IssuedTotals,
  startOf,
  type UsageCounts,
  type UsageDelta,
  type UsageOwner,
} from '../model/usage.ts';
import { type BatchValues, formatBatch, names, prepareBatch } from './batch.ts';
import type { BatchColumn, Database } from './database.ts';
import type { Row } from './schema.ts';

/** The columns of `token_usage` in their order. */
export const USAGE_COLUMNS: readonly BatchColumn[] = [
  { name: 'realm', type: 'text' },
  { name: 'client_id', type: 'text' },
  { name: 'hour', type: 'integer' },
  { name: 'issued', type: 'integer' },
  { name: 'reused', type: 'integer' },
  { name: 'refused', type: 'integer' },
  { name: 'wasted', type: 'integer' },
];

export const USAGE_KEY = ['realm', 'client_id', 'hour'] as const;

const COUNTS = ['issued', 'reused', 'refused', 'wasted'] as const;

/** Stands for all clients of a realm, whose sum would be a long one. No client has this id. */
const WHOLE_REALM = '';

/**
 * Adds to what is there, so that nodes need to know nothing of each other. In the order of the
 * key: two nodes that add to the same rows must not wait for each other.
 */
const addTo = (batch: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into token_usage (${names(USAGE_COLUMNS)})
  select ${names(USAGE_COLUMNS, 'batch')} from ${batch} as batch
  where exists (select 1 from realms where realms.name = batch.realm)
  order by batch.realm, batch.client_id, batch.hour
  on conflict (realm, client_id, hour) do update set ${sql.join(
    COUNTS.map(
      (name) => sql`${sql.ref(name)} = token_usage.${sql.ref(name)} + excluded.${sql.ref(name)}`,
    ),
  )}`;

/** One statement and one row for each client and hour, and one for its realm. */
export function prepareUsage(
  database: Database,
): (deltas: readonly UsageDelta[]) => Promise<unknown> {
  const write = prepareBatch(database, USAGE_COLUMNS, addTo);
  return (deltas) => write(database.writer, foldDeltas(deltas));
}

function foldDeltas(deltas: readonly UsageDelta[]): readonly BatchValues[] {
  const rows = new Map<string, [string, string, number, ...number[]]>();
  for (const { realm, clientId, hour, ...counts } of deltas)
    for (const owner of [clientId, WHOLE_REALM]) {
      const key = JSON.stringify([realm, owner, hour]);
      const row = rows.get(key) ?? [realm, owner, hour, 0, 0, 0, 0];
      rows.set(key, row);
      for (const [index, name] of COUNTS.entries())
        row[3 + index] = Number(row[3 + index]) + counts[name];
    }
  return [...rows.values()];
}

const ownerOf = ({ clientId = WHOLE_REALM }: UsageOwner): string => clientId;

/** How PostgreSQL is kept from counting in decimals. */
const sumOf = (name: string): RawBuilder<unknown> =>
  sql`cast(sum(${sql.ref(name)}) as bigint) as ${sql.ref(name)}`;
const SUMS = sql.join(COUNTS.map(sumOf));

const countsOf = (row: Row): UsageCounts => ({
  issued: Number(row['issued']),
  reused: Number(row['reused']),
  refused: Number(row['refused']),
  wasted: Number(row['wasted']),
});

export const readUsage = ({
  reader,
  dialect,
}: Database): Omit<Store['usage'], 'unusedClients'> => ({
  async list(owner, by, since, until) {
    const at = by === 'hour' ? sql`hour` : sql`hour - hour % 86400`;
    const { rows } = await sql<Row>`
      select ${at} as at, ${SUMS} from token_usage
      where realm = ${owner.realm} and client_id = ${ownerOf(owner)}
      and hour >= ${since} and hour < ${until}
      group by 1 order by 1`.execute(reader);
    return rows.map((row) => ({ at: numericDate(Number(row['at'])), ...countsOf(row) }));
  },
  async rank(realm, since, until, top) {
    const { rows } = await sql<Row>`
      select client_id, ${SUMS} from token_usage
      where realm = ${realm} and client_id <> ${WHOLE_REALM}
      and hour >= ${since} and hour < ${until}
      group by client_id order by 2 desc, client_id limit ${top}`.execute(reader);
    return rows.map((row) => ({ clientId: String(row['client_id']), ...countsOf(row) }));
  },
  async totals(owners, now) {
    if (owners.length === 0) return [];
    const asked = owners.map((owner) => [owner.realm, ownerOf(owner)]);
    const batch = dialect.tabulate(sql`${formatBatch(asked)}`, USAGE_COLUMNS.slice(0, 2));
    const hour = startOf('hour', now);
    const { rows } = await sql<Row>`
      select batch.realm as realm, batch.client_id as client_id,
        cast(sum(case when hour = ${hour} then issued else 0 end) as bigint) as in_hour,
        cast(sum(issued) as bigint) as in_day
      from ${batch} as batch join token_usage as counted
        on counted.realm = batch.realm and counted.client_id = batch.client_id
      where hour >= ${startOf('day', now)} and hour < ${endOf('day', now)}
      group by batch.realm, batch.client_id`.execute(reader);
    const found = new Map<string, IssuedTotals>();
    for (const { realm, client_id, in_hour, in_day } of rows)
      found.set(JSON.stringify([realm, client_id]), { hour: Number(in_hour), day: Number(in_day) });
    return asked.map((key) => found.get(JSON.stringify(key)) ?? { hour: 0, day: 0 });
  },
});
