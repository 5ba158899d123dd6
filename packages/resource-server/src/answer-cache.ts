import { type Introspection, ok, type Result, refuse } from '@tessera/protocol';
import type { Introspect } from './introspect.ts';
import type { TokenRefusal } from './token-refusal.ts';

export type CacheLimits = {
  /** 0: every request is asked about. Otherwise a revocation is seen this much later. */
  readonly cacheSeconds: number;
  /** Answers held; the oldest make room. */
  readonly cacheEntries: number;
  /** Questions under way at once; more are refused. */
  readonly pendingMax: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
};

type Held = { readonly introspection: Introspection; readonly until: number };

/**
 * That a token is inactive is remembered this long at most: it may be a token so new that the
 * node that was asked has not heard of it.
 */
const INACTIVE_SECONDS_MAX = 5;

/**
 * Remembers answers, never beyond the end of the token, and asks once however many wait for the
 * same. RFC 7662 §4. Active and inactive tokens are held apart, so that whoever floods the API
 * with random tokens pushes out no good one; tokens are held as digests, never themselves.
 */
export function answerCache(introspect: Introspect, limits: CacheLimits): Introspect {
  const active = new Map<string, Held>();
  const inactive = new Map<string, Held>();
  const pending = new Map<string, Promise<Result<Introspection, TokenRefusal>>>();
  let under = 0;

  async function ask(token: string): Promise<Result<Introspection, TokenRefusal>> {
    if (under >= limits.pendingMax) return refuse({ reason: 'validations_too_many' });
    under += 1;
    try {
      return await introspect(token);
    } finally {
      under -= 1;
    }
  }

  function find(key: string): Introspection | undefined {
    for (const held of [active, inactive]) {
      const known = held.get(key);
      if (known === undefined) continue;
      if (limits.clock() < known.until) return known.introspection;
      held.delete(key);
    }
    return undefined;
  }

  function hold(key: string, introspection: Introspection): void {
    const until = untilWhen(introspection, limits);
    if (until <= limits.clock()) return;
    const held = introspection.active ? active : inactive;
    held.delete(key);
    for (const oldest of held.keys()) {
      if (held.size < limits.cacheEntries) break;
      held.delete(oldest);
    }
    held.set(key, { introspection, until });
  }

  if (limits.cacheSeconds <= 0 || limits.cacheEntries < 1) return ask;
  return async (token) => {
    const key = await digest(token);
    const known = find(key);
    if (known !== undefined) return ok(known);
    const waiting = pending.get(key);
    if (waiting !== undefined) return waiting;
    const asking = ask(token)
      .then((answer) => {
        if (answer.ok) hold(key, answer.value);
        return answer;
      })
      .finally(() => pending.delete(key));
    pending.set(key, asking);
    return asking;
  };
}

function untilWhen(introspection: Introspection, limits: CacheLimits): number {
  const now = limits.clock();
  if (!introspection.active)
    return now + Math.min(limits.cacheSeconds, INACTIVE_SECONDS_MAX) * 1000;
  const until = now + limits.cacheSeconds * 1000;
  return introspection.expiresAt === undefined
    ? until
    : Math.min(until, introspection.expiresAt * 1000);
}

async function digest(token: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
  return String.fromCharCode(...new Uint8Array(bytes));
}
