import { type Introspection, ok, type Result, refuse } from '@tessera/protocol';
import { recentlyUsed } from './recently-used.ts';
import type { TokenRefusal } from './token-refusal.ts';

/** What the authorization server says of a token; never rejects for what network or server did. */
export type Introspect = (token: string) => Promise<Result<Introspection, TokenRefusal>>;

/** The same, with what is remembered: `key` stands for the token. */
export type RememberingIntrospect = (
  token: string,
  key: string,
) => Promise<Result<Introspection, TokenRefusal>>;

export type CacheLimits = {
  /** 0: nothing is remembered. Otherwise a revocation is seen this much later. */
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
 * with random tokens pushes out no good one.
 */
export function answerCache(introspect: Introspect, limits: CacheLimits): RememberingIntrospect {
  const active = recentlyUsed<Held>(limits.cacheEntries);
  const inactive = recentlyUsed<Held>(limits.cacheEntries);
  const pending = new Map<string, Promise<Result<Introspection, TokenRefusal>>>();

  function find(key: string): Introspection | undefined {
    const now = limits.clock();
    for (const held of [active, inactive]) {
      const known = held.find(key);
      if (known === undefined) continue;
      if (now < known.until) return known.introspection;
      held.forget(key);
    }
    return undefined;
  }

  function hold(key: string, introspection: Introspection, askedAt: number): void {
    const until = untilWhen(introspection, limits.cacheSeconds, askedAt);
    if (until <= limits.clock()) return;
    (introspection.active ? active : inactive).hold(key, { introspection, until });
  }

  return (token, key) => {
    const known = limits.cacheSeconds > 0 ? find(key) : undefined;
    if (known !== undefined) return Promise.resolve(ok(known));
    const waiting = pending.get(key);
    if (waiting !== undefined) return waiting;
    if (pending.size >= limits.pendingMax)
      return Promise.resolve(refuse({ reason: 'validations_too_many' }));
    const askedAt = limits.clock();
    const asking = introspect(token)
      .then((answer) => {
        if (answer.ok) hold(key, answer.value, askedAt);
        return answer;
      })
      .finally(() => pending.delete(key));
    pending.set(key, asking);
    return asking;
  };
}

/** Counted from the question: what was revoked meanwhile may not be in the answer. */
function untilWhen(introspection: Introspection, seconds: number, askedAt: number): number {
  if (!introspection.active) return askedAt + Math.min(seconds, INACTIVE_SECONDS_MAX) * 1000;
  const until = askedAt + seconds * 1000;
  return introspection.expiresAt === undefined
    ? until
    : Math.min(until, introspection.expiresAt * 1000);
}
