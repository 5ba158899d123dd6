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

/** Answers that are remembered, and the characters of all of them. */
const ANSWERS_MAX = 20_000;
const ANSWERS_LENGTH_MAX = 8_000_000;

/** Hooks of whose failures is known; the least recently used one is forgotten first. */
const HOOKS_MAX = 2_000;

/** Questions to one hook at a time: what is more fails at once instead of waiting. */
const CONCURRENT_MAX = 10;

/** So many failures in a row, and for a while nobody is asked but one at a time. */
const FAILURES_MAX = 5;

/** Milliseconds of that while, doubled with each further failure. */
const BACK_OFF = { first: 1_000, most: 30_000 };

const BYTES_MAX = 16_384;

type Answer = Result<Claims, HookProblem>;

type HookState = { failures: number; retryAt: number; asked: number };

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
  const now = () => env.clock.monotonic();

  const stateOf = ({ hook, request }: ClaimsQuestion): HookState => {
    const key = JSON.stringify([request.realm, hook.apiId, hook.url]);
    const known = states.get(key);
    if (known !== undefined) return known;
    const state = { failures: 0, retryAt: Number.NEGATIVE_INFINITY, asked: 0 };
    states.set(key, state);
    return state;
  };

  const askOnce = async (question: ClaimsQuestion, state: HookState): Promise<Answer> => {
    const { realm } = question.request;
    const started = now();
    state.asked += 1;
    const answer = await fetchClaims(env, question).finally(() => {
      state.asked -= 1;
    });
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

  /** Why the hook is not asked now; takes the one place that there is after many failures. */
  const findObstacle = (question: ClaimsQuestion, state: HookState): HookProblem | undefined => {
    const wait = state.retryAt - now();
    if (wait > 0) return { problem: 'circuit_open', retryAfter: Math.ceil(wait / 1_000) };
    if (state.asked >= CONCURRENT_MAX) return { problem: 'busy', retryAfter: 1 };
    if (state.failures >= FAILURES_MAX)
      state.retryAt = now() + question.hook.timeoutMilliseconds + BACK_OFF.first;
    return undefined;
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
      const state = stateOf(question);
      const obstacle = findObstacle(question, state);
      if (obstacle !== undefined) {
        env.metrics.claimsHookAnswered(realm, obstacle.problem, undefined);
        return refuse(obstacle);
      }
      const asking = askOnce(question, state).finally(() => underWay.delete(key));
      underWay.set(key, asking);
      const answer = await asking;
      const { cacheSeconds } = question.hook;
      if (answer.ok && cacheSeconds > 0)
        answers.set(key, { claims: answer.value, until: now() + cacheSeconds * 1_000 });
      return answer;
    },
  };
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
