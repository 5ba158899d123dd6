/**
 * A decision: a value, or the reason why there is none.
 *
 * Refusals are values because they are expected, and every caller has to say what becomes of
 * them. Exceptions are left for faults: what nobody expected and nobody asked for.
 */
export type Result<T, R> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: R };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export const refuse = <R>(refusal: R): { readonly ok: false; readonly refusal: R } => ({
  ok: false,
  refusal,
});
