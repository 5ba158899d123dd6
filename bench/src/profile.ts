import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of V8's CPU profile that are read. Times in microseconds. */
type CpuProfile = {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

type ProfileNode = {
  readonly id: number;
  readonly children?: readonly number[];
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
};

const SHOWN = 40;

/** Node's options that leave a profile of each thread in a directory when the process ends. */
export function profileOptions(directory: string): readonly string[] {
  mkdirSync(directory, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${directory}`, '--cpu-prof-interval=200'];
}

/** Where each thread spent its time, start and warm-up left out. */
export function describeProfiles(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.cpuprofile'))
    .sort()
    .flatMap((name) => {
      const { itself, withCallees } = readProfile(join(directory, name));
      return [
        name,
        '  the function itself',
        ...describeShares(itself),
        '  with all that it called',
        ...describeShares(withCallees),
        '',
      ];
    });
}

type Times = { readonly itself: Map<string, number>; readonly withCallees: Map<string, number> };

function readProfile(file: string): Times {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const byId = new Map(nodes.map((node) => [node.id, node] as const));
  const callerOf = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  const itself = new Map<string, number>();
  const withCallees = new Map<string, number>();
  // The first half is the start of the server and its warm-up.
  for (let index = Math.floor(samples.length / 2); index < samples.length; index++) {
    const time = timeDeltas[index] ?? 0;
    const names = new Set<string>();
    for (let id = samples[index]; id !== undefined; id = callerOf.get(id)) {
      const node = byId.get(id);
      if (node !== undefined) names.add(nameOf(node));
    }
    const [own] = names;
    if (own === undefined || own === '(idle)') continue;
    add(itself, own, time);
    for (const name of names) add(withCallees, name, time);
  }
  return { itself, withCallees };
}

const add = (times: Map<string, number>, name: string, time: number): void =>
  void times.set(name, (times.get(name) ?? 0) + time);

/** As parts of the time in which the thread did anything. */
function describeShares(times: ReadonlyMap<string, number>): readonly string[] {
  const busy = times.get('(root)') ?? [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .filter(([name]) => name !== '(root)')
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, time]) => `${((time / busy) * 100).toFixed(1).padStart(8)} %  ${name}`);
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url === '' ? name : `${name}  ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`;
}
