import type { Listed, Page } from '../environment.ts';

/*
 * Pages as callers see them: the key at which the next one begins travels as an opaque text, so
 * that nobody comes to rely on what keys look like.
 */

type PageQuery = {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly search?: string | undefined;
};

/** Whether a text can be the cursor of a page. */
export const isCursor = (text: string): boolean => {
  const key = decode(text);
  return encode(key) === text && !/[\p{Cc}\ufffd]/u.test(key);
};

export const readPage = ({ limit, after, search }: PageQuery): Page => ({
  limit,
  search,
  after: after === undefined ? undefined : decode(after),
});

export const describePage = <T, View>(
  { items, next }: Listed<T>,
  describe: (item: T) => View,
): { readonly items: readonly View[]; readonly next: string | null } => ({
  items: items.map(describe),
  next: next === undefined ? null : encode(next),
});

const encode = (key: string): string => Buffer.from(key, 'utf8').toString('base64url');
const decode = (text: string): string => Buffer.from(text, 'base64url').toString('utf8');
