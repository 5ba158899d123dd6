import type { ProblemRow } from './problem-row.ts';
import { PROBLEMS } from './problems.ts';
import type { InputProblem } from './read-input.ts';
import type { AdminRefusal, AdminRefusalReason } from './refusal.ts';

/** RFC 9457 §3, with the members of our own that its §3.2 allows. */
export type Problem = {
  readonly type: `urn:tessera:problem:${AdminRefusalReason}`;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** Each part of the input that is wrong. */
  readonly errors?: readonly InputProblem[];
  /** Names the request in the log and in events. */
  readonly requestId: string;
};

/** Puts a refusal into the words of RFC 9457. */
export function describeProblem(refusal: AdminRefusal, requestId: string): Problem {
  const row = PROBLEMS[refusal.reason] as ProblemRow<AdminRefusalReason>;
  return {
    type: `urn:tessera:problem:${refusal.reason}`,
    title: row.title,
    status: row.status,
    detail: typeof row.detail === 'string' ? row.detail : row.detail(refusal),
    ...(row.remedy !== undefined && { remedy: row.remedy }),
    ...(row.errors !== undefined && { errors: row.errors(refusal) }),
    requestId,
  };
}
