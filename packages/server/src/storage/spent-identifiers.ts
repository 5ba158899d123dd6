import { type RawBuilder, sql } from 'kysely';
import type { SpendOutcome, SpentIdentifier } from '../environment.ts';
import { batchColumns, names, prepareBatch } from './batch.ts';
import type { Database } from './database.ts';
import { SPENT_IDENTIFIER } from './tables.ts';

/** An identifier on its way through a batch, which writes down what became of it. */
export type Attempt = { readonly identifier: SpentIdentifier; outcome: SpendOutcome };

/**
 * Not won until the database has said so. A claim can be any number, and one that no database
 * keeps must not spoil the batch for all the others in it.
 */
export function attempt(identifier: SpentIdentifier): Attempt {
  if (!Number.isSafeInteger(identifier.expiresAt))
    throw new RangeError('an identifier expires at a whole second');
  return { identifier, outcome: 'already_spent' };
}

/**
 * One statement for the batch, in a transaction of its own. The unique key decides, in the
 * database: nobody looks first and writes then, so that no two can both have found nothing.
 */
export function prepareSpending(database: Database): (batch: readonly Attempt[]) => Promise<void> {
  const insert = prepareBatch(database, COLUMNS, insertFrom);
  return async (batch) => {
    const rows = await insert(
      database.writer,
      batch.map(({ identifier }) => SPENT_IDENTIFIER.toValues(identifier)),
    );
    const inserted = new Set(rows.map(({ digest }) => digest));
    // Of those who came with the same identifier, the first.
    for (const one of batch) if (inserted.delete(one.identifier.digest)) one.outcome = 'spent';
  };
}

const COLUMNS = batchColumns(SPENT_IDENTIFIER);

/** Always in one order: two nodes that have the same identifiers never wait for each other. */
const insertFrom = (batch: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into spent_identifiers (${names(COLUMNS)})
  select ${names(COLUMNS)} from ${batch} as batch where true order by digest
  on conflict do nothing returning digest`;
