import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL that the test run started. */
    postgresUrl: string;
  }
}

export const DATABASES = ['SQLite', 'PostgreSQL'] as const;

export type DatabaseName = (typeof DATABASES)[number];

/** A database of its own for one running server. */
export type Database = {
  /** For `TESSERA_DATABASE_URL`; undefined: the server's own default. */
  readonly url: string | undefined;
  /** All that the database keeps, as text. */
  dump(dataDirectory: string): Promise<string>;
  /** Shuts the database's door and throws everybody out, or opens it again. */
  setReachable(reachable: boolean): Promise<void>;
  drop(): Promise<void>;
};

export function createDatabase(name: DatabaseName): Promise<Database> {
  return name === 'SQLite' ? Promise.resolve(embedded) : createPostgresDatabase();
}

/** The file is in the data directory and goes with it. */
const embedded: Database = {
  url: undefined,
  async dump(dataDirectory) {
    const files = readdirSync(dataDirectory).filter((file) => file.startsWith('tessera.db'));
    return files.map((file) => readFileSync(join(dataDirectory, file), 'latin1')).join('\n');
  },
  setReachable: () => Promise.reject(new Error('an embedded database has no door')),
  drop: () => Promise.resolve(),
};

async function createPostgresDatabase(): Promise<Database> {
  const server = inject('postgresUrl');
  const name = `conformance_${randomBytes(8).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await ask(server, `create database ${name}`);
  return {
    url: url.href,
    async dump() {
      const tables = await ask(
        url.href,
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')`,
      );
      const rows: string[] = [];
      for (const { name: table } of tables)
        for (const { row } of await ask(url.href, `select t::text as row from ${table} t`))
          rows.push(`${table} ${row}`);
      return rows.join('\n');
    },
    async setReachable(reachable) {
      await ask(server, `alter database ${name} allow_connections ${reachable}`);
      if (!reachable)
        await ask(
          server,
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
        );
    },
    async drop() {
      await ask(server, `drop database ${name} with (force)`);
    },
  };
}

type Row = Readonly<Record<string, string>>;

async function ask(url: string, statement: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
