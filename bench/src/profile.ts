import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of V8's CPU profile that are read. Times in microseconds. */
type CpuProfile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

const SHOWN = 40;

/** Node's options that leave a profile of each thread in a directory when the process ends. */
export function profileOptions(directory: string): readonly string[] {
  mkdirSync(directory, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${directory}`, '--cpu-prof-interval=200'];
}

/** The functions that took most time themselves, callees not counted, for each thread. */
export function describeProfiles(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.cpuprofile'))
    .flatMap((name) => [name, ...describeProfile(join(directory, name)), '']);
}

function describeProfile(file: string): readonly string[] {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)] as const));
  const times = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of profile.samples.entries()) {
    const name = names.get(id) ?? '(unknown)';
    const microseconds = profile.timeDeltas[index] ?? 0;
    if (name === '(idle)') continue;
    busy += microseconds;
    times.set(name, (times.get(name) ?? 0) + microseconds);
  }
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, time]) => `${((time / busy) * 100).toFixed(1).padStart(6)} %  ${name}`);
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']) {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  return `${name}  ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`;
}
