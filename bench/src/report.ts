import {
  costOf,
  type Findings,
  isDisturbed,
  type ManyClientsFinding,
  mainThreadCostOf,
  meanOf,
  othersOf,
  type RowFinding,
  rateOf,
  type SdkSubject,
} from './findings.ts';
import {
  type Judgement,
  judgeManyClients,
  judgeRevocation,
  judgeRow,
  judgeSdk,
  judgeStart,
} from './goal.ts';
import type { LoadResult } from './traffic.ts';

/** Above these, something else than the server's work bounded the rate. */
const IDLE_MAX = 0.05;
const GENERATOR_MAX = 0.95;

const HEADINGS = ['', 'rate/s', 'CPU µs', 'main µs', '÷ floor', 'p50 ms', 'p99 ms', 'RSS MB', ''];

/** Everything that was found, as lines for a terminal or a fenced block. */
export function describeFindings(findings: Findings): readonly string[] {
  const most = Math.max(...findings.rows.map(({ connections }) => connections));
  return [
    ...findings.rows.flatMap((finding) => [...describeRow(finding, most), '']),
    ...describeStarts(findings),
    ...describeSdk(findings),
    ...describeRevocation(findings),
    ...(findings.manyClients === undefined ? [] : describeManyClients(findings.manyClients)),
    ...describeJudgements(judgeManyClients(findings)),
  ];
}

function describeRow(finding: RowFinding, mostConnections: number): readonly string[] {
  const { row, connections, runs } = finding;
  const floor = meanOf(
    runs.filter(({ subject }) => subject === 'floor').map(({ result }) => costOf(result)),
  );
  return [
    `${row.title} (${row.id}), ${connections} connections`,
    ...align([
      HEADINGS,
      ...runs.map(({ subject, result }) => cellsOf(subject, result, floor, row.remarks?.[subject])),
    ]),
    ...describeJudgements(judgeRow(finding, mostConnections)),
    ...warnOfDisturbance(runs.map(({ result }) => result)),
  ];
}

/** Rates of a core that was shared say nothing about goals. */
const warnOfDisturbance = (results: readonly LoadResult[]): readonly string[] =>
  results.some(isDisturbed)
    ? ['  Other programs used the core meanwhile: measure again before you believe this.']
    : [];

function cellsOf(
  name: string,
  result: LoadResult,
  floor?: number,
  remark?: string,
): readonly string[] {
  const cost = costOf(result);
  return [
    name,
    formatCount(rateOf(result)),
    formatCost(cost),
    formatCost(mainThreadCostOf(result)),
    cost === undefined || floor === undefined ? '-' : (cost / floor).toFixed(2),
    (result.p50 / 1000).toFixed(2),
    (result.p99 / 1000).toFixed(2),
    result.server === undefined ? '-' : result.server.residentMegabytes.toFixed(0),
    [...(remark === undefined ? [] : [remark]), ...describeDoubts(result)].join(', '),
  ];
}

/** Why a figure may not be what the server could do; nothing when nothing speaks against it. */
function describeDoubts(result: LoadResult): readonly string[] {
  const { server, generatorShare } = result;
  const core = server?.core;
  return [
    ...(isDisturbed(result)
      ? [`other programs took ${formatShare(othersOf(result))} of the core`]
      : []),
    ...(core !== undefined && core.idle > IDLE_MAX
      ? [`the core waited ${formatShare(core.idle)} of the time`]
      : []),
    ...(generatorShare > GENERATOR_MAX
      ? [`the generator used ${formatShare(generatorShare)} of its core`]
      : []),
  ];
}

function describeStarts(findings: Findings): readonly string[] {
  if (findings.starts.length === 0) return [];
  return [
    'Start to first token (start)',
    ...align([
      ['', 'ms', 'RSS idle MB', ''],
      ...findings.starts.map(({ subject, result }) => [
        subject,
        result.milliseconds.toFixed(0),
        result.idleMegabytes === undefined ? '-' : result.idleMegabytes.toFixed(0),
        '',
      ]),
    ]),
    ...describeJudgements(judgeStart(findings)),
    '',
  ];
}

const SDK_NAMES = {
  verify: 'one crypto.verify',
  floor: 'floor: parsed, verified',
  new: 'SDK, new token',
  seen: 'SDK, token seen before',
  jose: 'jose jwtVerify',
  'express-jwt': 'express-jwt',
} as const satisfies Record<SdkSubject, string>;

function describeSdk(findings: Findings): readonly string[] {
  const { sdk } = findings;
  if (sdk === undefined) return [];
  return [
    'A token at an API, JWT ES256, no server asked (sdk-token)',
    ...align([
      ['', 'CPU µs', '÷ verify', ''],
      ...Object.entries(SDK_NAMES).map(([subject, name]) => {
        const cost = sdk[subject as SdkSubject];
        return [name, cost.toFixed(2), (cost / sdk.verify).toFixed(2), ''];
      }),
    ]),
    ...describeJudgements(judgeSdk(findings)),
    '',
  ];
}

function describeRevocation(findings: Findings): readonly string[] {
  const { revocation } = findings;
  if (revocation === undefined) return [];
  return [
    `Revocation to refusal at an offline API, ${revocation.tokens} tokens (sdk-revocation)`,
    ...align([
      ['', 'p50 ms', 'p99 ms', ''],
      ['tessera', revocation.p50.toFixed(0), revocation.p99.toFixed(0), ''],
    ]),
    ...describeJudgements(judgeRevocation(findings)),
    '',
  ];
}

function describeManyClients(finding: ManyClientsFinding): readonly string[] {
  const { clients, connections, one, many } = finding;
  return [
    `Token, JWT ES256, clients chosen at random, ${connections} connections`,
    ...align([
      HEADINGS,
      ...one.map((result) => cellsOf('1 client', result)),
      ...many.map((result) => cellsOf(`${formatCount(clients)} clients`, result)),
    ]),
    ...warnOfDisturbance([...one, ...many]),
  ];
}

const describeJudgements = (judgements: readonly Judgement[]): readonly string[] =>
  align(
    judgements.map(({ words, found, bound, limit, unit, reached }) => [
      `  ${words}`,
      `${formatNumber(found)}${unit}`,
      `${bound === 'at most' ? '<=' : '>='} ${formatNumber(limit)}${unit}`,
      reached ? 'reached' : 'NOT REACHED',
    ]),
  );

/** Columns of equal width: names and remarks to the left, figures to the right. */
function align(lines: readonly (readonly string[])[]): readonly string[] {
  const widths = (lines[0] ?? []).map((_cell, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const last = widths.length - 1;
  return lines.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || column === last ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

const formatCost = (cost: number | undefined): string =>
  cost === undefined ? '-' : cost.toFixed(1);
const formatCount = (value: number): string => Math.round(value).toLocaleString('en-US');
const formatShare = (value: number): string => `${Math.round(value * 100)} %`;
const formatNumber = (value: number): string =>
  value >= 100 ? formatCount(value) : String(Number(value.toFixed(2)));
