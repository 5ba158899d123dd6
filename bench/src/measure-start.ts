import { setTimeout as wait } from 'node:timers/promises';
import { requestToken } from './measure-row.ts';
import { SERVER_CORE } from './pinning.ts';
import { hasProcessorTime, readMemory } from './processor-time.ts';
import type { Subject } from './subject.ts';

export type StartResult = {
  /** From the start of the process to the first token in the caller's hands; the median. */
  readonly milliseconds: number;
  /** Resident memory when it has answered and nobody asks any more; the highest. */
  readonly idleMegabytes: number | undefined;
};

const TIMES = 5;
const IDLE_MILLISECONDS = 2000;

/** Starts a server several times over and asks each for one token. */
export async function measureStart(subject: Subject, pinned: boolean): Promise<StartResult> {
  const durations: number[] = [];
  const memory: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const startedAt = performance.now();
    const server = await subject.start(pinned ? SERVER_CORE : undefined, []);
    try {
      const wrong = await requestToken(subject, server.address, subject.accounts.jwt);
      durations.push(performance.now() - startedAt);
      if (wrong !== undefined) throw new Error(`${subject.name}, start: ${wrong}`);
      await wait(IDLE_MILLISECONDS);
      if (hasProcessorTime()) memory.push(readMemory(server.pid).residentMegabytes);
    } finally {
      await server.stop();
    }
  }
  durations.sort((a, b) => a - b);
  return {
    milliseconds: durations[Math.floor(TIMES / 2)] ?? Number.NaN,
    idleMegabytes: memory.length === 0 ? undefined : Math.max(...memory),
  };
}
