import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;

/** Whether processes can be bound to cores: util-linux's `taskset` and two cores. taskset(1). */
export const canPin = (): boolean =>
  availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;

/** The command that runs Node on one core. `taskset` replaces itself: the pid is Node's. */
export function nodeCommand(
  core: number | undefined,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  if (core === undefined) return { command: process.execPath, args };
  return { command: 'taskset', args: ['-c', String(core), process.execPath, ...args] };
}

/** Keeps this process off the server's core; what it starts says for itself where it runs. */
export function pinThisProcess(core: number): void {
  const args = ['--all-tasks', '--pid', '--cpu-list', String(core), String(process.pid)];
  const { status, stderr } = spawnSync('taskset', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`taskset: ${stderr}`);
}
