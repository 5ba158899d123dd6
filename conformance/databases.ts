import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { inject } from 'vitest';
import { findFreePort } from '../packages/server/test/free-port.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL that the test run started. */
    postgresUrl: string;
  }
}

const ALL = ['SQLite', 'PostgreSQL'] as const;

export type DatabaseName = (typeof ALL)[number];

/** The one that TESSERA_TEST_DATABASE names, else each: what a test runs on. */
const ONLY = process.env['TESSERA_TEST_DATABASE'];
if (ONLY !== undefined && !(ALL as readonly string[]).includes(ONLY))
  throw new Error(`TESSERA_TEST_DATABASE is ${ONLY}; it can be ${ALL.join(' or ')}`);
export const DATABASES: readonly DatabaseName[] = ALL.filter(
  (name) => ONLY === undefined || name === ONLY,
);

/**
 * `refusing`: nobody listens. `silent`: connections stay open and nothing comes back. `locked`: its
 * administrator lets nobody in.
 */
export type DatabaseState = 'reachable' | 'refusing' | 'silent' | 'locked';

/** A database of its own for one running server. */
export type Database = {
  /** For `TESSERA_DATABASE_URL`; undefined: the server's own default. */
  readonly url: string | undefined;
  /** All that the database keeps, as text. */
  dump(dataDirectory: string): Promise<string>;
  /** Takes the database away in one of the ways in which that happens, or gives it back. */
  setState(state: DatabaseState): Promise<void>;
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
  setState: () => Promise.reject(new Error('an embedded database is never away')),
  drop: () => Promise.resolve(),
};

async function createPostgresDatabase(): Promise<Database> {
  const server = inject('postgresUrl');
  const name = `conformance_${randomBytes(8).toString('hex')}`;
  const direct = new URL(server);
  direct.pathname = `/${name}`;
  await ask(server, `create database ${name} template template0 encoding 'UTF8'`);
  const door = await openDoor(Number(direct.port), direct.hostname);
  const url = new URL(direct);
  url.host = `127.0.0.1:${door.port}`;
  return {
    url: url.href,
    async dump() {
      const tables = await ask(
        direct.href,
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')`,
      );
      const rows: string[] = [];
      for (const { name: table } of tables)
        for (const { row } of await ask(direct.href, `select t::text as row from ${table} t`))
          rows.push(`${table} ${row}`);
      return rows.join('\n');
    },
    async setState(state) {
      await ask(server, `alter database ${name} allow_connections ${state !== 'locked'}`);
      if (state === 'locked')
        await ask(
          server,
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
        );
      await door.set(state === 'refusing' || state === 'silent' ? state : 'open');
    },
    async drop() {
      await door.set('refusing');
      await ask(server, `drop database ${name} with (force)`);
    },
  };
}

type Door = { readonly port: number; set(state: 'open' | 'refusing' | 'silent'): Promise<void> };

/** A port that leads to another, until it does not. */
async function openDoor(port: number, host: string): Promise<Door> {
  const open = new Set<Socket>();
  let silent = false;
  const server = createServer((inside) => {
    const outside = connect(port, host);
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      open.add(from);
      from.setNoDelay();
      from.on('data', (bytes) => {
        if (!silent) to.write(bytes);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  const listen = async (at: number): Promise<number> => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const closeAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  // Where it comes back to after it was away, so it must not be taken meanwhile.
  const chosen = await listen(await findFreePort());
  return {
    port: chosen,
    async set(state) {
      // What was swallowed is lost: a connection that missed a message is no connection.
      if (silent && state !== 'silent') closeAll();
      silent = state === 'silent';
      if (state === 'refusing' && server.listening) {
        server.close();
        closeAll();
        await once(server, 'close');
      }
      if (state === 'open' && !server.listening) await listen(chosen);
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
