import { ok, type Result, refuse } from '@tessera/protocol';
import { matchesFilter, parseQueryFilter, type QueryFilter } from './query-filter.ts';

/*
 * Common REST (CREST), the conventions that AM's and IDM's administration share: how a collection
 * is asked, how its answer looks, and how a refusal does. Pure; HTTP is in http/pingone/.
 */

/** A refusal as it goes over the wire. */
export type CrestRefusal = {
  readonly code: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 429 | 500 | 503;
  readonly message: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Seconds. RFC 9110 §10.2.3 */
  readonly retryAfter?: number;
};

const REASONS: Readonly<Record<CrestRefusal['code'], string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export const describeRefusal = ({ code, message, detail }: CrestRefusal) => ({
  code,
  reason: REASONS[code],
  message,
  ...(detail !== undefined && { detail }),
});

export const unreadable = (message: string, detail?: CrestRefusal['detail']): CrestRefusal => ({
  code: 400,
  message,
  ...(detail !== undefined && { detail }),
});

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const NOT_FOUND: CrestRefusal = { code: 404, message: 'Not Found' };

/** An object of a collection: `_id`, `_rev`, and whatever it consists of. */
export type Resource = Readonly<Record<string, unknown>> & {
  readonly _id: string;
  readonly _rev: string;
};

export type Query = {
  readonly filter: QueryFilter;
  readonly fields: readonly string[] | undefined;
  readonly pageSize: number | undefined;
  readonly cookie: string | undefined;
};

/** A page holds no more, whatever is asked for; without a size there is one page. */
const PAGE_SIZE_MAX = 1_000;

export function readQuery(given: Readonly<Record<string, unknown>>): Result<Query, CrestRefusal> {
  const { _queryFilter, _queryId, _fields, _pageSize, _pagedResultsCookie } = given;
  // The collections' own name for "all of them", from before there were filters.
  const wanted = _queryFilter ?? (_queryId === 'query-all' ? 'true' : undefined);
  if (typeof wanted !== 'string') return refuse(unreadable('Give a _queryFilter, such as true.'));
  const filter = parseQueryFilter(wanted);
  if (!filter.ok) return refuse(unreadable(`_queryFilter cannot be read: ${filter.refusal}.`));
  const size = _pageSize === undefined || _pageSize === '' ? 0 : Number(_pageSize);
  if (!Number.isInteger(size) || size < 0)
    return refuse(unreadable('_pageSize must be a whole number.'));
  if (_pagedResultsCookie !== undefined && typeof _pagedResultsCookie !== 'string')
    return refuse(unreadable('_pagedResultsCookie must be given once.'));
  const fields = readFields(_fields);
  if (!fields.ok) return fields;
  return ok({
    filter: filter.value,
    fields: fields.value,
    pageSize: size === 0 ? undefined : Math.min(size, PAGE_SIZE_MAX),
    cookie: _pagedResultsCookie === '' ? undefined : _pagedResultsCookie,
  });
}

/** `_fields=a,b/c`; `*` is everything. */
export function readFields(given: unknown): Result<readonly string[] | undefined, CrestRefusal> {
  if (given === undefined || given === '') return ok(undefined);
  if (typeof given !== 'string') return refuse(unreadable('_fields must be given once.'));
  const fields = given.split(',').map((field) => field.trim().replace(/^\//, ''));
  return ok(fields.includes('*') || fields.includes('') ? undefined : fields);
}

/** Only what was asked for, and always `_id` and `_rev`. */
export function pickFields(resource: Resource, fields: readonly string[] | undefined): Resource {
  if (fields === undefined) return resource;
  const picked: Record<string, unknown> = {};
  for (const field of fields) copyAt(resource, picked, field.split('/'));
  return { _id: resource._id, _rev: resource._rev, ...picked };
}

function copyAt(
  from: Readonly<Record<string, unknown>>,
  to: Record<string, unknown>,
  [member, ...rest]: readonly string[],
): void {
  if (member === undefined || !Object.hasOwn(from, member)) return;
  const value = from[member];
  if (rest.length === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) {
    to[member] = value;
    return;
  }
  const inner: Record<string, unknown> = {};
  copyAt(value as Readonly<Record<string, unknown>>, inner, rest);
  to[member] = { ...(to[member] as object | undefined), ...inner };
}

export type Collected = {
  readonly result: readonly Resource[];
  readonly resultCount: number;
  readonly pagedResultsCookie: string | null;
  readonly totalPagedResultsPolicy: 'NONE';
  readonly totalPagedResults: -1;
  readonly remainingPagedResults: -1;
};

/** A part of a collection as the store gives it, and where the next one begins. */
export type Part = { readonly items: readonly Resource[]; readonly next: string | undefined };

/** One request looks at no more, however few of them it means; the cookie goes on from there. */
const EXAMINED_MAX = 10_000;

/**
 * Goes through a collection part by part until a page is full, or the collection ends. The cookie
 * is where the last part that was read goes on, and how many of its matches were given already.
 */
export async function collect(
  { filter, fields, pageSize, cookie }: Query,
  read: (after: string | undefined) => Promise<Result<Part, CrestRefusal>>,
): Promise<Result<Collected, CrestRefusal>> {
  const start = readCookie(cookie);
  if (start === undefined) return refuse(unreadable('_pagedResultsCookie is not one of ours.'));
  const result: Resource[] = [];
  let { after, skip } = start;
  let examined = 0;
  for (;;) {
    const part = await read(after);
    if (!part.ok) return part;
    const matches = part.value.items.filter((item) => matchesFilter(filter, item)).slice(skip);
    const room = pageSize === undefined ? matches.length : pageSize - result.length;
    result.push(...matches.slice(0, room).map((item) => pickFields(item, fields)));
    if (matches.length > room)
      return ok(describeCollected(result, writeCookie(after, skip + room)));
    const { next } = part.value;
    if (next === undefined) return ok(describeCollected(result, null));
    examined += part.value.items.length;
    if (result.length === pageSize || examined >= EXAMINED_MAX)
      return ok(describeCollected(result, writeCookie(next, 0)));
    after = next;
    skip = 0;
  }
}

const describeCollected = (
  result: readonly Resource[],
  pagedResultsCookie: string | null,
): Collected => ({
  result,
  resultCount: result.length,
  pagedResultsCookie,
  totalPagedResultsPolicy: 'NONE',
  totalPagedResults: -1,
  remainingPagedResults: -1,
});

const writeCookie = (after: string | undefined, skip: number): string => `${skip}:${after ?? ''}`;

function readCookie(
  cookie: string | undefined,
): { readonly after: string | undefined; readonly skip: number } | undefined {
  if (cookie === undefined) return { after: undefined, skip: 0 };
  const [, skip, after] = /^(\d{1,6}):(.*)$/s.exec(cookie) ?? [];
  if (skip === undefined) return undefined;
  return { after: after === '' ? undefined : after, skip: Number(skip) };
}
