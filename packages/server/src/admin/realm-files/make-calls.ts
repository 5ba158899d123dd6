import {
  ok,
  type Result,
  refuse,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
} from '@tessera/protocol';
import { describeProblem } from '../../contract/problem.ts';
import type { InputProblem } from '../../contract/read-input.ts';
import { CHOSEN_SECRETS_MAX, FILE_CHANGES_MAX } from '../../contract/realm-file.ts';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer } from '../../contract/routes.ts';
import type { Rows } from '../../environment.ts';
import type { NewEvent } from '../../model/event.ts';
import { hashAhead } from '../hash-ahead.ts';
import { keysAhead } from '../keys-ahead.ts';
import { FIRST_ALGORITHM } from '../realms/new-realm.ts';
import type { AdminEnvironment, Asked, Perform } from '../use-case.ts';
import type { Call } from './calls.ts';
import type { Members } from './thing.ts';
import { withinCommit } from './within-commit.ts';

export type MadeSecret = Answer<'applyRealm'>['secrets'][number];

/** Nobody else writes meanwhile, in any realm. A dry run takes as long. */
const COMMIT_MILLISECONDS_MAX = 5_000;

type Made = { readonly secrets: readonly MadeSecret[]; readonly events: readonly NewEvent[] };

/** Carries what was tried out of its commit, so that all of it is undone. */
type Tried = { readonly reason: 'tried' };

/**
 * Makes calls as one change: each through the door of the administration API, with its permission
 * and its rules. The first that is refused refuses, and undoes, all.
 */
export async function makeCalls(
  env: AdminEnvironment,
  asked: Asked,
  realm: string,
  calls: readonly Call[],
  dryRun: boolean,
  perform: Perform,
): Promise<Result<readonly MadeSecret[], AdminRefusal>> {
  if (calls.length > FILE_CHANGES_MAX)
    return refuse({
      reason: 'realm_file_too_long',
      changes: calls.length,
      limit: FILE_CHANGES_MAX,
    });
  const hasher = await hashChosenSecrets(env, calls);
  if (!hasher.ok) return hasher;
  const keyRing = await keysAhead(env, await missingAlgorithms(env, realm, calls));
  const ordered = [...calls.filter(({ last }) => !last), ...calls.filter(({ last }) => last)];
  const made = await env.store.commit<Made, AdminRefusal | Tried>(
    ({ events }) => events,
    async (rows) => {
      const events: NewEvent[] = [];
      const inside = { ...withinCommit(env, rows, events), hasher: hasher.value, keyRing };
      const secrets: MadeSecret[] = [];
      const began = env.clock.monotonic();
      for (const [index, call] of ordered.entries()) {
        if (env.clock.monotonic() - began > COMMIT_MILLISECONDS_MAX)
          return refuse({ reason: 'realm_file_too_slow', made: index, changes: ordered.length });
        const answered = await make(inside, rows, asked, realm, call, perform);
        if (!answered.ok) return answered;
        const secret = secretIn(answered.value);
        if (call.secretOf !== undefined && secret !== undefined && call.chosenSecret === undefined)
          secrets.push({ ...call.secretOf, secret });
      }
      return dryRun ? refuse({ reason: 'tried' }) : ok({ secrets, events });
    },
  );
  if (made.ok) return ok(made.value.secrets);
  return made.refusal.reason === 'tried' ? ok([]) : refuse(made.refusal);
}

async function make(
  env: AdminEnvironment,
  rows: Rows,
  asked: Asked,
  realm: string,
  call: Call,
  perform: Perform,
): Promise<Result<unknown, AdminRefusal>> {
  const body = await withIds(rows, realm, call);
  if (!body.ok) return body;
  const given = {
    params: { realm, ...call.params },
    query: call.query,
    body: body.value,
    precondition: call.precondition,
    requestId: asked.requestId,
    surface: asked.surface,
  };
  const answered = await perform(env, call.route, given);
  return answered.ok ? answered : refuse(atPlace(call, answered.refusal));
}

