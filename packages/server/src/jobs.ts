import { numericDate } from '@tessera/protocol';
import type { Environment } from './environment.ts';
import { rotateSigningKeys } from './keys/rotate-signing-keys.ts';
import { NODE_REPORT_PERIOD } from './model/node.ts';

type Job = {
  readonly name: string;
  /** Seconds from the end of one run to the start of the next. */
  readonly period: number;
  run(env: Environment, settings: JobSettings): Promise<void>;
};

export type JobSettings = {
  /** Seconds for which traffic events are kept. */
  readonly trafficRetention: number;
  /** Seconds for which usage is kept. */
  readonly usageRetention: number;
};

/** What runs by itself, on every node. Each job may run twice at once without harm. */
const JOBS: readonly Job[] = [
  {
    name: 'node-report',
    period: NODE_REPORT_PERIOD,
    run: (env) => env.store.nodes.report(env.node, env.clock.now()),
  },
  {
    name: 'key-rotation',
    period: 60,
    async run(env) {
      let after: string | undefined;
      do {
        const page = await env.store.realms.list({ after, limit: 100 });
        for (const realm of page.items) {
          const provider = await env.store.providers.find(realm.name);
          if (provider !== undefined) await rotateSigningKeys(env, provider, env.clock.now());
        }
        after = page.next;
      } while (after !== undefined);
    },
  },
  {
    name: 'purge',
    period: 60,
    async run(env, { trafficRetention, usageRetention }) {
      const now = env.clock.now();
      const since = (retention: number) => numericDate(now - retention);
      await env.store.purge(now, since(trafficRetention), since(usageRetention));
    },
  },
];

/** Starts all jobs; the returned function stops them and waits for the ones that run. */
export function startJobs(env: Environment, settings: JobSettings): () => Promise<void> {
  let stopped = false;
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();

  const run = async (job: Job): Promise<void> => {
    try {
      await job.run(env, settings);
    } catch (error) {
      env.log.warn({ job: job.name, err: error }, 'a job failed, it runs again later');
    }
  };
  const schedule = (job: Job, seconds: number): void => {
    const timer = setTimeout(() => {
      const current = run(job).finally(() => {
        running.delete(current);
        if (!stopped) schedule(job, job.period);
      });
      running.add(current);
    }, seconds * 1000);
    timer.unref();
    timers.set(job.name, timer);
  };
  for (const job of JOBS) schedule(job, 1);

  return async () => {
    stopped = true;
    for (const timer of timers.values()) clearTimeout(timer);
    await Promise.all(running);
  };
}
