import type { Problem } from '@tessera/server/contract';

/** What the administration API refused, in its own words. RFC 9457 §3 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  get reason(): string {
    return this.problem.type.replace('urn:tessera:problem:', '');
  }

  /**
   * What is wrong with each member of the body, by its name in a form: `/client/scopes/0` and
   * `/scopes/0/name` → `scopes`. A member of a list is no field of that name beside it.
   */
  get fields(): Readonly<Record<string, string>> {
    const fields: Record<string, string> = {};
    for (const { pointer, detail } of this.problem.errors ?? []) {
      const [outside = ''] = pointer?.split(/\/\d+(?:\/|$)/, 1) ?? [];
      const name = outside.split('/').at(-1) ?? '';
      if (name !== '') fields[name] ??= detail;
    }
    return fields;
  }

  /** The same by the path of a member within lists, as forms name it: `/claims/1/name` → `claims.1.name`. */
  get paths(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      (this.problem.errors ?? []).flatMap(({ pointer, detail }) =>
        pointer === undefined ? [] : [[pointer.slice(1).replaceAll('/', '.'), detail]],
      ),
    );
  }
}

/** The server could not be asked at all. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** One sentence for people, whatever was thrown. */
export function describeError(error: unknown): { readonly title: string; readonly text: string } {
  if (error instanceof ProblemError) {
    const { title, detail, remedy } = error.problem;
    return { title, text: remedy === undefined ? detail : `${detail} ${remedy}` };
  }
  if (error instanceof UnreachableError)
    return {
      title: 'No connection',
      text: 'The server does not answer. Your input is kept; try again.',
    };
  return {
    title: 'Something went wrong',
    text: error instanceof Error ? error.message : String(error),
  };
}
