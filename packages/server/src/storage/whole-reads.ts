import type { NumericDate } from '@tessera/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { Revocation, RevocationPosition } from '../model/token.ts';
import type { Database } from './database.ts';
import { POSITIONED_HOLDER, POSITIONED_TOKEN, REVOCATION_POSITION } from './revocation-tables.ts';
import type { RowCodec } from './row-codec.ts';
import type { Row, Schema } from './schema.ts';
import type { Resource } from './tables.ts';

/** Every row of a resource, by realm, for what is held whole. */
export async function readByRealm<M>(
  { reader }: Database,
  { table, codec, key }: Resource<M>,
  order: RawBuilder<unknown> = sql`1`,
): Promise<ReadonlyMap<string, readonly M[]>> {
  const { rows } = await sql<Row>`
    select ${sql.join(codec.columns.map(({ name }) => sql.ref(name)))} from ${sql.table(table)}
    order by ${order}`.execute(reader);
  const byRealm = new Map<string, M[]>();
  for (const row of rows) {
    const model = codec.fromRow(row);
    const realm = String(key[0] === undefined ? '' : model[key[0]]);
    const known = byRealm.get(realm);
    if (known === undefined) byRealm.set(realm, [model]);
    else known.push(model);
  }
  return byRealm;
}

const PAGE = 10_000;

/** There may be very many: they come in pages, so that other reads get their turn. */
export const readUnexpiredRevocations = (
  database: Database,
  now: NumericDate,
): AsyncGenerator<Revocation> =>
  readUnexpired(database, 'revoked_tokens', POSITIONED_TOKEN, ['realm', 'jti'], now);

export const readUnexpiredHolders = (
  database: Database,
  now: NumericDate,
): AsyncGenerator<Revocation> =>
  readUnexpired(database, 'revoked_holders', POSITIONED_HOLDER, ['realm', 'client_id'], now);

/** The position of every realm: all before it is in what is read after. */
export async function readPositions({ reader }: Database): Promise<readonly RevocationPosition[]> {
  const { rows } = await sql<Row>`
    select realm, previous, position from revocation_positions`.execute(reader);
  return rows.map((row) => ({ ...REVOCATION_POSITION.fromRow(row), previous: 0 }));
}

async function* readUnexpired<M>(
  { reader }: Database,
  table: keyof Schema,
  codec: RowCodec<M>,
  key: readonly string[],
  now: NumericDate,
): AsyncGenerator<M> {
  const columns = sql.join(codec.columns.map(({ name }) => sql.ref(name)));
  const order = sql.join(key.map((name) => sql.ref(name)));
  let after: Row | undefined;
  do {
    const beyond: RawBuilder<unknown> =
      after === undefined ? sql`true` : sql`(${order}) > (${sql.join(valuesOf(after, key))})`;
    const { rows }: { readonly rows: readonly Row[] } = await sql<Row>`
      select ${columns} from ${sql.table(table)}
      where expires_at > ${now} and ${beyond}
      order by ${order} limit ${PAGE}`.execute(reader);
    for (const row of rows) yield codec.fromRow(row);
    after = rows.length === PAGE ? rows.at(-1) : undefined;
  } while (after !== undefined);
}

const valuesOf = (row: Row, names: readonly string[]) => names.map((name) => row[name] ?? null);
