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
  /** In the same order: a copy of the list has to be of this version or a later one. */
  readonly versions: readonly number[];
  /** What the document speaks of: lists whose address begins with this. */
  readonly status_lists_base: string;
  /** Tokens issued before the instant are void: all of the realm, or those of a holder. */
  readonly revoked_before: Readonly<Record<string, number>>;
  /** The `jti` of tokens that were revoked by it alone, so that no list has them. */
  readonly revoked_tokens: readonly string[];
  /** Seconds for which the document may be used before a fresh one is fetched. */
  readonly ttl: number;
  /** Rises with every revocation: a document with a smaller one is from before. */
  readonly version: number;
  /**
   * Of whom there was too much to say it all, a holder or the whole realm: which of their tokens are
   * void, and not said here to be, their lists decide, in copies of this version or a later one.
   */
  readonly truncated?: Readonly<Record<string, number>>;
  /** More tokens than are named were revoked by their `jti` alone, and no list has those. */
  readonly revoked_tokens_truncated?: true;
};

/** Under this name `revoked_before` speaks of the whole realm; no holder has so short a name. */
export const REALM_HOLDER = 'realm';

/** Nothing issued so far is valid, nor will be: the last second of the year 9999. */
export const REVOKED_FOREVER = 253_402_300_799;

/** An aggregation as it is asked: by the name of a list, of a holder, of a token. */
export type StatusListAggregation = {
  readonly version: number | undefined;
  /** Versions of the lists that say more than "valid". */
  readonly lists: ReadonlyMap<string, number>;
  /** Undefined: it lists addresses and says nothing of what they hold. */
  readonly base: string | undefined;
  readonly revokedBefore: ReadonlyMap<string, number>;
  readonly revokedTokens: ReadonlySet<string>;
  readonly ttl: number | undefined;
  readonly truncated: ReadonlyMap<string, number>;
  readonly revokedTokensTruncated: boolean;
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
    version,
    truncated = {},
    revoked_tokens_truncated: revokedTokensTruncated = false,
  } = document;
  if (!isArrayOf(uris, isText) || !isArrayOf(tokens, isText)) return undefined;
  if (versions !== undefined && (!isArrayOf(versions, isNumber) || versions.length !== uris.length))
    return undefined;
  if (base !== undefined && !isText(base)) return undefined;
  if (!isNumbers(before) || !isNumbers(truncated)) return undefined;
  if (version !== undefined && !isNumber(version)) return undefined;
  if (ttl !== undefined && (!isNumber(ttl) || ttl <= 0)) return undefined;
  if (typeof revokedTokensTruncated !== 'boolean') return undefined;
  // Without the versions nobody knows when a list has changed: then it is a list of addresses.
  const speaks = base !== undefined && versions !== undefined;
  return {
    version,
    lists: new Map(uris.map((uri, at) => [uri, versions?.[at] ?? 0])),
    base: speaks ? base : undefined,
    revokedBefore: new Map(Object.entries(before)),
    revokedTokens: new Set(tokens),
    ttl,
    truncated: new Map(Object.entries(truncated)),
    revokedTokensTruncated,
  };
}

/**
 * What an aggregation says of a token: that it is void, that nothing voids it, that nobody can tell
 * from it and the lists, or that its list has to be looked into, in a copy that is of this version
 * or a later one; without a version, in one that is fresh enough by itself.
 */
export type AggregatedStatus =
  | { readonly status: 'revoked' }
  | { readonly status: 'valid' }
  | { readonly status: 'unknown' }
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
  if (aggregation.revokedTokensTruncated) return { status: 'unknown' };
  // Of the holders the first is the client that it was issued to: its lists alone can be too many.
  const asked = [
    lists.get(reference.uri),
    truncated.get(REALM_HOLDER),
    truncated.get(name.holders[0] ?? ''),
  ];
  const versions = asked.filter(isNumber);
  return versions.length > 0
    ? { status: 'in_list', version: Math.max(...versions) }
    : { status: 'valid' };
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isNumber = (value: unknown): value is number => Number.isFinite(value);

const isNumbers = (value: unknown): value is Readonly<Record<string, number>> =>
  isJsonObject(value) && Object.values(value).every(isNumber);

const isArrayOf = <T>(value: unknown, is: (one: unknown) => one is T): value is readonly T[] =>
  Array.isArray(value) && value.every(is);
