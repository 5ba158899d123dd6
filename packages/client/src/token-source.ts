import type { ServerMetadata } from '@tessera/protocol';
import { discover } from './discover.ts';
import type { Dpop } from './dpop.ts';
import { OAuthError, UnexpectedAnswerError } from './oauth-error.ts';
import { type IssuedToken, requestToken, type TokenRequest } from './request-token.ts';

export type TokenSourceOptions = Omit<TokenRequest, 'server' | 'signal'> &
  (
    | { readonly server: ServerMetadata; readonly issuer?: undefined }
    /** Discovered when the first token is wanted. */
    | { readonly issuer: string; readonly server?: undefined }
  ) & {
    /** Milliseconds since 1970. */
    readonly clock?: (() => number) | undefined;
    /** Between 0 and 1, spreads the renewals of many processes. */
    readonly random?: (() => number) | undefined;
  };

export type TokenSource = {
  /** A token that is good for now. Rejects like `requestToken` when there is none to be had. */
  token(): Promise<string>;
  /** Forgets a token that an API refused, so that the next one is new. */
  discard(token: string): void;
  /** The key that its tokens are bound to, if they are. */
  readonly dpop?: Dpop | undefined;
};

type Held = { readonly token: string; readonly expiresAt: number; readonly renewFrom: number };
type Failure = { readonly error: unknown; readonly told: boolean; readonly until: number };

/** A token whose lifetime the server did not tell is asked for anew after this. */
const LIFETIME_UNKNOWN_SECONDS = 60;

/** A token is not given out in its last seconds: it has to arrive, too. */
const TRAVEL_SECONDS = 5;

/** Between two attempts when the server did not say when to come back. */
const PAUSE_SECONDS = 1;

/** Longer than any reasonable `Retry-After`; a wrong one must not stop a client for a day. */
const PAUSE_SECONDS_MAX = 60;

/**
 * Holds an access token: asked for once however many wait for it, and renewed in the background
 * once 70 to 90 % of its life are over, so that nobody waits while the server can be reached.
 */
export function tokenSource(options: TokenSourceOptions): TokenSource {
  const { clock = Date.now, random = Math.random } = options;
  let server: ServerMetadata | undefined = options.server;
  let held: Held | undefined;
  let pending: Promise<Held> | undefined;
  let failure: Failure | undefined;

  async function request(): Promise<Held> {
    // Counted from before the request, so the answer's way back makes the token older, not younger.
    const askedAt = clock();
    try {
      server ??=
        options.issuer === undefined ? options.server : await discover(options.issuer, options);
      held = hold(await requestToken({ ...options, server }), askedAt, random());
      failure = undefined;
      return held;
    } catch (error) {
      const told = retryAfterOf(error);
      const pause = Math.min(told ?? PAUSE_SECONDS, PAUSE_SECONDS_MAX);
      failure = { error, told: told !== undefined, until: clock() + pause * 1000 };
      throw error;
    }
  }

  const renew = (): Promise<Held> => {
    pending ??= request().finally(() => {
      pending = undefined;
    });
    return pending;
  };

  return {
    async token() {
      const now = clock();
      const paused = failure !== undefined && now < failure.until;
      if (held === undefined || held.expiresAt <= now) {
        // The server said when to come back: asking before would only make it later.
        if (paused && failure?.told === true) throw failure.error;
        return (await renew()).token;
      }
      if (held.renewFrom <= now && !paused) renew().catch(() => {});
      return held.token;
    },
    discard(token) {
      if (held?.token === token) held = undefined;
    },
    dpop: options.dpop,
  };
}

function hold(issued: IssuedToken, askedAt: number, chance: number): Held {
  const lifetime = issued.expiresIn ?? LIFETIME_UNKNOWN_SECONDS;
  const usable = lifetime - Math.min(TRAVEL_SECONDS, lifetime / 10);
  return {
    token: issued.accessToken,
    expiresAt: askedAt + usable * 1000,
    renewFrom: askedAt + lifetime * (0.7 + 0.2 * chance) * 1000,
  };
}

const retryAfterOf = (error: unknown): number | undefined =>
  error instanceof OAuthError || error instanceof UnexpectedAnswerError
    ? error.retryAfter
    : undefined;
