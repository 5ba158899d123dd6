import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../environment.ts';
import type {
  Outcome,
  SqliteFailure,
  SqliteReply,
  SqliteRequest,
  SqliteThreadData,
} from './sqlite-messages.ts';

export type SqliteThread = {
  /** False once it has ended: what was open in it is rolled back. */
  readonly alive: boolean;
  /** Answers come in the order of the requests. */
  run(on: SqliteRequest['on'], statements: SqliteRequest['statements']): Promise<Outcomes>;
  close(): Promise<void>;
};
type Outcomes = readonly Outcome[];

type Waiting = {
  readonly resolve: (outcomes: Outcomes) => void;
  readonly reject: (error: Error) => void;
  overdue: boolean;
};

/** An answer that takes longer than one to two of these will not be waited for. */
const PATIENCE_MILLISECONDS = 10_000;

/** Starts the thread and resolves when it has opened the file. */
export async function startSqliteThread(
  data: SqliteThreadData,
  patient = false,
): Promise<SqliteThread> {
  const worker = new Worker(workerFile(), { workerData: data });
  const waiting = new Map<number, Waiting>();
  let alive = true;
  let lastId = 0;

  const end = (why: string): void => {
    alive = false;
    clearInterval(watch);
    for (const { reject } of waiting.values()) reject(new StoreUnavailable(why));
    waiting.clear();
  };
  worker.on('message', ({ id, outcomes, failure }: SqliteReply) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (failure !== undefined) asked?.reject(faultOf(failure));
    else asked?.resolve(outcomes ?? []);
  });
  worker.on('error', (error) => end(`the thread of the database failed: ${error.message}`));
  worker.on('exit', () => end('the thread of the database has ended'));
  worker.unref();

  // Two looks a while apart, instead of a timer for each request.
  const watch = setInterval(() => {
    for (const [id, asked] of waiting) {
      if (asked.overdue && !patient) {
        waiting.delete(id);
        asked.reject(new StoreUnavailable('the database did not answer in time'));
      }
      asked.overdue = true;
    }
    if (waiting.size === 0) worker.unref();
  }, PATIENCE_MILLISECONDS);
  watch.unref();

  const expect = (id: number): Promise<Outcomes> =>
    new Promise((resolve, reject) => {
      // An idle thread must not keep the process alive; one that owes an answer must.
      if (waiting.size === 0) worker.ref();
      waiting.set(id, { resolve, reject, overdue: false });
    });

  const run: SqliteThread['run'] = (on, statements) => {
    if (!alive) return Promise.reject(new StoreUnavailable('the database is not open'));
    lastId += 1;
    const answer = expect(lastId);
    worker.postMessage({ id: lastId, on, statements } satisfies SqliteRequest);
    return answer;
  };

  await expect(0).catch(async (error) => {
    await worker.terminate();
    throw error;
  });
  return {
    get alive() {
      return alive;
    },
    run,
    async close() {
      if (!alive) return;
      await run('writer', 'close');
      await worker.terminate();
    },
  };
}

/** Node runs no TypeScript: tests, which run the source, take this one file as it was built. */
const workerFile = (): URL =>
  new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/storage/sqlite-worker.js' : './sqlite-worker.js',
    import.meta.url,
  );

/**
 * BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB: the
 * file, not the statement, is at fault. https://sqlite.org/rescode.html
 */
const UNAVAILABLE = new Set([5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26]);

const faultOf = ({ message, code }: SqliteFailure): Error =>
  code !== undefined && UNAVAILABLE.has(code)
    ? new StoreUnavailable(`SQLite: ${message}`)
    : new Error(`SQLite: ${message}`);
