import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { bindValue } from './bind-value.ts';
import type { SqliteRequest, Statement } from './sqlite-messages.ts';
import type { SqliteThread } from './sqlite-thread.ts';

export type Lease = { readonly thread: SqliteThread; readonly release: () => void };

/** Kysely's way to a connection of the thread of SQLite. */
export const sqliteDialect = (on: SqliteRequest['on'], lease: () => Promise<Lease>): Dialect => ({
  createAdapter: () => new TransactionalSqliteAdapter(),
  createDriver: () => new SqliteThreadDriver(on, lease),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

const statementOf = ({ sql, parameters }: CompiledQuery): Statement => ({
  sql,
  parameters: parameters.map(bindValue),
});

/** A migration that fails leaves nothing behind, and two processes cannot run one at once. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class SqliteThreadDriver implements Driver {
  readonly #on: SqliteRequest['on'];
  readonly #lease: () => Promise<Lease>;

  constructor(on: SqliteRequest['on'], lease: () => Promise<Lease>) {
    this.#on = on;
    this.#lease = lease;
  }

  async init(): Promise<void> {}
  async destroy(): Promise<void> {}

  async acquireConnection(): Promise<SqliteThreadConnection> {
    return new SqliteThreadConnection(this.#on, await this.#lease());
  }

  async releaseConnection(connection: SqliteThreadConnection): Promise<void> {
    connection.lease.release();
  }

  async beginTransaction(connection: SqliteThreadConnection): Promise<void> {
    // The lock of a writer is taken at once: taken later, it could fail halfway.
    try {
      await connection.run(this.#on === 'writer' ? 'begin immediate' : 'begin');
    } catch (error) {
      // An answer that was not waited for may still come true: the thread works on what it was
      // told. Told to roll back next, it leaves no transaction open for others to write into.
      connection.lease.thread.run(this.#on, 'rollback').catch(() => {});
      throw error;
    }
  }

  async commitTransaction(connection: SqliteThreadConnection): Promise<void> {
    await connection.run('commit');
  }

  async rollbackTransaction({ lease, on }: SqliteThreadConnection): Promise<void> {
    // What made the transaction fail is what the caller hears of. A dead thread has rolled back.
    await lease.thread.run(on, 'rollback').catch(() => {});
  }
}

class SqliteThreadConnection implements DatabaseConnection {
  readonly on: SqliteRequest['on'];
  /** Of one thread: a transaction never goes on in the next one. */
  readonly lease: Lease;

  constructor(on: SqliteRequest['on'], lease: Lease) {
    this.on = on;
    this.lease = lease;
  }

  async run(sql: string): Promise<void> {
    await this.lease.thread.run(this.on, [{ sql, parameters: [] }]);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const [outcome] = await this.lease.thread.run(this.on, [statementOf(query)]);
    return {
      rows: (outcome?.rows ?? []) as R[],
      numAffectedRows: BigInt(outcome?.changes ?? 0),
    };
  }

  streamQuery(): never {
    throw new Error('rows are read in pages, not streamed');
  }
}
