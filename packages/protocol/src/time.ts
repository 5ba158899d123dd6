declare const unit: unique symbol;

/** Seconds since 1970-01-01T00:00:00Z, whole. RFC 7519 §2. */
export type NumericDate = number & { readonly [unit]: 'NumericDate' };

/** A length of time in whole seconds. */
export type Seconds = number & { readonly [unit]: 'Seconds' };

export const numericDate = (value: number): NumericDate => value as NumericDate;
export const seconds = (value: number): Seconds => value as Seconds;

export const later = (instant: NumericDate, by: Seconds): NumericDate =>
  (instant + by) as NumericDate;

export const between = (from: NumericDate, to: NumericDate): Seconds => (to - from) as Seconds;

/**
 * How far ahead the clock of somebody else may be. FAPI 2.0 Security Profile 5.3.2.1 asks to accept
 * 10 seconds and to refuse more than 60.
 */
export const CLOCK_AHEAD_MAX = seconds(30);

/** Whole seconds for operators, however far off somebody's clock or claim is. */
export const missedBy = (seconds: number): number =>
  Math.round(Math.max(-MISSED_MAX, Math.min(seconds, MISSED_MAX)));

/** About three centuries: beyond, it is no clock. */
const MISSED_MAX = 10_000_000_000;
