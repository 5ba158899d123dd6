import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';

/**
 * What the operating system counted for a process: the only witness that sees every thread, the
 * kernel's share included. Linux alone keeps it in files; elsewhere there is none.
 */
export const hasProcessorTime = (): boolean => platform() === 'linux';

/** How many ticks of `/proc` make a second. proc(5): `sysconf(_SC_CLK_TCK)`. */
export const readTicksPerSecond = (): number =>
  Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** User and system time of all threads of a process, ended ones included, in ticks. proc(5). */
export const readProcessTicks = (pid: number): number => readTicks(`/proc/${pid}/stat`);

/** The same of its first thread alone, where Node runs JavaScript unless a worker does. */
export const readMainThreadTicks = (pid: number): number =>
  readTicks(`/proc/${pid}/task/${pid}/stat`);

function readTicks(file: string): number {
  const stat = readFileSync(file, 'latin1');
  // The second field is the command in parentheses and may hold anything, spaces included.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

export type CoreTicks = { readonly busy: number; readonly idle: number };

/** What one core did since the machine started, in ticks. proc(5), `/proc/stat`. */
export function readCoreTicks(core: number): CoreTicks {
  const line = readFileSync('/proc/stat', 'latin1')
    .split('\n')
    .find((candidate) => candidate.startsWith(`cpu${core} `));
  if (line === undefined) throw new Error(`/proc/stat does not list core ${core}`);
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, hard = 0, soft = 0, steal = 0] = line
    .split(' ')
    .slice(1)
    .map(Number);
  return { busy: user + nice + system + hard + soft + steal, idle: idle + wait };
}

export type Memory = { readonly residentMegabytes: number; readonly peakMegabytes: number };

/** Resident memory of a process now and at its highest. proc(5), `VmRSS` and `VmHWM`. */
export function readMemory(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return {
    residentMegabytes: readKilobytes(status, 'VmRSS') / 1024,
    peakMegabytes: readKilobytes(status, 'VmHWM') / 1024,
  };
}

function readKilobytes(status: string, name: string): number {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status);
  if (match === null) throw new Error(`/proc/<pid>/status has no ${name}`);
  return Number(match[1]);
}
