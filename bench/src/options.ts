import { parseArgs } from 'node:util';
import { ROWS } from './row.ts';
import { SUBJECT_NAMES, type SubjectName } from './subject.ts';

export type Options = {
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** How often a measurement is made at most while other programs disturb it. */
  readonly tries: number;
  readonly connections: readonly number[];
  readonly rows: readonly string[];
  readonly subjects: readonly SubjectName[];
  /** How many clients to choose from in the row of many clients; undefined: no such row. */
  readonly clients: number | undefined;
  readonly directory: string | undefined;
  readonly json: boolean;
  readonly profile: boolean;
  /** Whether results are kept in bench/results. */
  readonly write: boolean;
};

export const START_ROW = 'start';
export const SDK_ROW = 'sdk-token';
export const REVOCATION_ROW = 'sdk-revocation';

/** What is measured beside the rows that every server has. */
const OTHER_ROWS = [START_ROW, SDK_ROW, REVOCATION_ROW] as const;

export const USAGE = `npm run bench -- [options]

Measures Tessera beside the floor of this runtime and oidc-provider, one after the other, each on
one core. Close other programs first. A whole run takes about eight minutes, a quick one two.

  --quick               2 s a measurement after 1 s of warm-up, in place of 8 s after 3 s; one try
  --seconds N           length of a measurement, 1 to 60
  --warm-up N           length of the warm-up, 0 to 60
  --tries N             how often a disturbed measurement is made at most, 1 to 10 (3; quick: 1)
  --connections A,B     kept-alive connections, each with one request at a time (10,50)
  --rows A,B            ${[...ROWS.map(({ id }) => id), ...OTHER_ROWS].join(', ')}
  --subjects A,B        ${SUBJECT_NAMES.join(', ')}
  --clients N           also measure tokens for N clients, chosen at random (1 to 1000000)
  --directory PATH      where databases are put; a real disk, no memory file system
  --profile             run each measurement of Tessera once more under the CPU profiler and print
                        where its time goes
  --json                print everything that was measured as JSON
  --write               keep the results in bench/results even of a run that was narrowed
  --help
`;

/** The options, or what is wrong with them; undefined when help is asked for. */
export function readOptions(args: readonly string[]): Options | undefined {
  const values = parseOptions(args);
  if (values.help) return undefined;
  const { quick } = values;
  const narrowed =
    quick ||
    [values.seconds, values['warm-up'], values.connections, values.rows, values.subjects].some(
      (value) => value !== undefined,
    );
  const rowIds = [...ROWS.map(({ id }) => id), ...OTHER_ROWS];
  return {
    seconds: readCount('--seconds', values.seconds ?? (quick ? '2' : '8'), 1, 60),
    warmUpSeconds: readCount('--warm-up', values['warm-up'] ?? (quick ? '1' : '3'), 0, 60),
    tries: readCount('--tries', values.tries ?? (quick ? '1' : '3'), 1, 10),
    connections: (values.connections ?? '10,50')
      .split(',')
      .map((count) => readCount('--connections', count, 1, 1000)),
    rows: readNames('--rows', values.rows, rowIds),
    subjects: readNames('--subjects', values.subjects, SUBJECT_NAMES),
    clients:
      values.clients === undefined
        ? undefined
        : readCount('--clients', values.clients, 1, 1_000_000),
    directory: values.directory,
    json: values.json,
    profile: values.profile,
    write: values.write || !narrowed,
  };
}

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  seconds: { type: 'string' },
  'warm-up': { type: 'string' },
  tries: { type: 'string' },
  connections: { type: 'string' },
  rows: { type: 'string' },
  subjects: { type: 'string' },
  clients: { type: 'string' },
  directory: { type: 'string' },
  profile: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const parseOptions = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (fault) {
    throw new OptionMistaken(fault instanceof Error ? fault.message : String(fault));
  }
};

/** What a person typed wrongly; the message is for them. */
export class OptionMistaken extends Error {
  override readonly name = 'OptionMistaken';
}

function readCount(option: string, value: string, min: number, max: number): number {
  const count = Number(value);
  if (!/^\d+$/.test(value) || count < min || count > max)
    throw new OptionMistaken(`${option} takes a whole number from ${min} to ${max}`);
  return count;
}

function readNames<Name extends string>(
  option: string,
  value: string | undefined,
  known: readonly Name[],
): readonly Name[] {
  if (value === undefined) return known;
  return value.split(',').map((name) => {
    const found = known.find((candidate) => candidate === name);
    if (found === undefined)
      throw new OptionMistaken(`${option} takes some of ${known.join(', ')}, not "${name}"`);
    return found;
  });
}
