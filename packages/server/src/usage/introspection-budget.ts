import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock, IntrospectionBudget } from '../environment.ts';
import type { Client } from '../model/client.ts';

export type IntrospectionLimits = {
  /** Tokens that are not active in a row. */
  readonly capacity: number;
  /** How many more each second. */
  readonly refillPerSecond: number;
  /** How many more for each token that is active. */
  readonly refillPerActive: number;
};

const INTROSPECTION_LIMITS: IntrospectionLimits = {
  capacity: 1_000,
  refillPerSecond: 2,
  refillPerActive: 5,
};

const CALLERS_MAX = 10_000;
const ACTIVE_MAX = 20_000;

/**
 * Whoever asks about token after token to find those that are active gets few answers. Whoever asks
 * about tokens that callers have shown to it has mostly active ones, and these give back what the
 * others took. A flood of rubbish against such an API must not cut off the tokens in use: while the
 * budget of a caller is low, the tokens that were active are remembered, and answered on.
 */
export function introspectionBudget(
  clock: Clock,
  { capacity, refillPerSecond, refillPerActive }: IntrospectionLimits = INTROSPECTION_LIMITS,
): IntrospectionBudget {
  /** The second at which the caller's budget is whole again; of most callers it always is. */
  const wholeAt = new LRUCache<string, number>({ max: CALLERS_MAX });
  const active = new LRUCache<string, true>({ max: ACTIVE_MAX });
  const keyOf = ({ realm, clientId }: Client): string => `${realm}\0${clientId}`;
  const seconds = (): number => clock.monotonic() / 1_000;
  const full = capacity / refillPerSecond;

  return {
    wait(caller, token) {
      const whole = wholeAt.get(keyOf(caller));
      if (whole === undefined) return 0;
      const wait = Math.ceil(whole - full + 1 / refillPerSecond - seconds());
      return wait > 0 && !active.has(nameOf(caller, token)) ? wait : 0;
    },
    answered(caller, token, isActive) {
      const key = keyOf(caller);
      const whole = wholeAt.get(key);
      // Nearly every answer: an active token, and nothing to give back.
      if (whole === undefined && isActive) return;
      const now = seconds();
      const missing = Math.max(0, (whole ?? now) - now);
      if (isActive && missing * 2 > full) active.set(nameOf(caller, token), true);
      const change = isActive ? -refillPerActive : 1;
      const after = Math.min(full, Math.max(0, missing + change / refillPerSecond));
      if (after === 0) wholeAt.delete(key);
      else wholeAt.set(key, now + after);
    },
  };
}

/** No token is kept in clear to be compared with. */
const nameOf = ({ realm, clientId }: Client, token: string): string =>
  createHash('sha256').update(`${realm}\0${clientId}\0${token}`).digest('base64');
