import type { ClientCall } from './ask-endpoint.ts';
import type { Dpop } from './dpop.ts';
import { type ServerAddress, serverFinder } from './find-server.ts';
import { UnexpectedAnswerError } from './oauth-error.ts';
import { quietTime } from './quiet-time.ts';
import {
  readRequestedScope,
  requestToken,
  type TokenRequest,
  type WantedToken,
} from './request-token.ts';
import { stopwatch as realStopwatch, type Stopwatch } from './stopwatch.ts';
import { type Attempt, type TokenSlot, tokenSlot } from './token-slot.ts';

export type TokenSourceOptions = Omit<ClientCall, 'server' | 'signal'> &
  Pick<TokenRequest, 'grant' | 'dpop'> &
  /** What tokens are for unless a call of `token` says otherwise. */
  WantedToken &
  ServerAddress & {
    /**
     * Seconds for all attempts together while there is no token to give out; 30 by default. With 0
     * the server is asked once. `timeoutSeconds` is the limit of each attempt.
     */
    readonly retrySeconds?: number | undefined;
    /** Different tokens that are held; the one used longest ago gives way. 100 by default. */
    readonly tokensMax?: number | undefined;
    /** Measures time; by default with the clocks of the platform. */
    readonly stopwatch?: Stopwatch | undefined;
    /** Between 0 and 1, spreads renewals and retries of many processes. */
    readonly random?: (() => number) | undefined;
  };

export type TokenSource = {
  /**
   * A token that is good for now, for what the source was made for or for what is named here.
   * Rejects like `requestToken` when there is none to be had, and with the reason of the signal.
   */
  token(
    wanted?: WantedToken & { readonly signal?: AbortSignal | null | undefined },
  ): Promise<string>;
  /**
   * Drops a token that an API refused, so that the next one is new. Returns whether it will be: a
   * new token that is refused at once is kept for ten seconds, or each call of the API would ask
   * the server for another.
   */
  invalidate(token: string): boolean;
  /** Drops all tokens, and all failures that are remembered. Who waits already is not disturbed. */
  forget(): void;
  /** The key that its tokens are bound to, if they are. */
  readonly dpop?: Dpop | undefined;
};

const RETRY_SECONDS = 30;
const TOKENS_MAX = 100;

/** After `invalid_client`, at first; doubled up to a minute. */
const CLIENT_QUIET_SECONDS = 5;

/**
 * Holds the access tokens of a client, one for each scope, resource and authorization details that
 * are asked for. A token is asked for once however many wait for it, and renewed in the background
 * once 70 to 90 % of its life are over, so that nobody waits while the server can be reached.
 */
export function tokenSource(options: TokenSourceOptions): TokenSource {
  const { stopwatch = realStopwatch, random = Math.random, timeoutSeconds = 10 } = options;
  const { retrySeconds = RETRY_SECONDS, tokensMax = TOKENS_MAX } = options;
  const finder = serverFinder(options, stopwatch);
  const powers = { stopwatch, random, retrySeconds };
  let clientQuiet = quietTime(CLIENT_QUIET_SECONDS, powers);
  const slots = new Map<string, TokenSlot>();

  const attemptFor =
    (wanted: WantedToken): Attempt =>
    async (signal, seconds) => {
      const limits = { signal, timeoutSeconds: Math.min(timeoutSeconds, seconds) };
      const server = await finder.find({ ...options, ...limits });
      try {
        return await requestToken({ ...options, ...wanted, ...limits, server });
      } catch (error) {
        if (error instanceof UnexpectedAnswerError && error.status < 500) finder.doubt();
        throw error;
      }
    };

  function slotOf(wanted: WantedToken): TokenSlot {
    const key = keyOf(wanted);
    const slot = slots.get(key) ?? tokenSlot(attemptFor(wanted), { ...powers, clientQuiet });
    slots.delete(key);
    slots.set(key, slot);
    for (const oldest of slots.keys()) if (slots.size > tokensMax) slots.delete(oldest);
    return slot;
  }

  return {
    async token(asked = {}) {
      const { scope = options.scope, resource = options.resource, signal } = asked;
      const { authorizationDetails = options.authorizationDetails } = asked;
      return slotOf({ scope, resource, authorizationDetails }).token(signal ?? undefined);
    },
    // All of them are asked, so that no copy of it stays.
    invalidate: (token) => [...slots.values()].map((slot) => slot.invalidate(token)).every(Boolean),
    forget() {
      slots.clear();
      clientQuiet = quietTime(CLIENT_QUIET_SECONDS, powers);
    },
    dpop: options.dpop,
  };
}

/** The same for whatever means the same: neither scopes nor resources have an order. */
function keyOf({ scope, resource, authorizationDetails }: WantedToken): string {
  const scopes = [...new Set(readRequestedScope(scope))].sort();
  const resources = [...new Set([resource ?? []].flat())].sort();
  return JSON.stringify([scopes, resources, authorizationDetails ?? []]);
}
