/** Seconds before the second attempt, about. */
const FIRST_SECONDS = 0.25;

/** Seconds between two attempts at most, unless the server wants more. */
const LONGEST_SECONDS = 8;

/**
 * Seconds to wait before attempt `failures + 1`: doubled each time, and between half of that and
 * all of it, so that many clients of a server that was away do not come back in step. `chance`
 * between 0 and 1.
 */
export const backoff = (failures: number, chance: number): number =>
  Math.min(FIRST_SECONDS * 2 ** (failures - 1), LONGEST_SECONDS) * (0.5 + chance / 2);

/** Waits; rejects with the reason of the signal as soon as nobody wants the outcome any more. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, seconds * 1000);
    signal.addEventListener('abort', end);
  });
  signal.throwIfAborted();
}
