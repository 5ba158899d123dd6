/**
 * The seam between the store and the two databases. `sqlite.ts` and `postgres.ts` state what
 * differs; nothing else knows which of them it talks to.
 */
import type { Kysely, RawBuilder, Transaction } from 'kysely';
import type { Ddl } from './migrations/ddl.ts';
import type { Row, Schema, SqlValue } from './schema.ts';

export type Database = {
  readonly dialect: Dialect;
  /** Sees what has been committed, and waits for no transaction. */
  readonly reader: Kysely<Schema>;
  readonly writer: Kysely<Schema>;
  /** A statement that is ready to run, past all that builds one: for reads a token waits for. */
  read(sql: string, values: readonly SqlValue[]): Promise<readonly Row[]>;
  /**
   * A transaction that is alone among its kind on every node: what it reads stays true until it
   * ends, and none of them can wait for each other in a circle. Resolves when it is durable.
   */
  alone<T>(work: (transaction: Transaction<Schema>) => Promise<T>): Promise<T>;
  /**
   * The same for what appends to the change log: its numbers become visible in their order, and
   * the other nodes have been given a hint to look at it.
   */
  changing<T>(work: (transaction: Transaction<Schema>) => Promise<T>): Promise<T>;
  /** Calls when somebody may have changed something. It may be lost: nothing relies on it. */
  onHint(listener: () => void): () => void;
  close(): Promise<void>;
};

export type OpenOptions = {
  /** For what takes its time, as a migration or a backup: no statement is given up. */
  readonly patient?: boolean;
  /** False: nothing will be written, so a database file that is not there is not made. */
  readonly writable?: boolean;
};

/** What is spelt differently. */
export type Dialect = {
  readonly name: 'sqlite' | 'postgres';
  readonly ddl: Ddl;
  /**
   * A batch as a table: `json` is an array of arrays with the columns in this order. One
   * parameter and one statement, however many rows.
   */
  tabulate(json: RawBuilder<unknown>, columns: readonly BatchColumn[]): RawBuilder<unknown>;
  /** How many bytes the database takes. */
  readonly size: RawBuilder<unknown>;
  /** Where a text is in another, from 1; 0: nowhere. A planner expects it to be found often. */
  readonly position: RawBuilder<unknown>;
  /** The rows of a query as one value: the JSON text of an array of arrays. */
  listRows(columns: readonly string[], rows: RawBuilder<unknown>): RawBuilder<unknown>;
};

export type BatchColumn = { readonly name: string; readonly type: 'text' | 'integer' };

/** The database answers, but cannot be used; waiting does not help. */
export class UnusableDatabase extends Error {
  override readonly name = 'UnusableDatabase';
}
