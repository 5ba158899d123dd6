import type { NumericDate } from '@tessera/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { RevokedToken } from '../model/token.ts';
import type { Database } from './database.ts';
import type { Row } from './schema.ts';
import { REVOKED_TOKEN, type Resource } from './tables.ts';

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
export async function* readUnexpiredRevocations(
  { reader }: Database,
  now: NumericDate,
): AsyncGenerator<RevokedToken> {
  let after: RevokedToken | undefined;
  do {
    const beyond: RawBuilder<unknown> =
      after === undefined ? sql`true` : sql`(realm, jti) > (${after.realm}, ${after.jti})`;
    const { rows }: { readonly rows: readonly Row[] } = await sql<Row>`
      select realm, jti, expires_at from revoked_tokens
      where expires_at > ${now} and ${beyond}
      order by realm, jti limit ${PAGE}`.execute(reader);
    const page = rows.map((row) => REVOKED_TOKEN.fromRow(row));
    yield* page;
    after = page.length === PAGE ? page.at(-1) : undefined;
  } while (after !== undefined);
}
