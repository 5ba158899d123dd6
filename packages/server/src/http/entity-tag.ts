import { ok, type Result, refuse } from '@tessera/protocol';
import type { TransportRefusal } from '../contract/refusal.ts';
import type { Precondition } from '../contract/route.ts';

/** RFC 9110 §8.8.3: the revision of an object is its entity tag. */
export const formatEntityTag = (revision: number): string => `"${revision}"`;

/** `If-Match` names more tags than this only to make trouble. */
const TAGS_MAX = 20;

/** RFC 9110 §13.1.1. Comparison is strong, so a weak tag matches nothing. */
export function readIfMatch(
  header: string | undefined,
): Result<Precondition | undefined, TransportRefusal> {
  if (header === undefined) return ok(undefined);
  const text = header.trim();
  if (text === '*') return ok('any');
  const tags = text.split(',', TAGS_MAX + 1).map((tag) => tag.trim());
  const malformed = tags.some((tag) => !/^(W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/.test(tag));
  if (malformed || tags.length > TAGS_MAX) return refuse({ reason: 'precondition_malformed' });
  return ok(tags.filter((tag) => /^"\d{1,15}"$/.test(tag)).map((tag) => Number(tag.slice(1, -1))));
}

/** RFC 9110 §13.1.2. Comparison is weak: caches may have weakened the tag. */
export const matchesIfNoneMatch = (header: string | undefined, revision: number): boolean =>
  (header ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === formatEntityTag(revision));
