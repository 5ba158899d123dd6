import { isJsonObject } from './json.ts';
import { readListName } from './status-list-name.ts';
import type { StatusReference } from './status-reference.ts';

/**
 * What an issuer says of all its lists at once. `status_lists` is the standard's (Token Status List
 * §9.3); the rest is Tessera's, by which one small document, fetched often, stands for every list.
 */
export type AggregationDocument = {
  /** The lists in which single tokens are void: every other list under the base says "valid". */
  readonly status_lists: readonly string[];
  /** In the same order; a list has changed when its number is another than it was. */
  readonly versions: readonly number[];
  /** What the document speaks of: lists whose address begins with this. */
  readonly status_lists_base: string;
  /** Tokens issued before the instant are void: all of the realm, or those of a holder. */
  readonly revoked_before: Readonly<Record<string, number>>;
  /** The `jti` of tokens that were revoked by it alone, so that no list has them. */
  readonly revoked_tokens: readonly string[];
  /** Seconds for which the document may be used before a fresh one is fetched. */
  readonly ttl: number;
  /** There was too much to say it all: what the document does not say void, its list decides. */
  readonly truncated?: true;
};

/** Under this name `revoked_before` speaks of the whole realm; no holder has so short a name. */
export const REALM_HOLDER = 'realm';

/** Nothing issued so far is valid, nor will be: the last second of the year 9999. */
export const REVOKED_FOREVER = 253_402_300_799;

/** An aggregation as it is asked: by the name of a list, of a holder, of a token. */
export type StatusListAggregation = {
  /** Versions of the lists that say more than "valid". */
  readonly lists: ReadonlyMap<string, number>;
  /** Undefined: it lists addresses and says nothing of what they hold. */
  readonly base: string | undefined;
  readonly revokedBefore: ReadonlyMap<string, number>;
  readonly revokedTokens: ReadonlySet<string>;
  readonly ttl: number | undefined;
  readonly truncated: boolean;
};

/** Reads an aggregation, Tessera's or another's; undefined for what is none. */
export function readAggregation(document: unknown): StatusListAggregation | undefined {
  if (!isJsonObject(document)) return undefined;
  const {
    status_lists: uris,
    versions,
    status_lists_base: base,
    revoked_before: before = {},
    revoked_tokens: tokens = [],
    ttl,
    truncated = false,
  } = document;
  if (!isArrayOf(uris, isText) || !isArrayOf(tokens, isText)) return undefined;
  if (versions !== undefined && (!isArrayOf(versions, isNumber) || versions.length !== uris.length))
    return undefined;
  if (base !== undefined && !isText(base)) return undefined;
  if (!isJsonObject(before) || !Object.values(before).every(isNumber)) return undefined;
  if (ttl !== undefined && (!isNumber(ttl) || ttl <= 0)) return undefined;
  if (typeof truncated !== 'boolean') return undefined;
  // Without the versions nobody knows when a list has changed: then it is a list of addresses.
  const speaks = base !== undefined && versions !== undefined;
  return {
    lists: new Map(uris.map((uri, at) => [uri, versions?.[at] ?? 0])),
    base: speaks ? base : undefined,
    revokedBefore: new Map(Object.entries(before as Readonly<Record<string, number>>)),
    revokedTokens: new Set(tokens),
    ttl,
    truncated,
  };
}

/**
 * What an aggregation says of a token: that it is void, that nothing voids it, or that its list has
 * to be looked into, in a copy that is of this version or, without one, fresh enough by itself.
 */
export type AggregatedStatus =
  | { readonly status: 'revoked' }
  | { readonly status: 'valid' }
  | { readonly status: 'in_list'; readonly version: number | undefined };

/** Judges a token by the aggregation of its issuer. Sound only while the aggregation is fresh. */
export function judgeByAggregation(
  aggregation: StatusListAggregation,
  reference: StatusReference,
  token: { readonly issuedAt: number; readonly jti: string | undefined },
): AggregatedStatus {
  const { base, lists, revokedBefore, revokedTokens, truncated } = aggregation;
  if (base === undefined || !reference.uri.startsWith(base))
    return { status: 'in_list', version: undefined };
  const name = readListName(reference.uri.slice(base.length));
  if (name === undefined) return { status: 'in_list', version: undefined };
  for (const holder of [REALM_HOLDER, ...name.holders])
    if (token.issuedAt < (revokedBefore.get(holder) ?? 0)) return { status: 'revoked' };
  if (token.jti !== undefined && revokedTokens.has(token.jti)) return { status: 'revoked' };
  const version = lists.get(reference.uri);
  return version !== undefined || truncated ? { status: 'in_list', version } : { status: 'valid' };
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isNumber = (value: unknown): value is number => Number.isFinite(value);

const isArrayOf = <T>(value: unknown, is: (one: unknown) => one is T): value is readonly T[] =>
  Array.isArray(value) && value.every(is);
