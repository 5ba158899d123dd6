import { createHash } from 'node:crypto';
import type { Clock, IntrospectionBudget } from '../environment.ts';
import type { Client } from '../model/client.ts';
import { recentlyUsed } from '../recently-used.ts';

export type IntrospectionLimits = {
  /** Guesses in a row. */
  readonly capacity: number;
  /** How many more each second. */
  readonly refillPerSecond: number;
};

const INTROSPECTION_LIMITS: IntrospectionLimits = { capacity: 1_000, refillPerSecond: 20 };

const CALLERS_MAX = 10_000;
const TOKENS_MAX = 20_000;

/**
 * Whoever asks about text after text to find those that are tokens gets few answers. A guess is a
 * text that this server never made a token of and that the caller did not ask about before: what
 * callers have shown to an honest API was nearly always made here, be it expired or revoked. Such a
 * token takes nothing and gives nothing, or one that is known would buy guesses without end.
 *
 * A flood of rubbish against an API must not cut off the tokens in use: while the budget of a caller
 * is low, the tokens that it asks about are remembered, and answered on.
 */
export function introspectionBudget(
  clock: Clock,
  { capacity, refillPerSecond }: IntrospectionLimits = INTROSPECTION_LIMITS,
): IntrospectionBudget {
  /** The second at which the caller's budget is whole again; of most callers it always is. */
  const wholeAt = recentlyUsed<string, number>(CALLERS_MAX);
  /** Apart, so that rubbish drives no token out. */
  const made = recentlyUsed<string, true>(TOKENS_MAX);
  const guessed = recentlyUsed<string, true>(TOKENS_MAX);
  const keyOf = ({ realm, clientId }: Client): string => `${realm}\0${clientId}`;
  const seconds = (): number => clock.monotonic() / 1_000;
  const full = capacity / refillPerSecond;

  return {
    wait(caller, token) {
      const whole = wholeAt.get(keyOf(caller));
      if (whole === undefined) return 0;
      const wait = Math.ceil(whole - full + 1 / refillPerSecond - seconds());
      if (wait <= 0) return 0;
      const name = nameOf(caller, token);
      return made.has(name) || guessed.has(name) ? 0 : wait;
    },
    answered(caller, token, isMade) {
      const key = keyOf(caller);
      const whole = wholeAt.get(key);
      // Nearly every answer.
      if (whole === undefined && isMade) return;
      const now = seconds();
      const missing = Math.max(0, (whole ?? now) - now);
      if (isMade) {
        if (missing === 0) wholeAt.delete(key);
        else if (missing * 2 > full) made.set(nameOf(caller, token), true);
        return;
      }
      const name = nameOf(caller, token);
      if (guessed.has(name)) return;
      guessed.set(name, true);
      wholeAt.set(key, now + Math.min(full, missing + 1 / refillPerSecond));
    },
  };
}

/** No token is kept in clear to be compared with. */
const nameOf = ({ realm, clientId }: Client, token: string): string =>
  createHash('sha256').update(`${realm}\0${clientId}\0${token}`).digest('base64');
