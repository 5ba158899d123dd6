import { join } from 'node:path';
import {
  type Findings,
  isDisturbed,
  type ManyClientsFinding,
  othersOf,
  type RowFinding,
  type Run,
  rateOf,
  type StartFinding,
} from './findings.ts';
import { describeMachine } from './machine.ts';
import { measureRevocation } from './measure-revocation.ts';
import { type Effort, measureRow } from './measure-row.ts';
import { measureSdk } from './measure-sdk.ts';
import { measureStart } from './measure-start.ts';
import { OptionMistaken, type Options, REVOCATION_ROW, SDK_ROW, START_ROW } from './options.ts';
import { canPin, GENERATOR_CORE, pinThisProcess } from './pinning.ts';
import { describeProfiles, profileOptions } from './profile.ts';
import { MANY_CLIENTS_ROW, ROWS } from './row.ts';
import type { Scratch } from './scratch.ts';
import { createFloor, createPeer, type Subject } from './subject.ts';
import { createTessera } from './tessera.ts';
import type { LoadResult } from './traffic.ts';

type Tell = (line: string) => void;

/** Measures all that the options ask for, one thing at a time. */
export async function measureAll(
  options: Options,
  scratch: Scratch,
  tell: Tell,
): Promise<Findings> {
  const pinned = canPin();
  if (pinned) pinThisProcess(GENERATOR_CORE);
  else tell('not pinned: taskset (util-linux) or a second core is missing');
  const effort = { seconds: options.seconds, warmUpSeconds: options.warmUpSeconds, pinned };
  const subjects = await prepareSubjects(options, scratch);

  const rows = await measureRows(options, subjects, effort, tell);
  const manyClients =
    options.clients === undefined
      ? undefined
      : await measureManyClients(options.clients, options, scratch, effort, tell);
  const starts = options.rows.includes(START_ROW)
    ? await measureStarts(subjects, pinned, tell)
    : [];
  if (options.rows.includes(SDK_ROW)) tell('the cost of a token at an API');
  const sdk = options.rows.includes(SDK_ROW) ? await measureSdk(effort) : undefined;
  const tessera = subjects.find(({ name }) => name === 'tessera');
  const revocation =
    tessera !== undefined && options.rows.includes(REVOCATION_ROW)
      ? await measureRevocation(tessera, pinned)
      : undefined;
  if (options.profile) await profileRows(options, subjects, scratch, effort, tell);
  return {
    machine: describeMachine({
      pinned,
      fileSystem: scratch.fileSystem,
      seconds: options.seconds,
      warmUpSeconds: options.warmUpSeconds,
    }),
    rows,
    starts,
    sdk,
    revocation,
    manyClients,
  };
}

/** In the order of the table: floor, Tessera, oidc-provider. */
async function prepareSubjects(
  { subjects }: Options,
  { directory }: Scratch,
): Promise<readonly Subject[]> {
  return [
    ...(subjects.includes('floor') ? [createFloor(directory)] : []),
    ...(subjects.includes('tessera') ? [await createTessera(directory)] : []),
    ...(subjects.includes('oidc-provider') ? [createPeer(directory)] : []),
  ];
}

async function measureRows(
  options: Options,
  subjects: readonly Subject[],
  effort: Effort,
  tell: Tell,
): Promise<readonly RowFinding[]> {
  const findings: RowFinding[] = [];
  for (const row of ROWS.filter(({ id }) => options.rows.includes(id)))
    for (const connections of options.connections) {
      const runs: Run[] = [];
      // The floor goes first and last: how far its two figures differ is the noise of the machine.
      const floor = subjects.find(({ name }) => name === 'floor');
      for (const subject of floor === undefined ? subjects : [...subjects, floor])
        runs.push({
          subject: subject.name,
          result: await measureUndisturbed(options.tries, () =>
            measureRow(subject, row, connections, effort),
          ),
        });
      const rates = runs.map(({ subject, result }) => `${subject} ${Math.round(rateOf(result))}/s`);
      tell(`${row.id}, ${connections} connections: ${rates.join(', ')}`);
      findings.push({ row, connections, runs });
    }
  return findings;
}

/** Measures again while other programs use the server's core, and keeps the quietest. */
async function measureUndisturbed(
  triesMax: number,
  measure: () => Promise<LoadResult>,
): Promise<LoadResult> {
  let best = await measure();
  for (let tries = 1; tries < triesMax && isDisturbed(best); tries++) {
    const next = await measure();
    if (othersOf(next) < othersOf(best)) best = next;
  }
  return best;
}

async function measureStarts(
  subjects: readonly Subject[],
  pinned: boolean,
  tell: Tell,
): Promise<readonly StartFinding[]> {
  const findings: StartFinding[] = [];
  for (const subject of subjects) {
    tell(`${subject.name}: start to first token`);
    findings.push({ subject: subject.name, result: await measureStart(subject, pinned) });
  }
  return findings;
}

/** One client, many, one, many: what changes in between is not the machine. */
async function measureManyClients(
  clients: number,
  options: Options,
  { directory }: Scratch,
  effort: Effort,
  tell: Tell,
): Promise<ManyClientsFinding> {
  const connections = Math.max(...options.connections);
  const single = await createTessera(join(directory, 'single'));
  tell(`registering ${clients} clients`);
  const crowded = await createTessera(join(directory, 'crowded'), clients);
  const { secret } = crowded.accounts.jwt;
  const one: LoadResult[] = [];
  const many: LoadResult[] = [];
  for (let turn = 0; turn < 2; turn++) {
    tell(`1 client, then ${clients} chosen at random`);
    const crowd = { ...effort, manyClients: { count: clients, secret } };
    one.push(
      await measureUndisturbed(options.tries, () =>
        measureRow(single, MANY_CLIENTS_ROW, connections, effort),
      ),
    );
    many.push(
      await measureUndisturbed(options.tries, () =>
        measureRow(crowded, MANY_CLIENTS_ROW, connections, crowd),
      ),
    );
  }
  return { clients, connections, one, many };
}

async function profileRows(
  options: Options,
  subjects: readonly Subject[],
  { directory }: Scratch,
  effort: Effort,
  tell: Tell,
): Promise<void> {
  const subject = subjects.find(({ name }) => name === 'tessera') ?? subjects[0];
  if (subject === undefined) throw new OptionMistaken('--subjects leaves nothing to profile');
  const connections = Math.max(...options.connections);
  for (const row of ROWS.filter(({ id }) => options.rows.includes(id))) {
    const profiles = join(directory, `profile-${row.id}`);
    const nodeOptions = profileOptions(profiles);
    await measureRow(subject, row, connections, { ...effort, nodeOptions });
    tell(`Where ${subject.name}'s time goes, ${row.id}:`);
    tell(describeProfiles(profiles).join('\n'));
  }
}
