import { numericDate } from '@tessera/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { Store } from '../environment.ts';
import type { RateDelta } from '../model/token-rates.ts';
import { type BatchValues, names, prepareBatch } from './batch.ts';
import type { BatchColumn, Database } from './database.ts';
import type { Row } from './schema.ts';

/** The columns of `token_rates` in their order. */
export const RATE_COLUMNS: readonly BatchColumn[] = [
  { name: 'realm', type: 'text' },
  { name: 'minute', type: 'integer' },
  { name: 'latency', type: 'integer' },
  { name: 'issued', type: 'integer' },
  { name: 'refused', type: 'integer' },
];

export const RATE_KEY = ['realm', 'minute', 'latency'] as const;

/** Adds to what is there, in the order of the key, as for usage. */
const addTo = (batch: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into token_rates (${names(RATE_COLUMNS)})
  select batch.realm, batch.minute, batch.latency, sum(batch.issued), sum(batch.refused)
  from ${batch} as batch
  where exists (select 1 from realms where realms.name = batch.realm)
  group by 1, 2, 3
  order by 1, 2, 3
  on conflict (realm, minute, latency) do update set
    issued = token_rates.issued + excluded.issued,
    refused = token_rates.refused + excluded.refused`;

export function prepareRates(
  database: Database,
): (deltas: readonly RateDelta[]) => Promise<unknown> {
  const write = prepareBatch(database, RATE_COLUMNS, addTo);
  const valuesOf = ({ realm, minute, latency, issued, refused }: RateDelta): BatchValues => [
    realm,
    minute,
    latency,
    issued,
    refused,
  ];
  return (deltas) => write(database.writer, deltas.map(valuesOf));
}

export const readRates = ({ reader }: Database): Store['rates'] => ({
  async list(realm, since, until) {
    const { rows } = await sql<Row>`
      select minute, latency, issued, refused from token_rates
      where realm = ${realm} and minute >= ${since} and minute < ${until}
      order by minute, latency`.execute(reader);
    return rows.map((row) => ({
      minute: numericDate(Number(row['minute'])),
      latency: Number(row['latency']),
      issued: Number(row['issued']),
      refused: Number(row['refused']),
    }));
  },
});
