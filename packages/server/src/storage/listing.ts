import { type RawBuilder, sql } from 'kysely';
import type { Listed, Page } from '../environment.ts';
import type { Database, Dialect } from './database.ts';
import { keyColumns } from './resource-rows.ts';
import type { Row } from './schema.ts';
import { foldCase, type Resource, SEARCH_TEXT } from './tables.ts';

/** A page never holds more than this, whatever was asked. */
const LIMIT_MAX = 1_000;

type Condition = RawBuilder<unknown>;

/**
 * A page of a resource in the order of its key. The key of the last item is where the next page
 * begins, so that rows which come and go meanwhile shift nothing.
 */
export async function listResource<M>(
  { dialect, reader }: Database,
  resource: Resource<M>,
  { after, limit, search }: Page,
  conditions: readonly Condition[] = [],
  realm?: string,
): Promise<Listed<M>> {
  const key = keyColumns(resource);
  // Within a realm the rest of the key orders; realms themselves are ordered by their name.
  const order = realm === undefined ? key : key.slice(1);
  const ordering = sql.join(order.map((column) => sql.ref(column)));
  const ofRealm = realm === undefined ? sql`true` : sql`realm = ${realm}`;
  const where = [ofRealm];
  if (after !== undefined) where.push(isAfter(order, after));
  if (search !== undefined && search !== '') where.push(contains(dialect, resource, search));
  // Last, for they ask other tables: SQLite judges a row in this order.
  where.push(...conditions);

  const size = pageSize(limit);
  const table = sql.table(resource.table);
  // The keys are found first, in an index where there is one: it is far smaller than the rows.
  const { rows } = await sql<Row>`
    select ${sql.join(resource.codec.columns.map(({ name }) => sql.ref(name)))} from ${table}
    where ${ofRealm}
    and (${ordering}) in (
      select ${ordering} from ${table} where ${sql.join(where, sql` and `)} order by ${ordering} limit ${size + 1})
    order by ${ordering}`.execute(reader);
  return pageOf(
    rows,
    size,
    (row) => resource.codec.fromRow(row),
    (row) => formatCursor(order.map((column) => String(row[column]))),
  );
}

export const pageSize = (limit: number): number => Math.max(1, Math.min(limit, LIMIT_MAX));

/** The first `size` of the rows; one more than that says that there is a next page. */
export function pageOf<R, M>(
  rows: readonly R[],
  size: number,
  read: (row: R) => M,
  cursorOf: (row: R) => string,
): Listed<M> {
  const kept = rows.slice(0, size);
  const last = kept.at(-1);
  return {
    items: kept.map(read),
    next: rows.length > size && last !== undefined ? cursorOf(last) : undefined,
  };
}

function contains<M>(dialect: Dialect, resource: Resource<M>, text: string): Condition {
  if (SEARCH_TEXT in resource.derived)
    return sql`${dialect.position}(${sql.ref(SEARCH_TEXT)}, ${foldCase(text)}) > 0`;
  return containsText(dialect, keyColumns(resource).slice(1), text);
}

/** Whether one of the columns contains the text, whatever the case of ASCII letters. */
export function containsText(
  { position }: Dialect,
  columns: readonly string[],
  text: string,
): Condition {
  const folded = foldCase(text);
  const each = columns.map((column) => sql`${position}(lower(${sql.ref(column)}), ${folded}) > 0`);
  return sql`(${sql.join(each, sql` or `)})`;
}

const isAfter = (columns: readonly string[], cursor: string): Condition => {
  const values = readCursor(cursor, columns.length);
  return sql`(${sql.join(columns.map((column) => sql.ref(column)))}) > (${sql.join([...values])})`;
};

/** A key of one part is its own cursor; more parts are escaped and put in a row. */
const formatCursor = (key: readonly string[]): string =>
  key.length === 1 ? String(key[0]) : key.map(encodeURIComponent).join('/');

/** Cursors come from callers: one that no page gave still means some place in the order. */
function readCursor(cursor: string, parts: number): readonly string[] {
  if (parts === 1) return [cursor];
  const given = cursor.split('/');
  return Array.from({ length: parts }, (_, index) => decodePart(given[index] ?? ''));
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
