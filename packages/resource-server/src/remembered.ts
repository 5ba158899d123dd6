import { type Result, refuse } from '@tessera/protocol';

export type RememberedLimits = {
  /** After so long a value is fetched anew, while the one there is still serves. */
  readonly freshSeconds: number;
  /** For so long a value serves while no newer one can be had. */
  readonly usableSeconds: number;
  /** Between two fetches that somebody else can cause. */
  readonly coolDownSeconds: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
};

/** A value that somebody else keeps, and the copy of it that there is here. */
export type Remembered<T, P> = {
  /** What serves at the moment; undefined: nothing. Never waits; starts what is due. */
  current(): T | undefined;
  /** What serves, fetched first if nothing does. */
  find(): Promise<Result<T, P>>;
  /** For who misses something in what serves: a newer value, unless there was just a fetch. */
  renew(): Promise<Result<T, P>>;
};

/** After a failure the next fetch waits so long, however many ask. */
const RETRY_MILLISECONDS = 1000;

/**
 * Fetches once, however many wait; goes on with what it has while nothing newer can be had, but not
 * for ever; and asks no more often than the cool-down allows, whatever callers send.
 */
export function remembered<T, P>(
  fetchValue: () => Promise<Result<T, P>>,
  { freshSeconds, usableSeconds, coolDownSeconds, clock }: RememberedLimits,
): Remembered<T, P> {
  let held: { readonly value: T; readonly at: number } | undefined;
  let failed: { readonly problem: P; readonly at: number } | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<Result<T, P>> | undefined;

  const age = (): number => (held === undefined ? Number.POSITIVE_INFINITY : clock() - held.at);

  function fetchOnce(): Promise<Result<T, P>> {
    fetching ??= fetchAnew().finally(() => {
      fetching = undefined;
    });
    return fetching;
  }

  async function fetchAnew(): Promise<Result<T, P>> {
    triedAt = clock();
    const fetched = await fetchValue();
    if (fetched.ok) {
      // From when it was asked for: it may have been old already when it arrived.
      held = { value: fetched.value, at: triedAt };
      failed = undefined;
    } else failed = { problem: fetched.refusal, at: clock() };
    return fetched;
  }

  const mayRetry = (): boolean => failed === undefined || clock() - failed.at >= RETRY_MILLISECONDS;

  function current(): T | undefined {
    if (held === undefined) return undefined;
    const milliseconds = age();
    if (milliseconds > freshSeconds * 1000 && fetching === undefined && mayRetry())
      void fetchOnce();
    return milliseconds > usableSeconds * 1000 ? undefined : held.value;
  }

  async function find(): Promise<Result<T, P>> {
    const value = current();
    if (value !== undefined) return { ok: true, value };
    if (fetching === undefined && failed !== undefined && !mayRetry())
      return refuse(failed.problem);
    return fetchOnce();
  }

  return {
    current,
    find,
    async renew() {
      if (fetching === undefined && clock() - triedAt < coolDownSeconds * 1000) return find();
      const fetched = await fetchOnce();
      return fetched.ok ? fetched : find();
    },
  };
}
