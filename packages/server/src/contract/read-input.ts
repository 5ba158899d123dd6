import { ok, type Result, refuse } from '@tessera/protocol';
import type { z } from 'zod';

/** What is wrong with one part of the input, and where that part is. */
export type InputProblem = {
  readonly detail: string;
  /** RFC 6901, into the body. */
  readonly pointer?: string;
  /** The name of a query parameter. */
  readonly parameter?: string;
};

/** More problems than these are not told: whoever made them has enough to go on with. */
const PROBLEMS_MAX = 50;

/** Checks a body or a query against its schema and says all that is wrong with it. */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: 'body' | 'query',
): Result<z.output<Schema>, readonly InputProblem[]> {
  const parsed = schema.safeParse(value, { error: describeIssue });
  if (parsed.success) return ok(parsed.data);
  const problems = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => locate(where, [...issue.path, key], 'is unknown here'))
      : [locate(where, issue.path, issue.message)],
  );
  return refuse(firstOfEach(problems).slice(0, PROBLEMS_MAX));
}

/** What is too long is not also told that it is of the wrong form. */
function firstOfEach(problems: readonly InputProblem[]): readonly InputProblem[] {
  const first = new Map<string | undefined, InputProblem>();
  for (const problem of problems) {
    const place = problem.pointer ?? problem.parameter;
    if (!first.has(place)) first.set(place, problem);
  }
  return [...first.values()];
}

function locate(
  where: 'body' | 'query',
  path: readonly PropertyKey[],
  detail: string,
): InputProblem {
  if (where === 'query') return { detail, parameter: String(path[0] ?? '') };
  return { detail, pointer: jsonPointer(path) };
}

/** RFC 6901 §3. Halves of characters are replaced, since nothing could carry them. */
const jsonPointer = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => `/${String(part).slice(0, 200).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .replaceAll(/\p{Cs}/gu, '\ufffd');

const UNITS: Readonly<Record<string, string>> = { string: 'character', array: 'item' };

/** Says what would have been right. Schemas with words of their own are not asked here. */
function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'is required' : `must be ${article(issue.expected)}`;
  if (issue.code === 'invalid_value')
    return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
  if (issue.code === 'too_small') return `must ${bound(issue.origin, 'at least', issue.minimum)}`;
  if (issue.code === 'too_big') return `must ${bound(issue.origin, 'at most', issue.maximum)}`;
  return undefined;
}

function bound(origin: string, word: string, limit: number | bigint): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `be ${word} ${limit}`;
  return `have ${word} ${limit} ${unit}${limit === 1 ? '' : 's'}`;
}

const ARTICLES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const article = (type: string): string => ARTICLES[type] ?? `of type ${type}`;
