import { setTimeout as wait } from 'node:timers/promises';
import { createExchanges, type Exchange } from './check-answers.ts';
import { type Connection, openConnection } from './connection.ts';
import { createHistogram } from './histogram.ts';
import {
  type CoreTicks,
  hasProcessorTime,
  readCoreTicks,
  readMainThreadTicks,
  readMemory,
  readProcessTicks,
  readTicksPerSecond,
} from './processor-time.ts';
import type { LoadPlan, LoadResult, ServerUse } from './traffic.ts';

/**
 * Keeps every connection busy with one request after the other: warms up, then measures. Rejects
 * at the first wrong answer.
 */
export async function drive(plan: LoadPlan): Promise<LoadResult> {
  const exchanges = createExchanges(plan.address, plan.traffic);
  const histogram = createHistogram();
  let measuring = false;
  let stopped = false;
  let fail: (why: Error) => void = () => undefined;
  const failure = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });

  const open = async (): Promise<Connection> => {
    let exchange: Exchange = exchanges.next();
    let sentAt = 0;
    const connection = await openConnection(plan.address, {
      answered(status, body) {
        if (stopped) return;
        const now = performance.now();
        const wrong = exchange.check(status, body);
        if (wrong !== undefined) fail(new Error(wrong));
        if (measuring) histogram.record((now - sentAt) * 1000);
        send();
      },
      failed: (why) => fail(new Error(why)),
    });
    const send = (): void => {
      exchange = exchanges.next();
      sentAt = performance.now();
      connection.send(exchange.request);
    };
    send();
    return connection;
  };

  const connections: Connection[] = [];
  try {
    for (let i = 0; i < plan.connections; i++)
      connections.push(await Promise.race([open(), failure]));
    await Promise.race([wait(plan.warmUpSeconds * 1000), failure]);

    const before = readMoment(plan);
    measuring = true;
    await Promise.race([wait(plan.seconds * 1000), failure]);
    measuring = false;
    const after = readMoment(plan);
    stopped = true;

    const wrong = await exchanges.verifyKept();
    if (wrong !== undefined) throw new Error(wrong);
    const seconds = (after.at - before.at) / 1000;
    return {
      requests: histogram.count,
      seconds,
      p50: histogram.percentile(0.5),
      p99: histogram.percentile(0.99),
      server: describeServer(plan, before, after, seconds),
      generatorShare: (after.own - before.own) / 1e6 / seconds,
    };
  } finally {
    stopped = true;
    for (const connection of connections) connection.close();
  }
}

/** What the clocks and counters say at one instant. */
type Moment = {
  readonly at: number;
  readonly own: number;
  readonly server: number;
  readonly mainThread: number;
  readonly core: CoreTicks | undefined;
};

function readMoment({ serverPid, serverCore }: LoadPlan): Moment {
  const { user, system } = process.cpuUsage();
  const linux = hasProcessorTime();
  return {
    at: performance.now(),
    own: user + system,
    server: linux ? readProcessTicks(serverPid) : 0,
    mainThread: linux ? readMainThreadTicks(serverPid) : 0,
    core: linux && serverCore !== undefined ? readCoreTicks(serverCore) : undefined,
  };
}

function describeServer(
  plan: LoadPlan,
  before: Moment,
  after: Moment,
  seconds: number,
): ServerUse | undefined {
  if (!hasProcessorTime()) return undefined;
  const perSecond = readTicksPerSecond();
  const used = after.server - before.server;
  return {
    processorSeconds: used / perSecond,
    mainThreadSeconds: (after.mainThread - before.mainThread) / perSecond,
    ...readMemory(plan.serverPid),
    core:
      before.core === undefined || after.core === undefined
        ? undefined
        : {
            others: Math.max(0, after.core.busy - before.core.busy - used) / perSecond / seconds,
            idle: (after.core.idle - before.core.idle) / perSecond / seconds,
          },
  };
}
