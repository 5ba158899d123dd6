import { ok, type Result, refuse } from '@tessera/protocol';
import type { Permission } from '../../contract/permission.ts';
import type { RealmFile } from '../../contract/realm-file.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer } from '../../contract/routes.ts';
import type { AdminEnvironment, Asked, Perform, UseCase } from '../use-case.ts';
import { type Call, callsOf } from './calls.ts';
import { describeDifference, diffRealm, type RealmDiff } from './diff-realm.ts';
import { makeCalls } from './make-calls.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { newRealmThings, readRealm } from './read-realm.ts';
import { readRealmFile } from './read-realm-file.ts';
import type { ThingsOfRealm } from './thing.ts';
import { writeRealmFile } from './write-realm-file.ts';

/** What a file tells of, and so what whoever exports or compares one must be allowed to see. */
const READING: readonly Permission[] = [
  'providers:read',
  'users:read',
  'applications:read',
  'clients:read',
  'credentials:read',
  'apis:read',
  'client-grants:read',
  'trust:read',
];

async function readAllowed(
  env: Pick<AdminEnvironment, 'store'>,
  asked: Asked,
): Promise<Result<ThingsOfRealm, AdminRefusal>> {
  const missing = READING.find((one) => !asked.administrator.permissions.has(one));
  if (missing !== undefined) return refuse({ reason: 'permission_missing', permission: missing });
  return readRealm(env, asked);
}

export const exportRealm: UseCase<'exportRealm'> = async (env, asked) => {
  const current = await readAllowed(env, asked);
  return current.ok ? ok(writeRealmFile(asked.realm.name, current.value.things)) : current;
};

export const compareRealm: UseCase<'compareRealm'> = async (env, asked, { body }) => {
  const current = await readAllowed(env, asked);
  if (!current.ok) return current;
  return ok(describeDiff(diffOf(current.value, asked.realm.name, body.file, body.prune)));
};

/** All or nothing: one commit, and every call by the rules of its operation. */
export const applyRealm: UseCase<'applyRealm'> = async (env, asked, { body }, perform) => {
  const { file, prune, dryRun } = body;
  const { name } = asked.realm;
  return oneAtATime(env, name, async () => {
    const current = await readAllowed(env, asked);
    if (!current.ok) return current;
    const diff = diffOf(current.value, name, file, prune);
    return apply(env, asked, name, diff, [], dryRun, perform);
  });
};

export const importRealm: UseCase<'importRealm'> = async (env, asked, { body }, perform) => {
  const { file, dryRun } = body;
  const name = body.name ?? file.realm.name;
  const diff = diffOf(newRealmThings(name), name, file, false);
  const creation: Call = {
    route: 'createRealm',
    params: {},
    body: { name },
    pointer: '/realm',
  };
  return oneAtATime(env, name, () => apply(env, asked, name, diff, [creation], dryRun, perform));
};

const diffOf = (
  current: ThingsOfRealm,
  realm: string,
  file: RealmFile,
  prune: boolean,
): RealmDiff =>
  diffRealm(current, readRealmFile(file), { prune, renames: file.realm.name === realm });

async function apply(
  env: AdminEnvironment,
  asked: Asked,
  realm: string,
  diff: RealmDiff,
  before: readonly Call[],
  dryRun: boolean,
  perform: Perform,
): Promise<Result<Answer<'applyRealm'>, AdminRefusal>> {
  const calls = diff.differences.flatMap((difference) => callsOf(difference, asked.now));
  const secrets = await makeCalls(env, asked, realm, [...before, ...calls], dryRun, perform);
  if (!secrets.ok) return secrets;
  return ok({ realm, applied: !dryRun, ...describeDiff(diff), secrets: secrets.value });
}

const describeDiff = ({ differences, keptCount }: RealmDiff): Answer<'compareRealm'> => ({
  changes: differences.map(describeDifference),
  keptCount,
});
