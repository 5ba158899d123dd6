import { ok, type Result, refuse } from '@tessera/protocol';
import { sql } from 'kysely';
import type { Clock, NewEvents, Random, Rows, Store } from '../environment.ts';
import type { RevocationPosition } from '../model/token.ts';
import { type Change, changeRows, describePosition, prepareChanges } from './changes.ts';
import { prepareRows } from './commit-rows.ts';
import type { Database } from './database.ts';
import { changeValues, prepareEvents } from './event-rows.ts';
import { describeDatabase, storedNodes } from './nodes.ts';
import { purge } from './purge.ts';
import { prepareReads } from './reads.ts';
import { writeTraffic } from './traffic.ts';

export type SqlStoreOptions = {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * Told of every change before `commit` returns: those that were made, and those that may have
   * been, for an answer can be lost when the change is not.
   */
  readonly changed: (changes: readonly Change[], made: boolean) => void;
};

/** The store on a database: what it answers is what has been committed. */
export function sqlStore({ database, clock, random, changed }: SqlStoreOptions): Store {
  const openRows = prepareRows(database.writer);
  const appendEvents = prepareEvents(database);
  const appendChanges = prepareChanges(database);
  const { settle, ...traffic } = writeTraffic(database);

  async function commit<T, R>(
    events: NewEvents | ((value: T) => NewEvents),
    work: (rows: Rows) => Promise<Result<T, R>>,
  ): Promise<Result<T, R>> {
    const changes: Change[] = [];
    const undone = new Undone<R>();
    let made = false;
    try {
      const done = await database.changing(async (transaction) => {
        const positions = new Map<string, RevocationPosition>();
        const outcome = await work(openRows({ transaction, changes, now: clock.now(), positions }));
        // A refusal rolls back as a fault does.
        if (!outcome.ok) throw undone.because(outcome.refusal);
        for (const taken of positions.values())
          changes.push({
            realm: taken.realm,
            kind: 'revocation_positions',
            id: describePosition(taken),
          });
        const told = typeof events === 'function' ? events(outcome.value) : events;
        await appendEvents(
          transaction,
          [told].flat().map((event) => changeValues(event, random.uuid())),
        );
        await appendChanges(transaction, changeRows(changes, clock.now()));
        return ok(outcome.value);
      });
      made = true;
      return done;
    } catch (error) {
      if (error === undone) return undone.outcome();
      throw error;
    } finally {
      changed(changes, made);
    }
  }

  return {
    ...prepareReads(database),
    ...traffic,
    nodes: storedNodes(database, () => undefined),
    database: describeDatabase(database),
    commit,
    purge: (...until) => purge(database, ...until),
    async check() {
      await sql`select 1 from changes limit 1`.execute(database.reader);
    },
    async close() {
      await settle();
      await database.close();
    },
  };
}

/** Carries a refusal out of the transaction, as only an exception undoes it. */
class Undone<R> extends Error {
  #outcome: Result<never, R> | undefined;

  because(refusal: R): this {
    this.#outcome = refuse(refusal);
    return this;
  }

  outcome(): Result<never, R> {
    if (this.#outcome === undefined) throw this;
    return this.#outcome;
  }
}
