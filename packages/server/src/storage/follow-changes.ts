import type { Clock, Log } from '../environment.ts';
import { StoreUnavailable } from '../environment.ts';
import { type Change, readChanges, readLastChange } from './changes.ts';
import type { Database } from './database.ts';

export type FollowerOptions = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** How old the last look into the change log may be, milliseconds. */
  readonly staleAfter: number;
  readonly forget: (change: Change) => void;
  readonly forgetAll: () => void;
};

export type Follower = {
  /** Whether the change log was read within so many milliseconds; `staleAfter` if none are given. */
  isFresh(within?: number): boolean;
  /** The number of the last change that was read. */
  position(): number;
  /** Reads the change log now. Rejects when it cannot be read. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
};

/** The change log is read at least as often, hint or not. */
const PERIOD_MILLISECONDS = 2_000;
const RETRY_MILLISECONDS = 250;

/**
 * Keeps a node's memory in step with the change log. A hint only makes it faster: what happens is
 * decided by the log alone, read from where it was last read to.
 */
export async function followChanges({
  database,
  clock,
  log,
  staleAfter,
  forget,
  forgetAll,
}: FollowerOptions): Promise<Follower> {
  const { reader } = database;
  let last = await readLastChange(reader);
  let confirmedAt = clock.milliseconds();
  let failures = 0;
  let closed = false;
  let reading: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  /** Forgets what changed since; whoever has missed a part of the log forgets everything. */
  const readOn = async (): Promise<void> => {
    const startedAt = clock.milliseconds();
    for (let more = true; more; ) {
      const page = await readChanges(reader, last);
      if (page === undefined) {
        last = await readLastChange(reader);
        forgetAll();
        break;
      }
      for (const change of page.changes) forget(change);
      ({ last, more } = page);
    }
    confirmedAt = startedAt;
  };
  const read = async (): Promise<void> => {
    try {
      do {
        again = false;
        await readOn();
      } while (again);
      if (failures > 0) log.info({ attempts: failures }, 'the change log can be read again');
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === 1) log.warn({ err: error }, 'the change log cannot be read');
      throw error;
    }
  };
  const catchUp = (): Promise<void> => {
    if (closed) return Promise.reject(new StoreUnavailable('the store is closed'));
    clearTimeout(timer);
    reading ??= read().finally(() => {
      reading = undefined;
      const backoff = RETRY_MILLISECONDS * 2 ** Math.min(failures - 1, 3);
      schedule(failures === 0 ? PERIOD_MILLISECONDS : backoff);
    });
    return reading;
  };
  const schedule = (wait: number): void => {
    if (closed) return;
    timer = setTimeout(look, wait);
    timer.unref();
  };
  const look = (): void => {
    // A hint that comes while the log is being read may tell of what was written after.
    again = true;
    catchUp().catch(() => {});
  };

  const stopHints = database.onHint(look);
  schedule(PERIOD_MILLISECONDS);
  return {
    isFresh(within = staleAfter) {
      // A clock that was set back tells nothing of how long ago that was.
      const age = clock.milliseconds() - confirmedAt;
      return age <= within && age >= 0;
    },
    position: () => last,
    catchUp() {
      // While the database is away it is the timer that tries, not every request.
      if (failures > 0 && reading === undefined)
        return Promise.reject(new StoreUnavailable('the database does not answer'));
      return catchUp();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      stopHints();
      await reading?.catch(() => {});
    },
  };
}
