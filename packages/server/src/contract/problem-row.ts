import type { InputProblem } from './read-input.ts';
import type { AdminRefusal, AdminRefusalReason } from './refusal.ts';

type Refused<Reason extends AdminRefusalReason> = Extract<AdminRefusal, { reason: Reason }>;

/** One reason in the words of RFC 9457 §3.1. */
export type ProblemRow<Reason extends AdminRefusalReason> = {
  readonly status: number;
  readonly title: string;
  readonly detail: string | ((refusal: Refused<Reason>) => string);
  readonly remedy?: string;
  readonly errors?: (refusal: Refused<Reason>) => readonly InputProblem[];
};

/** The same problem at each of these places. */
export const at = (pointers: readonly string[], detail: string): readonly InputProblem[] =>
  pointers.map((pointer) => ({ pointer, detail }));

export const NOT_THERE = 'Nothing with this id exists here.';
