import type { Elapsed, Stopwatch } from './stopwatch.ts';

/** After a failure: for how long the server is left alone. */
export type QuietTime = {
  /** Why nobody asks now, and for how many seconds still. */
  now(): { readonly error: unknown; readonly seconds: number } | undefined;
  /** Begins, or begins anew. `told`: seconds that the server itself named. */
  begin(error: unknown, told?: number): void;
  end(): void;
};

/** Longer than any reasonable `Retry-After`; a wrong one must not stop a client for a day. */
const QUIET_SECONDS_MAX = 60;

/**
 * Quiet times that double from failure to failure, `firstSeconds` to a minute, each a little
 * shorter by chance, so that a fleet does not come back in step.
 */
export function quietTime(
  firstSeconds: number,
  powers: { readonly stopwatch: Stopwatch; readonly random: () => number },
): QuietTime {
  let failures = 0;
  let quiet: { error: unknown; seconds: number; elapsed: Elapsed } | undefined;
  return {
    now() {
      const seconds = quiet === undefined ? 0 : quiet.seconds - quiet.elapsed();
      return quiet === undefined || seconds <= 0 ? undefined : { error: quiet.error, seconds };
    },
    begin(error, told) {
      const doubled = Math.min(firstSeconds * 2 ** failures, QUIET_SECONDS_MAX);
      failures += 1;
      const seconds = told ?? doubled * (0.8 + powers.random() / 5);
      quiet = {
        error,
        seconds: Math.min(seconds, QUIET_SECONDS_MAX),
        elapsed: powers.stopwatch(),
      };
    },
    end() {
      failures = 0;
      quiet = undefined;
    },
  };
}
