import { ok, type Result, refuse } from '@tessera/protocol';

/*
 * `_queryFilter` of ForgeRock's Common REST (CREST): which objects of a collection are meant.
 *
 *   filter     = term *( "or" term )
 *   term       = factor *( "and" factor )
 *   factor     = "!" factor / "(" filter ")" / "true" / "false" / comparison
 *   comparison = pointer "pr" / pointer operator value
 *   value      = JSON string, number, boolean or null; a string also in single quotes
 */

export type QueryFilter =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly QueryFilter[] }
  | { readonly kind: 'not'; readonly term: QueryFilter }
  | { readonly kind: 'present'; readonly pointer: Pointer }
  | {
      readonly kind: 'comparison';
      readonly pointer: Pointer;
      readonly operator: Operator;
      readonly value: Scalar;
    };

/** Members on the way from the object to what is compared. RFC 6901 §3 */
export type Pointer = readonly [string, ...string[]];
export type Scalar = string | number | boolean | null;

const OPERATORS = ['eq', 'co', 'sw', 'lt', 'le', 'gt', 'ge'] as const;
type Operator = (typeof OPERATORS)[number];

/** No filter that a person or a program means is longer, or deeper. */
const LENGTH_MAX = 4_096;
const TOKENS_MAX = 200;
const DEPTH_MAX = 32;

/** Why a text is no filter, as a sentence. */
export type FilterProblem = string;

export function parseQueryFilter(text: string): Result<QueryFilter, FilterProblem> {
  if (text.length > LENGTH_MAX) return refuse(`it is longer than ${LENGTH_MAX} characters`);
  const tokens = split(text);
  if (!tokens.ok) return tokens;
  const reader: Reader = { tokens: tokens.value, at: 0 };
  const filter = readAny(reader, 0);
  if (!filter.ok) return filter;
  const rest = reader.tokens[reader.at];
  return rest === undefined
    ? filter
    : refuse(`nothing was expected at ${JSON.stringify(rest.text)}`);
}

type Token = { readonly kind: 'mark' | 'word' | 'quoted'; readonly text: string };

/** A mark, a quoted string, or what stands between spaces and marks. */
const TOKEN =
  /\s+|(?<mark>[()!])|"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>(?:[^'\\]|\\.)*)'|(?<word>[^\s()!"']+)/gsy;

function split(text: string): Result<readonly Token[], FilterProblem> {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    end = match.index + match[0].length;
    const { mark, double, single, word } = match.groups ?? {};
    if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (double !== undefined || single !== undefined) {
      const value = unquote(double ?? escapeDouble(single ?? ''));
      if (value === undefined) return refuse(`${match[0]} is no string of JSON`);
      tokens.push({ kind: 'quoted', text: value });
    }
  }
  if (tokens.length > TOKENS_MAX) return refuse(`it has more than ${TOKENS_MAX} words`);
  return end === text.length ? ok(tokens) : refuse(`a string that begins at ${end} does not end`);
}

