import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;

/** Whether processes can be bound to cores: util-linux's `taskset` and two cores. taskset(1). */
export const canPin = (): boolean =>
  availableParallelism() >= 2 && canRun(['taskset', '--version']);

/** util-linux's other tool of this kind: `prctl(PR_SET_PDEATHSIG)` outlives the programs below. */
const DIE_WITH_PARENT = ['setpriv', '--pdeathsig', 'KILL'] as const;

const dieWithParent = canRun([...DIE_WITH_PARENT, 'true']) ? DIE_WITH_PARENT : [];

/**
 * The command that runs Node on one core, and ends it when this process is killed without a
 * chance to do so. Each tool replaces itself by the next: the pid is Node's.
 */
export function nodeCommand(core: number | undefined, nodeArgs: readonly string[]): Command {
  const [command = process.execPath, ...args] = [
    ...dieWithParent,
    ...(core === undefined ? [] : ['taskset', '-c', String(core)]),
    process.execPath,
    ...nodeArgs,
  ];
  return { command, args };
}

type Command = { readonly command: string; readonly args: readonly string[] };

/** Keeps this process off the server's core; what it starts says for itself where it runs. */
export function pinThisProcess(core: number): void {
  const args = ['--all-tasks', '--pid', '--cpu-list', String(core), String(process.pid)];
  const { status, stderr } = spawnSync('taskset', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`taskset: ${stderr}`);
}

function canRun([command = '', ...args]: readonly string[]): boolean {
  return spawnSync(command, args).status === 0;
}
