import { sql } from 'kysely';
import type { Store } from '../environment.ts';
import type { ServerNode } from '../model/node.ts';
import type { Database } from './database.ts';
import { readStatus } from './migrate.ts';
import { rowCodec } from './row-codec.ts';
import type { Row } from './schema.ts';

const NODE = rowCodec<ServerNode>({
  id: 'text',
  name: 'text',
  version: 'text',
  runtime: 'text',
  startedAt: 'integer',
  lastSeenAt: 'integer',
  changesBehind: 'integer',
});

/** As many as one answer shows: a process that starts over and over leaves a row each time. */
const NODES_MAX = 100;

const COLUMNS = sql.join(NODE.columns.map(({ name }) => sql.ref(name)));

/**
 * The nodes on a database: a row each, written every few seconds and by nothing that anybody waits
 * for. `position` is how far this node has read the change log; undefined: it remembers nothing,
 * so nothing of it is behind.
 */
export const storedNodes = (
  { reader, writer }: Database,
  position: () => number | undefined,
): Store['nodes'] => ({
  async report({ id, name, version, runtime, startedAt }, at) {
    const read = position();
    const behind =
      read === undefined ? sql`0` : sql`(select count(*) from changes where seq > ${read})`;
    await sql`insert into nodes (${COLUMNS})
      values (${id}, ${name}, ${version}, ${runtime}, ${startedAt}, ${at}, ${behind})
      on conflict (id) do update
      set last_seen_at = excluded.last_seen_at, changes_behind = excluded.changes_behind`.execute(
      writer,
    );
  },
  async leave(id) {
    await sql`delete from nodes where id = ${id}`.execute(writer);
  },
  async list() {
    const { rows } = await sql<Row>`
      select ${COLUMNS} from nodes order by last_seen_at desc, id limit ${NODES_MAX}`.execute(
      reader,
    );
    return rows.map((row) => NODE.fromRow(row));
  },
});

/** What there is of the database: its kind, its size on the disk, its schema. */
export const describeDatabase = (database: Database): Store['database'] => ({
  async describe() {
    const { dialect, reader } = database;
    const { rows } = await sql<{ readonly bytes: number }>`select ${dialect.size} as bytes`.execute(
      reader,
    );
    const { applied } = await readStatus(database);
    return { kind: dialect.name, bytes: Number(rows[0]?.bytes ?? 0), migrations: applied };
  },
});
