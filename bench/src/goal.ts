import { costOf, type Findings, meanOf, type RowFinding, rateOf } from './findings.ts';
import type { SubjectName } from './subject.ts';

/** A number to reach, and what was found. */
export type Judgement = {
  readonly words: string;
  readonly found: number;
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
  readonly unit: string;
  readonly reached: boolean;
};

type RowGoal = {
  readonly words: string;
  readonly bound: Judgement['bound'];
  readonly limit: number;
  readonly unit: string;
  /** Only where most requests are in flight: the rate a disk allows depends on their number. */
  readonly atMostConnections?: true;
  readonly find: (finding: RowFinding) => number | undefined;
};

const costOverFloor = (limit: number): RowGoal => ({
  words: 'CPU per request ÷ floor',
  bound: 'at most',
  limit,
  unit: '',
  find: (finding) => quotient(costIn(finding, 'tessera'), costIn(finding, 'floor')),
});

const rateOverPeer = (limit: number): RowGoal => ({
  words: 'rate ÷ oidc-provider',
  bound: 'at least',
  limit,
  unit: '',
  find: (finding) => quotient(rateIn(finding, 'tessera'), rateIn(finding, 'oidc-provider')),
});

const ROW_GOALS: Readonly<Record<string, readonly RowGoal[]>> = {
  'token-jwt': [costOverFloor(1.25), rateOverPeer(2.5)],
  'token-jwt-chosen': [costOverFloor(1.25), rateOverPeer(2.5)],
  'token-opaque': [
    {
      words: 'rate',
      bound: 'at least',
      limit: 8000,
      unit: '/s',
      atMostConnections: true,
      find: (finding) => rateIn(finding, 'tessera'),
    },
    rateOverPeer(1.5),
  ],
  'token-private-key-jwt': [
    {
      words: 'rate',
      bound: 'at least',
      limit: 4000,
      unit: '/s',
      atMostConnections: true,
      find: (finding) => rateIn(finding, 'tessera'),
    },
  ],
  'introspect-jwt': [costOverFloor(1.5), rateOverPeer(4)],
  'introspect-opaque': [costOverFloor(1.5), rateOverPeer(4)],
};

const START_MILLISECONDS = 1000;
const IDLE_MEGABYTES = 120;
const MANY_CLIENTS_RATE = 0.9;
const MANY_CLIENTS_MEGABYTES = 400;

/** What a row must reach, for those servers that were measured. */
export function judgeRow(finding: RowFinding, mostConnections: number): readonly Judgement[] {
  return (ROW_GOALS[finding.row.id] ?? []).flatMap(({ find, atMostConnections, ...goal }) => {
    if (atMostConnections && finding.connections < mostConnections) return [];
    return judge(goal, find(finding));
  });
}

export function judgeStart({ starts }: Findings): readonly Judgement[] {
  const tessera = starts.find(({ subject }) => subject === 'tessera')?.result;
  return [
    ...judge(
      {
        words: 'start to first token',
        bound: 'at most',
        limit: START_MILLISECONDS,
        unit: ' ms',
      },
      tessera?.milliseconds,
    ),
    ...judge(
      { words: 'RSS idle', bound: 'at most', limit: IDLE_MEGABYTES, unit: ' MB' },
      tessera?.idleMegabytes,
    ),
  ];
}

const SEEN_MICROSECONDS = 3;
const NEW_OVER_VERIFY = 1.15;

export function judgeSdk({ sdk }: Findings): readonly Judgement[] {
  return [
    ...judge(
      { words: 'token seen before', bound: 'at most', limit: SEEN_MICROSECONDS, unit: ' µs' },
      sdk?.seen,
    ),
    ...judge(
      {
        words: 'new token ÷ one crypto.verify',
        bound: 'at most',
        limit: NEW_OVER_VERIFY,
        unit: '',
      },
      quotient(sdk?.new, sdk?.verify),
    ),
  ];
}

const REVOCATION_MILLISECONDS = 2000;

export const judgeRevocation = ({ revocation }: Findings): readonly Judgement[] =>
  judge(
    {
      words: 'revocation to refusal, p99',
      bound: 'at most',
      limit: REVOCATION_MILLISECONDS,
      unit: ' ms',
    },
    revocation?.p99,
  );

export function judgeManyClients({ manyClients }: Findings): readonly Judgement[] {
  if (manyClients === undefined) return [];
  const { one, many } = manyClients;
  const memory = many.map(({ server }) => server?.residentMegabytes);
  return [
    ...judge(
      {
        words: 'rate of many clients ÷ rate of one',
        bound: 'at least',
        limit: MANY_CLIENTS_RATE,
        unit: '',
      },
      quotient(meanOf(many.map(rateOf)), meanOf(one.map(rateOf))),
    ),
    ...judge(
      { words: 'RSS', bound: 'at most', limit: MANY_CLIENTS_MEGABYTES, unit: ' MB' },
      meanOf(memory),
    ),
  ];
}

function judge(
  goal: Omit<Judgement, 'found' | 'reached'>,
  found: number | undefined,
): readonly Judgement[] {
  if (found === undefined) return [];
  const reached = goal.bound === 'at most' ? found <= goal.limit : found >= goal.limit;
  return [{ ...goal, found, reached }];
}

/** The floor is measured twice: its mean is what the others are held against. */
const costIn = ({ runs }: RowFinding, name: SubjectName): number | undefined =>
  meanOf(runs.filter(({ subject }) => subject === name).map(({ result }) => costOf(result)));

const rateIn = ({ runs }: RowFinding, name: SubjectName): number | undefined =>
  meanOf(runs.filter(({ subject }) => subject === name).map(({ result }) => rateOf(result)));

const quotient = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a / b;
