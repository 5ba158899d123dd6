import { DatabaseSync } from '@photostructure/sqlite';
import { Client, types } from 'pg';

export type Row = Readonly<Record<string, string | number | null>>;

/** Tables as they are at one moment, and what the database itself finds wrong with them. */
export type StoredRows = Readonly<Record<TableName, readonly Row[]>> & {
  readonly damage: readonly string[];
};

type TableName = keyof typeof QUERIES;

/** Columns that tell whether what belongs together is there together. */
const QUERIES = {
  realms: 'select name from realms',
  providers: 'select realm, access_token_lifetime, revision from providers',
  signingKeys: 'select realm, kid, state from signing_keys',
  users: 'select realm, id, user_name, roles from users',
  apis: 'select realm, id from apis',
  clients: 'select realm, client_id from clients',
  credentials: 'select realm, client_id, id, expires_at from credentials',
  clientGrants: 'select realm, client_id, api_id, scopes, revision from client_grants',
  revokedTokens: 'select realm, jti from revoked_tokens',
  events: `select realm, type, subject_kind, subject_id, details from events
    where traffic = 0 order by at, id`,
  changes: 'select seq, at, realm, kind, id from changes order by seq',
} as const;

const TABLES = Object.keys(QUERIES) as TableName[];

/** Reads the file beside whoever writes to it; the log is looked at as its next reader will. */
export function readSqlite(path: string): Promise<StoredRows> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    database.exec('pragma busy_timeout = 5000; begin');
    const all = (text: string): readonly Row[] => database.prepare(text).all() as Row[];
    const damage = [...all('pragma integrity_check'), ...all('pragma foreign_key_check')]
      .map((row) => JSON.stringify(row))
      .filter((text) => text !== '{"integrity_check":"ok"}');
    return Promise.resolve(collect((name) => all(QUERIES[name]), damage));
  } finally {
    database.close();
  }
}

export async function readPostgres(url: string): Promise<StoredRows> {
  const client = new Client({ connectionString: url, types: { getTypeParser: parserOf } });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read, read only');
    const rows = new Map<TableName, readonly Row[]>();
    for (const name of TABLES) rows.set(name, (await client.query<Row>(QUERIES[name])).rows);
    return collect((name) => rows.get(name) ?? [], []);
  } finally {
    await client.end();
  }
}

const INT8_OID = 20;
const parserOf: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8_OID ? Number : types.getTypeParser(oid, format);

const collect = (
  read: (name: TableName) => readonly Row[],
  damage: readonly string[],
): StoredRows =>
  ({ ...Object.fromEntries(TABLES.map((name) => [name, read(name)])), damage }) as StoredRows;

export type StoredEvent = {
  readonly realm: string;
  readonly type: string;
  readonly kind: string;
  readonly id: string;
  /** Realm and id of its subject, as the keys of rows are written. */
  readonly key: string;
  readonly details: Readonly<Record<string, unknown>>;
};

export const readEvent = (row: Row): StoredEvent => ({
  realm: String(row['realm']),
  type: String(row['type']),
  kind: String(row['subject_kind']),
  id: String(row['subject_id']),
  key: keyOf(row, 'realm', 'subject_id'),
  details: JSON.parse(String(row['details'])) as StoredEvent['details'],
});

export const keyOf = (row: Row, ...columns: readonly string[]): string =>
  columns.map((column) => row[column]).join(' ');

export const keysOf = (rows: readonly Row[], ...columns: readonly string[]): ReadonlySet<string> =>
  new Set(rows.map((row) => keyOf(row, ...columns)));

export function groupBy<T>(
  items: readonly T[],
  keyOfItem: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOfItem(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
