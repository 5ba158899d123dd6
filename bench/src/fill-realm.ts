import { DatabaseSync } from '@photostructure/sqlite';
import { Client } from 'pg';

export type Filling = {
  /** `file:…` or `postgres://…`; nobody else has it open. */
  readonly databaseUrl: string;
  readonly realm: string;
  /** The client that the others are like: with an application, a secret and a client grant. */
  readonly model: string;
  readonly ownerId: string;
  readonly count: number;
};

export const clientIdOf = (index: number): string => `service-${1_000_000 + index}`;

const DAY = 86_400;
/** The same in the words of either database. */
const CLIENT_ID = `'service-' || (1000000 + n)`;
const NAME = `'Service ' || n || ' of team ' || (n % 97)`;

type Run = {
  columns(table: string): Promise<readonly string[]>;
  execute(text: string): Promise<unknown>;
};

/**
 * Writes many applications straight into the database of a stopped server, each with client, secret
 * and grant: over HTTP it would take an hour. One of a hundred is disabled, of fifty expires within
 * a month, of two was used within a month, of twenty has an owner, of ten was used all week.
 */
export async function fillRealm(filling: Filling): Promise<void> {
  const { databaseUrl, count, model, ownerId } = filling;
  const now = Math.floor(Date.now() / 1_000);
  const realm = quote(filling.realm);
  const numbers = `with recursive numbers(n) as
    (select 0 union all select n + 1 from numbers where n + 1 < ${count})`;
  const id = `'application-' || (1000000 + n)`;
  const searchText = `lower(${NAME} || ' ' || ${CLIENT_ID} || ' ' || ${id})`;
  const made = { client_id: CLIENT_ID, created_at: String(now - 400 * DAY) };
  const ends = `case when n % 50 = 0 then ${now} + (1 + n % 29) * ${DAY} end`;
  const owners = `case when n % 20 = 0 then ${quote(JSON.stringify([ownerId]))} else '[]' end`;
  const copies: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    clients: {
      ...made,
      name: NAME,
      search_text: searchText,
      enabled: 'case when n % 100 = 0 then 0 else 1 end',
    },
    credentials: {
      ...made,
      id: `'credential-' || n`,
      expires_at: ends,
      ends_at: ends,
      last_used_at: `case when n % 2 = 0 then ${now} - (n % 30) * ${DAY} end`,
    },
    client_grants: made,
    applications: {
      ...made,
      id,
      name: NAME,
      search_text: searchText,
      owners,
    },
  };
  await withDatabase(databaseUrl, async ({ columns, execute }) => {
    for (const [table, changed] of Object.entries(copies)) {
      const names = await columns(table);
      const values = names.map((name) => changed[name] ?? `model.${name}`);
      await execute(`insert into ${table} (${names.join(', ')}) ${numbers}
        select ${values.join(', ')} from numbers cross join ${table} as model
        where model.realm = ${realm} and model.client_id = ${quote(model)}`);
    }
    await execute(`insert into application_owners (realm, user_id, application_id) ${numbers}
      select ${realm}, ${quote(ownerId)}, ${id}
      from numbers where n % 20 = 0`);
    const hour = now - (now % 3_600);
    for (let day = 0; day < 7; day++)
      await execute(`insert into token_usage
        (realm, client_id, hour, issued, reused, refused, wasted) ${numbers}
        select ${realm}, ${CLIENT_ID}, ${hour - day * DAY}, 1 + n % 50, 0, 0, 0
        from numbers where n % 10 = 0`);
  });
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

async function withDatabase(url: string, work: (run: Run) => Promise<void>): Promise<void> {
  if (url.startsWith('file:')) return withSqlite(url.slice('file:'.length), work);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work({
      columns: async (table) =>
        (
          await client.query<{ readonly column_name: string }>(
            'select column_name from information_schema.columns where table_name = $1',
            [table],
          )
        ).rows.map(({ column_name: name }) => name),
      execute: (text) => client.query(text),
    });
    // As autovacuum does within minutes, where a server runs for longer than a measurement.
    await client.query('vacuum (analyze)');
  } finally {
    await client.end();
  }
}

async function withSqlite(path: string, work: (run: Run) => Promise<void>): Promise<void> {
  const database = new DatabaseSync(path);
  try {
    database.exec('begin');
    await work({
      columns: async (table) =>
        database
          .prepare(`select name from pragma_table_info('${table}')`)
          .all()
          .map((row) => String((row as { readonly name: unknown }).name)),
      execute: async (text) => database.exec(text),
    });
    database.exec('commit');
    database.exec('pragma wal_checkpoint(truncate)');
  } finally {
    database.close();
  }
}
