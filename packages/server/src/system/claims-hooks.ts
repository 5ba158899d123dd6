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
import { LRUCache } from 'lru-cache';
import type { ClaimsHooks, Clock, Environment } from '../environment.ts';
import type { ClaimsQuestion, HookProblem } from '../model/claims-question.ts';
import { fairSlots, type Share } from './fair-slots.ts';

/** Answers that are remembered, and the characters of all of them. */
const ANSWERS_MAX = 20_000;
const ANSWERS_LENGTH_MAX = 8_000_000;

/** Hooks of whose failures is known; the least recently used one is forgotten first. */
const HOOKS_MAX = 2_000;

/**
 * Questions at a time, and those that wait for one: of all; of a realm, of whose many clients or
 * hooks others notice nothing; to a hook; of a client to it, and to however many. Whoever floods
 * makes itself wait, and nobody else lose claims.
 */
const ROOM = {
  all: { places: 50, waiting: 500 },
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

/** So many failures in a row, and for a while nobody is asked but one at a time. */
const FAILURES_MAX = 5;

/** Milliseconds of that while, doubled with each further failure. */
const BACK_OFF = { first: 1_000, most: 30_000 };

const BYTES_MAX = 16_384;

type Answer = Result<Claims, HookProblem>;

type HookState = { failures: number; retryAt: number; readonly name: string };

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
  const answers = new LRUCache<string, Remembered>({
    max: ANSWERS_MAX,
    maxSize: ANSWERS_LENGTH_MAX,
    sizeCalculation: ({ claims }) => 200 + JSON.stringify(claims).length,
  });
  const underWay = new Map<string, Promise<Answer>>();
  const states = new LRUCache<string, HookState>({ max: HOOKS_MAX });
  const room = fairSlots();
  const now = () => env.clock.monotonic();

  const stateOf = ({ hook, request }: ClaimsQuestion): HookState => {
    const name = JSON.stringify([request.realm, hook.apiId, hook.url]);
    const known = states.get(name);
    if (known !== undefined) return known;
    const state = { failures: 0, retryAt: Number.NEGATIVE_INFINITY, name };
    states.set(name, state);
    return state;
  };

  const askInTurn = async (question: ClaimsQuestion, state: HookState): Promise<Answer> => {
    const { realm } = question.request;
    const { timeoutMilliseconds } = question.hook;
    const closed = findClosed(state);
    if (closed !== undefined) return refuseUnasked(realm, closed);
    const shares = sharesOf(question, state.name);
    const leave = await room.take(shares, timeoutMilliseconds * WAITING_PART);
    if (leave === undefined) return refuseUnasked(realm, { problem: 'busy', retryAfter: 1 });
    try {
      // It may have failed meanwhile, for all who were before.
      const closedSince = findClosed(state);
      if (closedSince !== undefined) return refuseUnasked(realm, closedSince);
      // After many failures there is one place, and this takes it.
      if (state.failures >= FAILURES_MAX)
        state.retryAt = now() + timeoutMilliseconds + BACK_OFF.first;
      return await askOnce(question, state);
    } finally {
      leave();
    }
  };

  const refuseUnasked = (realm: string, problem: HookProblem): Answer => {
    env.metrics.claimsHookAnswered(realm, problem.problem, undefined);
    return refuse(problem);
  };

  const askOnce = async (question: ClaimsQuestion, state: HookState): Promise<Answer> => {
    const { realm } = question.request;
    const started = now();
    const answer = await fetchClaims(env, question);
    const outcome = answer.ok ? 'answered' : answer.refusal.problem;
    env.metrics.claimsHookAnswered(realm, outcome, (now() - started) / 1_000);
    if (answer.ok) {
      state.failures = 0;
      state.retryAt = Number.NEGATIVE_INFINITY;
      return answer;
    }
    state.failures += 1;
    const doubled = BACK_OFF.first * 2 ** Math.max(0, state.failures - FAILURES_MAX);
    if (state.failures >= FAILURES_MAX) state.retryAt = now() + Math.min(doubled, BACK_OFF.most);
    const { apiId, url } = question.hook;
    const { retryAfter: _, ...problem } = answer.refusal;
    env.log.warn({ realm, apiId, host: new URL(url).host, ...problem }, 'a claims hook failed');
    return answer;
  };

  /** Whether it failed so often that it is not asked for a while. */
  const findClosed = ({ retryAt }: HookState): HookProblem | undefined => {
    const wait = retryAt - now();
    return wait > 0 ? { problem: 'circuit_open', retryAfter: Math.ceil(wait / 1_000) } : undefined;
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
      const asking = askInTurn(question, stateOf(question)).finally(() => underWay.delete(key));
      underWay.set(key, asking);
      const answer = await asking;
      const { cacheSeconds } = question.hook;
      if (answer.ok && cacheSeconds > 0)
        answers.set(key, { claims: answer.value, until: now() + cacheSeconds * 1_000 });
      return answer;
    },
  };
}

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
