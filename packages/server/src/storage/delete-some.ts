import { type Kysely, type RawBuilder, sql } from 'kysely';
import { RATE_KEY } from './rates.ts';
import { REFUSAL_KEY } from './refusals.ts';
import type { Schema } from './schema.ts';
import { USAGE_KEY } from './usage.ts';

/** A table from which rows are removed in parts, so that no statement takes long. */
export type Removable = {
  readonly table: keyof Schema;
  readonly key: readonly string[];
  readonly part: number;
};

const PART = 5_000;

export const TOKENS: Removable = { table: 'tokens', key: ['digest'], part: PART };
export const REVOCATIONS: Removable = {
  table: 'revoked_tokens',
  key: ['realm', 'jti'],
  part: PART,
};
export const REVOKED_HOLDERS: Removable = {
  table: 'revoked_holders',
  key: ['realm', 'client_id'],
  part: PART,
};
export const SPENT_IDENTIFIERS: Removable = {
  table: 'spent_identifiers',
  key: ['digest'],
  part: PART,
};
export const SESSIONS: Removable = { table: 'sessions', key: ['digest'], part: PART };
export const NODES: Removable = { table: 'nodes', key: ['id'], part: PART };
export const EVENTS: Removable = { table: 'events', key: ['realm', 'at', 'id'], part: PART };
/** A row of these holds thousands of events. */
export const ISSUED_EVENTS: Removable = {
  table: 'issued_events',
  key: ['realm', 'at', 'id'],
  part: 20,
};
export const USAGE: Removable = { table: 'token_usage', key: USAGE_KEY, part: PART };
export const REFUSALS: Removable = { table: 'token_refusals', key: REFUSAL_KEY, part: PART };
export const RATES: Removable = { table: 'token_rates', key: RATE_KEY, part: PART };
export const CHANGES: Removable = { table: 'changes', key: ['seq'], part: PART };
export const INITIAL_ACCESS_TOKENS: Removable = {
  table: 'initial_access_tokens',
  key: ['realm', 'id'],
  part: PART,
};
/** What belongs to a client or user goes with it. */
export const CLIENTS: Removable = { table: 'clients', key: ['realm', 'client_id'], part: 1_000 };
export const USERS: Removable = { table: 'users', key: ['realm', 'id'], part: 1_000 };

/** Whether there is anything to remove. Waits for nobody. */
export async function hasSome(
  db: Kysely<Schema>,
  { table }: Removable,
  condition: RawBuilder<unknown>,
): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(table)} where ${condition} limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** Removes one part of the rows that meet the condition; false when there are no more. */
export async function deleteSome(
  db: Kysely<Schema>,
  { table, key, part }: Removable,
  condition: RawBuilder<unknown>,
): Promise<boolean> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where (${columns}) in (
      select ${columns} from ${sql.table(table)} where ${condition} limit ${part})`.execute(db);
  return numAffectedRows === BigInt(part);
}