/** What single quotes hold may contain double ones; the escapes are JSON's but for `\'`. */
const escapeDouble = (text: string): string =>
  text.replaceAll(/\\'|"/g, (found) => (found === '"' ? '\\"' : "'"));

function unquote(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

type Reader = { readonly tokens: readonly Token[]; at: number };
type Read = Result<QueryFilter, FilterProblem>;

const readAny = (reader: Reader, depth: number): Read =>
  readJoined(reader, 'or', () => readJoined(reader, 'and', () => readFactor(reader, depth)));

function readJoined(reader: Reader, kind: 'and' | 'or', read: () => Read): Read {
  const first = read();
  if (!first.ok) return first;
  const terms = [first.value];
  while (takesWord(reader, kind)) {
    const next = read();
    if (!next.ok) return next;
    terms.push(next.value);
  }
  return ok(terms.length === 1 ? first.value : { kind, terms });
}

function readFactor(reader: Reader, depth: number): Read {
  if (depth > DEPTH_MAX) return refuse(`it nests deeper than ${DEPTH_MAX}`);
  if (takesMark(reader, '!')) {
    const term = readFactor(reader, depth + 1);
    return term.ok ? ok({ kind: 'not', term: term.value }) : term;
  }
  if (takesMark(reader, '(')) {
    const inner = readAny(reader, depth + 1);
    if (!inner.ok) return inner;
    return takesMark(reader, ')') ? inner : refuse('a parenthesis is not closed');
  }
  if (takesWord(reader, 'true')) return ok({ kind: 'constant', value: true });
  if (takesWord(reader, 'false')) return ok({ kind: 'constant', value: false });
  return readComparison(reader);
}

function readComparison(reader: Reader): Read {
  const named = reader.tokens[reader.at++];
  if (named?.kind !== 'word')
    return refuse(named === undefined ? 'it ends too early' : `${named.text} is no attribute`);
  const pointer = readPointer(named.text);
  if (pointer === undefined) return refuse(`${named.text} is no attribute`);
  if (takesWord(reader, 'pr')) return ok({ kind: 'present', pointer });
  const operator = OPERATORS.find((one) => takesWord(reader, one));
  if (operator === undefined)
    return refuse(`after ${named.text} comes one of ${OPERATORS.join(', ')} or pr`);
  const value = readValue(reader.tokens[reader.at++]);
  return value === undefined
    ? refuse(`after ${operator} comes a string in quotes, a number, true, false or null`)
    : ok({ kind: 'comparison', pointer, operator, value: value.scalar });
}

/** `a/b` and `/a/b` are the same. RFC 6901 §3 for `~0` and `~1`. */
function readPointer(text: string): Pointer | undefined {
  const [first, ...others] = text
    .replace(/^\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return first === undefined || [first, ...others].includes('') ? undefined : [first, ...others];
}

function readValue(token: Token | undefined): { readonly scalar: Scalar } | undefined {
  if (token === undefined || token.kind === 'mark') return undefined;
  if (token.kind === 'quoted') return { scalar: token.text };
  if (token.text === 'null') return { scalar: null };
  if (token.text === 'true' || token.text === 'false') return { scalar: token.text === 'true' };
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(token.text)
    ? { scalar: Number(token.text) }
    : undefined;
}

const takesMark = (reader: Reader, text: string): boolean => takes(reader, 'mark', text);
const takesWord = (reader: Reader, text: string): boolean => takes(reader, 'word', text);

function takes(reader: Reader, kind: Token['kind'], text: string): boolean {
  const token = reader.tokens[reader.at];
  if (token?.kind !== kind || token.text !== text) return false;
  reader.at++;
  return true;
}

// ---------------------------------------------------------------------------------------------

/** Whether an object is meant. A list is meant when any of its items is. */
export function matchesFilter(filter: QueryFilter, object: unknown): boolean {
  switch (filter.kind) {
    case 'constant':
      return filter.value;
    case 'and':
      return filter.terms.every((term) => matchesFilter(term, object));
    case 'or':
      return filter.terms.some((term) => matchesFilter(term, object));
    case 'not':
      return !matchesFilter(filter.term, object);
    case 'present':
      return valuesAt(object, filter.pointer).length > 0;
    case 'comparison':
      return valuesAt(object, filter.pointer).some((value) =>
        compares(value, filter.operator, filter.value),
      );
  }
}

function valuesAt(object: unknown, pointer: readonly string[]): readonly unknown[] {
  const [member, ...rest] = pointer;
  if (member === undefined) {
    if (Array.isArray(object)) return object as readonly unknown[];
    return object === undefined || object === null ? [] : [object];
  }
  if (Array.isArray(object)) return object.flatMap((item) => valuesAt(item, pointer));
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, member)) return [];
  return valuesAt((object as Readonly<Record<string, unknown>>)[member], rest);
}

/** Text is compared without regard to case, as AM and IDM compare it. */
function compares(value: unknown, operator: Operator, wanted: Scalar): boolean {
  if (typeof value === 'string' && typeof wanted === 'string') {
    const [a, b] = [value.toLowerCase(), wanted.toLowerCase()];
    if (operator === 'co') return a.includes(b);
    if (operator === 'sw') return a.startsWith(b);
    return ordered(a < b ? -1 : a > b ? 1 : 0, operator);
  }
  if (typeof value === 'number' && typeof wanted === 'number')
    return ordered(value - wanted, operator);
  return operator === 'eq' && value === wanted;
}

function ordered(difference: number, operator: Operator): boolean {
  if (operator === 'eq') return difference === 0;
  if (operator === 'lt') return difference < 0;
  if (operator === 'le') return difference <= 0;
  if (operator === 'gt') return difference > 0;
  return operator === 'ge' && difference >= 0;
}
