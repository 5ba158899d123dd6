import { numericDate } from '@tessera/protocol';
import { sql } from 'kysely';
import type { Store } from '../environment.ts';
import type { Database } from './database.ts';
import type { Row } from './schema.ts';

/** Clients that one page looks at: it may be short, or empty, although there is a `next`. */
const LOOKED_AT_MAX = 1_000;

export const readUnusedClients =
  ({ reader }: Database): Store['usage']['unusedClients'] =>
  async (realm, since, after = '') => {
    const { rows } = await sql<Row>`
      select client_id, name, enabled, created_at, (
        select max(last_used_at) from credentials
        where credentials.realm = clients.realm and credentials.client_id = clients.client_id
      ) as last_used_at
      from clients where realm = ${realm} and client_id > ${after}
      order by client_id limit ${LOOKED_AT_MAX}`.execute(reader);
    const items = rows
      .filter(
        ({ enabled, created_at: createdAt, last_used_at: lastUsedAt }) =>
          Number(enabled) === 1 && Number(createdAt) < since && Number(lastUsedAt ?? 0) < since,
      )
      .map((row) => ({
        clientId: String(row['client_id']),
        name: String(row['name']),
        createdAt: numericDate(Number(row['created_at'])),
        lastUsedAt:
          row['last_used_at'] === null ? undefined : numericDate(Number(row['last_used_at'])),
      }));
    const last = rows.at(-1)?.['client_id'];
    return {
      items,
      next: rows.length < LOOKED_AT_MAX || last === undefined ? undefined : String(last),
    };
  };
