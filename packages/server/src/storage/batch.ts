import { CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely';
import { storableText } from './bind-value.ts';
import type { BatchColumn, Database } from './database.ts';
import type { RowCodec } from './row-codec.ts';
import type { Row, Schema, SqlValue } from './schema.ts';

/** One row of a batch, in the order of its columns. */
export type BatchValues = readonly SqlValue[];

/** Writes a batch, in a transaction or as one of its own: the rows that it returns, if any. */
export type WriteBatch = (
  db: Kysely<Schema>,
  batch: readonly BatchValues[],
) => Promise<readonly Row[]>;

/** Compiles a statement once; each batch is one parameter of it, however many rows it has. */
export function prepareBatch(
  { dialect, writer }: Pick<Database, 'dialect' | 'writer'>,
  columns: readonly BatchColumn[],
  build: (batch: RawBuilder<unknown>) => RawBuilder<unknown>,
): WriteBatch {
  const text = build(dialect.tabulate(sql`${null}`, columns)).compile(writer).sql;
  return async (db, batch) => {
    if (batch.length === 0) return [];
    return (await db.executeQuery<Row>(CompiledQuery.raw(text, [formatBatch(batch)]))).rows;
  };
}

/** The plain statement: every row as it is, but for those that are there already. */
export const insertInto =
  (table: keyof Schema, columns: readonly BatchColumn[]) =>
  (batch: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`
    insert into ${sql.table(table)} (${names(columns)})
    select ${names(columns)} from ${batch} as batch where true
    on conflict do nothing`;

export const batchColumns = ({ columns }: Pick<RowCodec<never>, 'columns'>): BatchColumn[] =>
  columns.map(({ name, kind }) => ({
    name,
    type: kind === 'integer' || kind === 'boolean' ? 'integer' : 'text',
  }));

export const names = (columns: readonly BatchColumn[], of?: string): RawBuilder<unknown> =>
  sql.join(columns.map(({ name }) => sql.ref(of === undefined ? name : `${of}.${name}`)));

/** In JSON the unstorable characters hide behind escapes, and PostgreSQL finds them there. */
export function formatBatch(batch: readonly BatchValues[]): string {
  const json = JSON.stringify(batch);
  if (!UNSTORABLE_ESCAPE.test(json)) return json;
  return JSON.stringify(
    batch.map((row) =>
      row.map((value) => (typeof value === 'string' ? storableText(value) : value)),
    ),
  );
}

const UNSTORABLE_ESCAPE = /\\u(?:0000|d[89a-f])/;