/** Users and trusted issuers by the ids that they have by now. */
async function withIds(
  rows: Rows,
  realm: string,
  { route, body, pointer }: Call,
): Promise<Result<Members | undefined, AdminRefusal>> {
  if (route === 'addWorkload') {
    const issuers = await rows.trustedIssuers.all(realm);
    const { issuer, ...members } = body ?? {};
    const found = issuers.find((one) => one.issuer === issuer);
    return found === undefined
      ? refuse(notThere([`${pointer}/issuer`], 'is no trusted issuer of the realm'))
      : ok({ ...members, issuerId: found.id });
  }
  const owners = body?.['owners'];
  if (!Array.isArray(owners)) return ok(body);
  const ids: string[] = [];
  const pointers: string[] = [];
  for (const [index, owner] of owners.entries()) {
    const user = await rows.users.findByUserName(realm, String(owner));
    if (user === undefined) pointers.push(`${pointer}/owners/${index}`);
    else ids.push(user.id);
  }
  return pointers.length === 0
    ? ok({ ...body, owners: ids })
    : refuse(notThere(pointers, 'is no user of the realm'));
}

const notThere = (pointers: readonly string[], detail: string): AdminRefusal => ({
  reason: 'realm_file_refused',
  problems: pointers.map((pointer) => ({ pointer: `/file${pointer}`, detail })),
});

/** Reasons that have nothing to do with what a file says. */
const PASSED_ON: ReadonlySet<AdminRefusal['reason']> = new Set([
  'permission_missing',
  'realm_out_of_reach',
  'password_change_required',
  'verification_overloaded',
  'store_unavailable',
]);

/** The refusal of one operation, told of the place in the file that led to it. */
function atPlace({ pointer, unnamed }: Call, refusal: AdminRefusal): AdminRefusal {
  if (PASSED_ON.has(refusal.reason)) return refusal;
  const { detail, errors, title } = describeProblem(refusal, '');
  const problems: readonly InputProblem[] =
    refusal.reason === 'revision_stale'
      ? [{ pointer: `/file${pointer}`, detail: 'has been changed meanwhile: apply the file again' }]
      : (errors ?? [{ detail: `${title}: ${detail}` }]).map((problem) => ({
          detail: unnamed === undefined ? problem.detail : `${unnamed}: ${problem.detail}`,
          pointer: `/file${pointer}${problem.pointer ?? ''}`,
        }));
  return { reason: 'realm_file_refused', problems };
}

function secretIn(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('secret' in answer)) return undefined;
  const { secret } = answer;
  return typeof secret === 'string' ? secret : secretIn(secret);
}

/** Slow hashing stays outside the transaction. */
async function hashChosenSecrets(
  env: Pick<AdminEnvironment, 'hasher'>,
  calls: readonly Call[],
): Promise<Result<AdminEnvironment['hasher'], AdminRefusal>> {
  const chosen = calls.flatMap(({ chosenSecret }) => chosenSecret ?? []);
  const detail = `choose ${chosen.length} secrets, and more than ${CHOSEN_SECRETS_MAX} at once would keep everybody else from being verified: leave secret out where a new one may be made, or apply the clients in parts`;
  return chosen.length > CHOSEN_SECRETS_MAX
    ? refuse(notThere(['/clients'], detail))
    : hashAhead(env, chosen);
}

/** Those that the calls name and the realm has no key for yet. */
async function missingAlgorithms(
  { store }: Pick<AdminEnvironment, 'store'>,
  realm: string,
  calls: readonly Call[],
): Promise<ReadonlySet<SigningAlgorithm>> {
  const keys = await store.signingKeys.all(realm);
  const signing = keys.filter(({ state }) => state === 'signing');
  const named = calls.flatMap(({ route, body }) =>
    route === 'createRealm' ? FIRST_ALGORITHM : (body?.['signingAlgorithm'] ?? []),
  );
  return new Set(
    SIGNING_ALGORITHMS.filter(
      (algorithm) =>
        named.includes(algorithm) && !signing.some((key) => key.algorithm === algorithm),
    ),
  );
}
