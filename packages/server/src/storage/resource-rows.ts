import type { NumericDate } from '@tessera/protocol';
import { CompiledQuery, type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { Table } from '../environment.ts';
import type { RevocationPosition } from '../model/token.ts';
import type { Change } from './changes.ts';
import type { Row, Schema, SqlValue } from './schema.ts';
import type { Resource } from './tables.ts';

/** A transaction, and what other nodes will have to forget because of it. */
export type Work = {
  readonly transaction: Transaction<Schema>;
  readonly changes: Change[];
  readonly now: NumericDate;
  /** Realms of which this commit voids tokens. Their positions are told last, when all is told. */
  readonly positions: Map<string, RevocationPosition>;
};

/** The statements of one resource, as text: they are the same for every row. */
type ResourceStatements = {
  readonly find: string;
  readonly insert: string;
  readonly update: string;
  readonly delete: string;
};

/**
 * One resource inside a transaction, for any number of transactions. What is written is added to
 * `changes`.
 */
export function prepareTable<M extends { readonly revision: number }>(
  resource: Resource<M>,
  db: Kysely<Schema>,
): (work: Work) => Table<M> {
  const statements = compileResource(resource, db);
  return (work) => tableOf(work, resource, statements);
}

function compileResource<M>(resource: Resource<M>, db: Kysely<Schema>): ResourceStatements {
  const { table, codec, derived } = resource;
  const name = sql.table(table);
  const columns = codec.columns.map((column) => column.name);
  const all = [...columns, ...Object.keys(derived)];
  const key = keyColumns(resource);
  const updated = updatedColumns(resource);
  const value = sql`${null}`;
  const assign = (column: string): RawBuilder<unknown> => sql`${sql.ref(column)} = ${value}`;
  const keyGiven = sql.join(key.map(assign), sql` and `);
  const text = (query: RawBuilder<unknown>): string => query.compile(db).sql;
  return {
    find: text(
      sql`select ${sql.join(columns.map((c) => sql.ref(c)))} from ${name} where ${keyGiven}`,
    ),
    insert: text(
      sql`insert into ${name} (${sql.join(all.map((c) => sql.ref(c)))})
          values (${sql.join(all.map(() => value))}) on conflict do nothing`,
    ),
    update: text(
      sql`update ${name} set ${sql.join([...updated.map(assign), sql`revision = revision + 1`])}
          where ${keyGiven} and revision = ${value}`,
    ),
    delete: text(sql`delete from ${name} where ${keyGiven}`),
  };
}

function tableOf<M extends { readonly revision: number }>(
  { transaction, changes }: Work,
  resource: Resource<M>,
  statements: ResourceStatements,
): Table<M> {
  const { codec, derived, key } = resource;
  const run = (text: string, values: readonly SqlValue[]) =>
    transaction.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
  const keyOf = (model: M): readonly string[] => key.map((member) => String(model[member]));
  const tell = (keyValues: readonly string[]): void => {
    changes.push(changeOf(resource, keyValues));
  };
  const derivedValues = (model: M): readonly SqlValue[] =>
    Object.values(derived).map((follow) => follow(model));
  const kept = new Set(updatedColumns(resource));

  return {
    async find(...keyValues) {
      const { rows } = await run(statements.find, checkedKey(resource, keyValues));
      const [row] = rows;
      return row && codec.fromRow(row);
    },
    async insert(model) {
      const { numAffectedRows } = await run(statements.insert, [
        ...codec.toValues(model),
        ...derivedValues(model),
      ]);
      if (numAffectedRows !== 1n) return 'taken';
      tell(keyOf(model));
      return 'inserted';
    },
    async update(model) {
      const written = codec
        .toValues(model)
        .filter((_, i) => kept.has(codec.columns[i]?.name ?? ''));
      const { numAffectedRows } = await run(statements.update, [
        ...written,
        ...derivedValues(model),
        ...keyOf(model),
        model.revision,
      ]);
      if (numAffectedRows !== 1n) return 'stale';
      tell(keyOf(model));
      return 'updated';
    },
    async delete(...keyValues) {
      const { numAffectedRows } = await run(statements.delete, checkedKey(resource, keyValues));
      if (numAffectedRows !== 1n) return 'absent';
      tell(keyValues);
      return 'deleted';
    },
  };
}

/** What a node forgets when the row with this key changes. */
const changeOf = <M>({ change }: Resource<M>, keyValues: readonly string[]): Change => ({
  realm: keyValues[0] ?? '',
  kind: change.kind,
  id: keyValues[change.keyPart] ?? '',
});

export const keyColumns = <M>({ codec, key }: Resource<M>): readonly string[] =>
  key.map((member) => codec.columns.find((column) => column.member === member)?.name ?? member);

function updatedColumns<M>(resource: Resource<M>): readonly string[] {
  const { codec, derived, notUpdated } = resource;
  const fixed = new Set([...keyColumns(resource), 'revision', ...notUpdated]);
  return [...codec.columns.map(({ name }) => name), ...Object.keys(derived)].filter(
    (name) => !fixed.has(name),
  );
}

function checkedKey<M>({ table, key }: Resource<M>, values: readonly string[]): readonly string[] {
  if (values.length !== key.length)
    throw new TypeError(`a key of ${table} has ${key.length} parts, not ${values.length}`);
  return values;
}
