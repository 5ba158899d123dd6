import { type NumericDate, numericDate } from '@tessera/protocol';
import { type RawBuilder, sql } from 'kysely';
import { NODE_FORGOTTEN_AFTER } from '../model/node.ts';
import { RATES_KEPT } from '../model/token-rates.ts';
import type { Database } from './database.ts';
import {
  CHANGES,
  deleteSome,
  EVENTS,
  hasSome,
  INITIAL_ACCESS_TOKENS,
  ISSUED_EVENTS,
  NODES,
  RATES,
  REFUSALS,
  REVOCATIONS,
  REVOKED_HOLDERS,
  type Removable,
  SESSIONS,
  SPENT_IDENTIFIERS,
  TOKENS,
  USAGE,
} from './delete-some.ts';

/** A node that has not read the change log for this long starts afresh. Seconds. */
const KEEP_CHANGES = 3_600;

/** How far the clocks of two nodes, or of one before and after it was set, may be apart. Seconds. */
const CLOCK_SKEW_MAX = 120;

/**
 * What expired by then has expired on the clock of every node: one whose clock is ahead must not
 * remove what another still goes by.
 */
export const expiredEverywhere = (now: NumericDate): NumericDate =>
  numericDate(now - CLOCK_SKEW_MAX);

/**
 * Removes what nobody can ask for any more, a part at a time, so that no write waits long. An
 * interrupted purge has removed some of it, and the next one goes on.
 */
export async function purge(
  database: Database,
  now: NumericDate,
  keepTrafficSince: NumericDate,
  keepUsageSince: NumericDate,
): Promise<void> {
  const removeAll = async (from: Removable, condition: RawBuilder<unknown>): Promise<void> => {
    if (!(await hasSome(database.reader, from, condition))) return;
    while (await database.alone((transaction) => deleteSome(transaction, from, condition)));
  };
  const expired = sql`expires_at <= ${expiredEverywhere(now)}`;
  await removeAll(TOKENS, expired);
  await removeAll(REVOCATIONS, expired);
  await removeAll(REVOKED_HOLDERS, expired);
  await removeAll(SESSIONS, expired);
  await removeAll(SPENT_IDENTIFIERS, expired);
  await removeAll(INITIAL_ACCESS_TOKENS, expired);
  await removeAll(NODES, sql`last_seen_at < ${now - NODE_FORGOTTEN_AFTER}`);
  await removeAll(EVENTS, sql`at < ${keepTrafficSince} and traffic = 1`);
  await removeAll(ISSUED_EVENTS, sql`at < ${keepTrafficSince}`);
  await removeAll(USAGE, sql`hour < ${keepUsageSince}`);
  await removeAll(REFUSALS, sql`hour < ${keepUsageSince}`);
  await removeAll(RATES, sql`minute < ${now - RATES_KEPT}`);
  // The newest row stays: it is how a node knows that it has missed nothing.
  await removeAll(
    CHANGES,
    sql`at < ${now - KEEP_CHANGES} and seq < (select max(seq) from changes)`,
  );
}
