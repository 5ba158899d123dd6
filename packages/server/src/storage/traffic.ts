import { type RawBuilder, sql } from 'kysely';
import type { CredentialUse, Store } from '../environment.ts';
import type { Event, TrafficEventType } from '../model/event.ts';
import type { RateDelta } from '../model/token-rates.ts';
import type { RefusalDelta } from '../model/token-refusals.ts';
import type { UsageDelta } from '../model/usage.ts';
import { type BatchValues, batchColumns, formatBatch, names, prepareBatch } from './batch.ts';
import type { BatchColumn, Database } from './database.ts';
import { prepareEvents, trafficValues } from './event-rows.ts';
import { gather } from './gather.ts';
import { insertIssuedEvents, isPacked } from './issued-events.ts';
import { prepareRates } from './rates.ts';
import { prepareRefusals } from './refusals.ts';
import { attempt, prepareSpending } from './spent-identifiers.ts';
import { TOKEN } from './tables.ts';
import { prepareUsage } from './usage.ts';

type Traffic = Pick<
  Store,
  | 'insertToken'
  | 'spend'
  | 'appendEvents'
  | 'touchCredentials'
  | 'addUsage'
  | 'addRefusals'
  | 'addRates'
> & {
  /** Resolves when all that was given has been written. */
  settle(): Promise<void>;
};

/**
 * What is written at every request: batches, each in one statement that takes all of it as one
 * parameter. It makes no changes: no node remembers anything of it.
 */
export function writeTraffic(database: Database): Traffic {
  const insertTokens = prepareBatch(database, TOKEN_COLUMNS, insertTokensFrom);
  const insertEvents = prepareEvents(database);
  const tokens = gather<BatchValues>((batch) => insertTokens(database.writer, batch));
  const spending = gather(prepareSpending(database));
  const events = gather<BatchValues>((batch) => insertEvents(database.writer, batch));
  const issued = gather<Event<TrafficEventType>>((batch) =>
    insertIssuedEvents(database.writer, batch),
  );
  const uses = gather<CredentialUse>((batch) => touch(database, batch));
  const usage = gather<UsageDelta>(prepareUsage(database));
  const refusals = gather<RefusalDelta>(prepareRefusals(database));
  const rates = gather<RateDelta>(prepareRates(database));
  return {
    insertToken: (token) => tokens.add([TOKEN.toValues(token)]),
    async spend(identifiers) {
      const attempts = identifiers.map(attempt);
      await spending.add(attempts);
      return attempts.map(({ outcome }) => outcome);
    },
    async appendEvents(given) {
      const many = given.filter(({ type }) => isPacked(type));
      const others = given.filter(({ type }) => !isPacked(type));
      await Promise.all([issued.add(many), events.add(others.map(trafficValues))]);
    },
    touchCredentials: (given) => uses.add(given),
    addUsage: (given) => usage.add(given),
    addRefusals: (given) => refusals.add(given),
    addRates: (given) => rates.add(given),
    async settle() {
      await Promise.all(
        [tokens, spending, events, issued, uses, usage, refusals, rates].map((gathered) =>
          gathered.settle(),
        ),
      );
    },
  };
}

const TOKEN_COLUMNS = batchColumns(TOKEN);

/** A client that was deleted meanwhile has no registration, and its token no row. */
const insertTokensFrom = (batch: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into tokens (${names(TOKEN_COLUMNS)}, registration)
  select ${names(TOKEN_COLUMNS, 'batch')}, clients.registration
  from ${batch} as batch cross join clients
  where clients.realm = batch.realm and clients.client_id = batch.client_id
  on conflict do nothing`;

const USE_COLUMNS: readonly BatchColumn[] = [
  { name: 'realm', type: 'text' },
  { name: 'client_id', type: 'text' },
  { name: 'id', type: 'text' },
  { name: 'used_at', type: 'integer' },
  { name: 'used_address', type: 'text' },
];

/** Takes its turn among the commits: they change the same rows, and could wait for each other. */
async function touch(database: Database, uses: readonly CredentialUse[]): Promise<void> {
  const latest = new Map<string, CredentialUse>();
  for (const use of uses) {
    const key = JSON.stringify([use.realm, use.clientId, use.credentialId]);
    if ((latest.get(key)?.at ?? 0) <= use.at) latest.set(key, use);
  }
  const rows = [...latest.values()].map((use) => [
    use.realm,
    use.clientId,
    use.credentialId,
    use.at,
    use.address,
  ]);
  const batch = database.dialect.tabulate(sql`${formatBatch(rows)}`, USE_COLUMNS);
  await database.alone((transaction) =>
    sql`update credentials set last_used_at = batch.used_at, last_used_address = batch.used_address
      from ${batch} as batch
      where credentials.realm = batch.realm and credentials.client_id = batch.client_id
      and credentials.id = batch.id
      and coalesce(credentials.last_used_at, 0) < batch.used_at`.execute(transaction),
  );
}
