import { backoff, pause } from './backoff.ts';
import { judgeFailure } from './judge-failure.ts';
import { type QuietTime, quietTime } from './quiet-time.ts';
import type { IssuedToken } from './read-token-response.ts';
import type { Elapsed, Stopwatch } from './stopwatch.ts';

/** One attempt to get a token, within so many seconds. */
export type Attempt = (signal: AbortSignal, seconds: number) => Promise<IssuedToken>;

export type SlotPowers = {
  readonly stopwatch: Stopwatch;
  /** Between 0 and 1. */
  readonly random: () => number;
  /** For all attempts together. */
  readonly retrySeconds: number;
  /** Shared by all slots of a client: it is not believed at all. */
  readonly clientQuiet: QuietTime;
};

/** The place of one kind of token: empty, or with a token that is good. */
export type TokenSlot = {
  token(signal?: AbortSignal): Promise<string>;
  /** Drops this token, if it is the one. Returns whether the next one will be another. */
  invalidate(token: string): boolean;
};

type Held = { readonly token: string; readonly age: Elapsed; readonly life: Life };

/** Seconds since the request: how long a token is given out, and from when a new one is sought. */
type Life = { readonly usable: number; readonly renewFrom: number };

/** A token whose lifetime the server did not tell is asked for anew after this. */
const LIFETIME_UNKNOWN_SECONDS = 60;

/** A token is not given out in its last seconds: it has to arrive, too. */
const TRAVEL_SECONDS = 5;

/** An API that refuses even new tokens must not make every call of it a call of the server. */
const INVALIDATION_SECONDS = 10;

/** Between two renewals in the background, at first. */
const RENEWAL_QUIET_SECONDS = 1;

/** After a refusal of this very request, at first. */
const REQUEST_QUIET_SECONDS = 1;

/** 70 to 90 % of a token's life, by chance, so that many processes do not renew in step. */
export function lifeOf(expiresIn: number | undefined, chance: number): Life {
  const lifetime = expiresIn ?? LIFETIME_UNKNOWN_SECONDS;
  return {
    usable: lifetime - Math.min(TRAVEL_SECONDS, lifetime / 10),
    renewFrom: (lifetime * (7 + 2 * chance)) / 10,
  };
}

/**
 * Holds one token: asked for once however many wait, given out while it is good, and renewed in
 * the background before its end.
 *
 * A renewal in the background is one attempt; the next call of `token` begins another, after a
 * pause. So no timer of it keeps a process alive. Who has nothing to use waits through as many
 * attempts as fit into `retrySeconds`; when the last one who waits gives up, so do they.
 */
export function tokenSlot(attempt: Attempt, powers: SlotPowers): TokenSlot {
  const { stopwatch, random, retrySeconds, clientQuiet } = powers;
  const requestQuiet = quietTime(REQUEST_QUIET_SECONDS, powers);
  const renewalQuiet = quietTime(RENEWAL_QUIET_SECONDS, powers);
  let held: Held | undefined;
  let renewal: Promise<Held> | undefined;
  let search: { readonly found: Promise<Held>; waiting: number; giveUp(): void } | undefined;
  let invalidated: Elapsed | undefined;

  async function ask(signal: AbortSignal, seconds: number): Promise<Held> {
    // Counted from before the request, so the answer's way back makes the token older, not younger.
    const age = stopwatch();
    const issued = await attempt(signal, seconds);
    held = { token: issued.accessToken, age, life: lifeOf(issued.expiresIn, random()) };
    for (const quiet of [requestQuiet, renewalQuiet, clientQuiet]) quiet.end();
    return held;
  }

  function note(error: unknown): void {
    const verdict = judgeFailure(error);
    if (verdict.kind === 'refused')
      (verdict.whom === 'client' ? clientQuiet : requestQuiet).begin(error);
    else if (verdict.kind === 'transient' && verdict.wait !== undefined)
      requestQuiet.begin(error, verdict.wait);
  }

  function renew(): void {
    if (renewal !== undefined || search !== undefined) return;
    if ((renewalQuiet.now() ?? requestQuiet.now() ?? clientQuiet.now()) !== undefined) return;
    renewal = ask(new AbortController().signal, left(0)).finally(() => {
      renewal = undefined;
    });
    renewal.catch((error: unknown) => {
      renewalQuiet.begin(error);
      note(error);
    });
  }

  /** As many attempts as it takes and as there is time for. */
  async function persist(signal: AbortSignal): Promise<Held> {
    const elapsed = stopwatch();
    for (let failures = 0; ; ) {
      const quiet = clientQuiet.now() ?? requestQuiet.now();
      if (quiet !== undefined) {
        const passes = judgeFailure(quiet.error).kind === 'transient';
        if (!passes || elapsed() + quiet.seconds >= retrySeconds) throw quiet.error;
        await pause(quiet.seconds, signal);
      }
      // The renewal that is under way may be enough; its failure has been noted where it began.
      const renewing = renewal;
      try {
        return await (renewing ?? ask(signal, left(elapsed())));
      } catch (error) {
        failures += 1;
        if (renewing === undefined && !signal.aborted) note(error);
        const verdict = judgeFailure(error);
        const wait = backoff(failures, random());
        if (verdict.kind !== 'transient' || signal.aborted || elapsed() + wait >= retrySeconds)
          throw error;
        // What the server asked for beyond that is a quiet time, waited for where this begins anew.
        await pause(wait, signal);
      }
    }
  }

  /** Seconds for one more attempt; a last one that could not succeed would only be a burden. */
  const left = (elapsed: number): number =>
    retrySeconds === 0 ? Number.POSITIVE_INFINITY : Math.max(retrySeconds - elapsed, 1);

  function join(signal: AbortSignal | undefined): Promise<string> {
    if (search === undefined) {
      const controller = new AbortController();
      const found = persist(controller.signal).finally(() => {
        if (search?.found === found) search = undefined;
      });
      found.catch(() => {});
      search = { found, waiting: 0, giveUp: () => controller.abort() };
    }
    return wait(search, signal);
  }

  async function wait(
    joined: NonNullable<typeof search>,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    joined.waiting += 1;
    try {
      return (await unlessAborted(joined.found, signal)).token;
    } finally {
      joined.waiting -= 1;
      if (joined.waiting === 0 && signal?.aborted === true) {
        if (search === joined) search = undefined;
        joined.giveUp();
      }
    }
  }

  return {
    async token(signal) {
      signal?.throwIfAborted();
      if (held === undefined || held.age() >= held.life.usable) return join(signal);
      if (held.age() >= held.life.renewFrom) renew();
      return held.token;
    },
    invalidate(token) {
      if (held?.token !== token) return true;
      if (invalidated !== undefined && invalidated() < INVALIDATION_SECONDS) return false;
      invalidated = stopwatch();
      held = undefined;
      return true;
    },
  };
}

/** The outcome, unless the signal comes first: then its reason. */
async function unlessAborted<T>(outcome: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return outcome;
  let abandon = (): void => {};
  const abandoned = new Promise<void>((resolve) => {
    abandon = resolve;
    signal.addEventListener('abort', abandon);
  });
  try {
    await Promise.race([outcome, abandoned]);
    signal.throwIfAborted();
    return await outcome;
  } finally {
    signal.removeEventListener('abort', abandon);
  }
}
