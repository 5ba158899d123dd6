import { hash } from 'node:crypto';
import {
  CLAIMS_REQUEST_HEADER,
  type Claims,
  describeClaimsRequestProof,
  ok,
  type Result,
  readClaimsAnswer,
  refuse,
} from '@tessera/protocol';
import type { ClaimsHooks, Clock, Environment } from '../environment.ts';
import type { ClaimsQuestion, HookProblem } from '../model/claims-question.ts';
import { recentlyUsed } from '../recently-used.ts';
import { fairSlots, type Share } from './fair-slots.ts';
import { hookCircuits } from './hook-circuits.ts';

/** Characters of all answers that are remembered, and what each takes besides its own. */
const ANSWERS_LENGTH_MAX = 8_000_000;
const ANSWER_LENGTH = 400;

/**
 * Questions at a time, and those that wait for one: of all; of a realm, of whose many clients or
 * hooks others notice nothing; to a hook; of a client to it, and to however many. Whoever floods
 * makes itself wait, and nobody else lose claims.
 */
const ROOM = {
  all: { places: 50, waiting: 2_000 },
  realm: { places: 40, waiting: 300 },
  hook: { places: 10, waiting: 100 },
  client: { places: 10, waiting: 20 },
  clientAtHook: { places: 5, waiting: 10 },
};

/**
 * Of its timeout, that a question waits for its turn at most. The answer has the whole of it after
 * that: a crowd must not look like a hook that fails, which nobody would ask for a while.
 */
const WAITING_PART = 0.5;

const BYTES_MAX = 16_384;

type Answer = Result<Claims, HookProblem>;

type Remembered = { readonly claims: Claims; readonly until: number };

type Env = Pick<
  Environment,
  'addresses' | 'keyRing' | 'log' | 'metrics' | 'outbound' | 'random'
> & {
  readonly clock: Pick<Clock, 'monotonic' | 'now'>;
};

/**
 * Asks the hooks of APIs for claims. An answer counts for as long as its API says, for the same
 * revision of the client and of the API and for everything else that the hook was told but the id
 * of the request. However many ask the same at once, the hook is asked once.
 */
export function claimsHooks(env: Env): ClaimsHooks {
  const answers = recentlyUsed<string, Remembered>(
    ANSWERS_LENGTH_MAX,
    ({ claims }) => ANSWER_LENGTH + JSON.stringify(claims).length,
  );
  const underWay = new Map<string, Promise<Answer>>();
  const circuits = hookCircuits(env.clock);
  const room = fairSlots();
  const now = () => env.clock.monotonic();

  const askInTurn = async (question: ClaimsQuestion): Promise<Answer> => {
    const { realm, client_id: clientId } = question.request;
    const { timeoutMilliseconds } = question.hook;
    const hook = nameOf(question);
    const closed = findClosed(hook, clientId);
    if (closed !== undefined) return refuseUnasked(realm, closed);
    const leave = await room.take(sharesOf(question, hook), timeoutMilliseconds * WAITING_PART);
    if (leave === undefined) return refuseUnasked(realm, { problem: 'busy', retryAfter: 1 });
    try {
      // It may have failed meanwhile, for all who were before.
      const closedSince = findClosed(hook, clientId);
      if (closedSince !== undefined) return refuseUnasked(realm, closedSince);
      circuits.begin(hook, clientId, timeoutMilliseconds);
      const answer = await askOnce(question);
      circuits.end(hook, clientId, answer.ok);
      return answer;
    } finally {
      leave();
    }
  };

  const refuseUnasked = (realm: string, problem: HookProblem): Answer => {
    env.metrics.claimsHookAnswered(realm, problem.problem, undefined);
    return refuse(problem);
  };

  const askOnce = async (question: ClaimsQuestion): Promise<Answer> => {
    const { realm } = question.request;
    const started = now();
    const answer = await fetchClaims(env, question);
    const outcome = answer.ok ? 'answered' : answer.refusal.problem;
    env.metrics.claimsHookAnswered(realm, outcome, (now() - started) / 1_000);
    if (answer.ok) return answer;
    const { apiId, url } = question.hook;
    const { retryAfter: _, ...problem } = answer.refusal;
    env.log.warn({ realm, apiId, host: new URL(url).host, ...problem }, 'a claims hook failed');
    return answer;
  };

  /** Whether it failed so often that it is not asked for a while. */
  const findClosed = (hook: string, clientId: string): HookProblem | undefined => {
    const retryAfter = circuits.wait(hook, clientId);
    return retryAfter === undefined ? undefined : { problem: 'circuit_open', retryAfter };
  };

  return {
    async ask(question) {
      const { realm } = question.request;
      const key = keyOf(question);
      const known = answers.get(key);
      if (known !== undefined && now() < known.until) {
        env.metrics.claimsHookAnswered(realm, 'cached', undefined);
        return ok(known.claims);
      }
      const shared = underWay.get(key);
      if (shared !== undefined) {
        env.metrics.claimsHookAnswered(realm, 'shared', undefined);
        return shared;
      }
      const asking = askInTurn(question).finally(() => underWay.delete(key));
      underWay.set(key, asking);
      const answer = await asking;
      const { cacheSeconds } = question.hook;
      if (answer.ok && cacheSeconds > 0)
        answers.set(key, { claims: answer.value, until: now() + cacheSeconds * 1_000 });
      return answer;
    },
  };
}

const nameOf = ({ hook, request }: ClaimsQuestion): string =>
  JSON.stringify([request.realm, hook.apiId, hook.url]);

/** Whose room a question takes, the largest first. */
function sharesOf({ request }: ClaimsQuestion, hookName: string): readonly Share[] {
  const { realm, client_id: clientId } = request;
  return [
    { name: 'all', ...ROOM.all },
    { name: JSON.stringify(['realm', realm]), ...ROOM.realm },
    { name: JSON.stringify(['hook', hookName]), ...ROOM.hook },
    { name: JSON.stringify(['client', realm, clientId]), ...ROOM.client },
    { name: JSON.stringify(['client at hook', clientId, hookName]), ...ROOM.clientAtHook },
  ];
}

/** All that the answer depends on. */
const keyOf = ({ request, hook, clientRevision }: ClaimsQuestion): string =>
  hash(
    'sha256',
    JSON.stringify([{ ...request, request_id: '' }, hook.url, hook.apiRevision, clientRevision]),
    'base64url',
  );

async function fetchClaims(env: Env, question: ClaimsQuestion): Promise<Answer> {
  const { request, hook, algorithm } = question;
  const body = JSON.stringify(request);
  const proof = describeClaimsRequestProof(
    env.addresses.issuer(request.realm),
    hook.url,
    Buffer.from(env.random.bytes(16)).toString('base64url'),
    hash('sha256', body, 'base64url'),
    env.clock.now(),
  );
  const signature = await env.keyRing.signClaimsRequest(request.realm, algorithm, proof);
  const answer = await env.outbound.postJson(hook.url, {
    body,
    headers: { [CLAIMS_REQUEST_HEADER]: signature },
    timeout: hook.timeoutMilliseconds,
    bytesMax: BYTES_MAX,
  });
  const claims = answer.ok ? readClaimsAnswer(answer.value.document) : answer;
  return claims.ok ? claims : refuse({ ...claims.refusal, retryAfter: 1 });
}
