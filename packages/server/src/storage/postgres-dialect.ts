import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { Pool, PoolClient, QueryConfig } from 'pg';
import { type BoundValue, bindValue } from './bind-value.ts';
import { breaksConnection, faultOf } from './postgres-faults.ts';

/** Milliseconds after which a statement is given up; 0: never. */
export type Patience = {
  /** A statement of its own, and the beginning of a transaction. */
  readonly alone: number;
  /** Inside a transaction, where it may have to wait for another node's to end. */
  readonly inTransaction: number;
};

/** Kysely's way to a pool of connections. */
export const postgresDialect = (pool: Pool, patience: Patience): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new PoolDriver(pool, patience),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
});

class PoolDriver implements Driver {
  readonly #pool: Pool;
  readonly #patience: Patience;

  constructor(pool: Pool, patience: Patience) {
    this.#pool = pool;
    this.#patience = patience;
  }

  async init(): Promise<void> {}
  async destroy(): Promise<void> {}

  async acquireConnection(): Promise<PoolConnection> {
    try {
      return new PoolConnection(await this.#pool.connect(), this.#patience);
    } catch (error) {
      throw faultOf(error);
    }
  }

  async releaseConnection(connection: PoolConnection): Promise<void> {
    connection.release();
  }

  async beginTransaction(
    connection: PoolConnection,
    // Named, because a database may have another default; each statement sees what is committed.
    { isolationLevel = 'read committed' }: TransactionSettings,
  ): Promise<void> {
    await connection.begin(isolationLevel);
  }

  async commitTransaction(connection: PoolConnection): Promise<void> {
    await connection.run('commit');
  }

  async rollbackTransaction(connection: PoolConnection): Promise<void> {
    // What made the transaction fail is what the caller hears of. A lost connection has rolled back.
    await connection.run('rollback').catch(() => {});
  }
}

class PoolConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  readonly #patience: Patience;
  #broken = false;
  #inTransaction = false;

  constructor(client: PoolClient, patience: Patience) {
    this.#client = client;
    this.#patience = patience;
  }

  /** A broken connection is closed; another takes its place in the pool. */
  release(): void {
    this.#client.release(this.#broken);
  }

  async begin(isolationLevel: string): Promise<void> {
    await this.run(`begin isolation level ${isolationLevel}`);
    this.#inTransaction = true;
  }

  async run(text: string, values: readonly unknown[] = []) {
    const query: QueryConfig<BoundValue[]> & { readonly query_timeout: number } = {
      text,
      values: values.map(bindValue),
      query_timeout: this.#inTransaction ? this.#patience.inTransaction : this.#patience.alone,
    };
    try {
      return await this.#client.query(query);
    } catch (error) {
      if (breaksConnection(error)) this.#broken = true;
      throw faultOf(error);
    }
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, rowCount } = await this.run(sql, parameters);
    return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
  }

  streamQuery(): never {
    throw new Error('rows are read in pages, not streamed');
  }
}
