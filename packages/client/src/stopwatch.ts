/** Seconds since it was started. */
export type Elapsed = () => number;

/** Starts a measurement. */
export type Stopwatch = () => Elapsed;

/**
 * Measures by both clocks and believes the later one. The wall clock may be set back, and an
 * expired token would live on; the other one stands still while a machine sleeps.
 */
export const stopwatch: Stopwatch = () => {
  const [wall, steady] = [Date.now(), performance.now()];
  return () => Math.max(Date.now() - wall, performance.now() - steady) / 1000;
};
