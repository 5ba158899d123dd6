import type { NumericDate } from '@tessera/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from './database.ts';

/** Rows that one transaction removes: no write waits longer than these take. */
const CHUNK = 5_000;

/** A row of issued events has thousands of them, so a transaction removes fewer of these. */
const ISSUED_CHUNK = 20;

/** A node that has not read the change log for this long starts afresh. Seconds. */
const KEEP_CHANGES = 3_600;

/**
 * Removes what nobody can ask for any more. An interrupted purge has removed a part of it, and
 * the next one goes on.
 */
export async function purge(
  database: Database,
  now: NumericDate,
  keepTrafficSince: NumericDate,
): Promise<void> {
  const expired = sql`expires_at <= ${now}`;
  await removeInChunks(database, 'tokens', ['digest'], expired);
  await removeInChunks(database, 'revoked_tokens', ['realm', 'jti'], expired);
  await removeInChunks(database, 'sessions', ['digest'], expired);
  await removeInChunks(
    database,
    'events',
    ['realm', 'at', 'id'],
    sql`at < ${keepTrafficSince} and traffic = 1`,
  );
  await removeInChunks(
    database,
    'issued_events',
    ['realm', 'at', 'id'],
    sql`at < ${keepTrafficSince}`,
    ISSUED_CHUNK,
  );
  // The newest row stays: it is how a node knows that it has missed nothing.
  await removeInChunks(
    database,
    'changes',
    ['seq'],
    sql`at < ${now - KEEP_CHANGES} and seq < (select max(seq) from changes)`,
  );
}

async function removeInChunks(
  database: Database,
  table: string,
  key: readonly string[],
  condition: RawBuilder<unknown>,
  chunk = CHUNK,
): Promise<void> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  let removed = chunk;
  while (removed === chunk) {
    const { numAffectedRows } = await database.changing((transaction) =>
      sql`delete from ${sql.table(table)} where (${columns}) in (
        select ${columns} from ${sql.table(table)} where ${condition} limit ${chunk})`.execute(
        transaction,
      ),
    );
    removed = Number(numAffectedRows ?? 0);
  }
}
