import {
  type AggregationDocument,
  type NumericDate,
  REALM_HOLDER,
  REVOKED_FOREVER,
  readListName,
  type Seconds,
} from '@tessera/protocol';
import type { Environment, RealmRevocations } from '../environment.ts';
import { ACCESS_TOKEN_LIFETIME_MAX } from '../model/provider.ts';
import type { Realm } from '../model/realm.ts';
import { shareFairly } from './fair-shares.ts';

/** What an aggregation names at most, so that it stays below two MiB. */
export type Places = {
  readonly lists: number;
  /** Those who were revoked as a whole, and as many of whom not everything is named. */
  readonly holders: number;
  readonly tokens: number;
};

export const PLACES: Places = { lists: 1_000, holders: 10_000, tokens: 10_000 };

export type Aggregated = {
  readonly document: AggregationDocument;
  /** The names of the lists that are in it. */
  readonly named: ReadonlySet<string>;
  /** What there was no place for. */
  readonly cut: { readonly lists: number; readonly clients: number; readonly tokens: number };
};

/**
 * All that is void in a realm, in one document. Where there is too much, it says of whom: their lists are
 * looked into by those who follow. In order of names, so that every node says the same, to the byte.
 */
export function aggregate(
  { statusPlaces }: Pick<Environment, 'statusPlaces'>,
  realm: Realm,
  { position, positions, byList, holders, expiry }: RealmRevocations,
  now: NumericDate,
  ttl: Seconds,
  places: Places = PLACES,
): Aggregated {
  const base = statusPlaces.base(realm.name);
  const lives = (jti: string): boolean => (expiry.get(jti) ?? 0) > now;

  const lists = [...byList]
    .filter(([, indexes]) => some(indexes.keys(), lives))
    .map(([name]) => ({
      name,
      holder: readListName(name)?.holders[0] ?? REALM_HOLDER,
      position: positions.lists.get(name) ?? position,
    }));
  const listed = shareFairly(lists, places.lists);
  const named = [...listed.named].sort(byName);

  const revoked = [...holders.values()]
    .filter(({ expiresAt }) => expiresAt > now)
    .map(({ clientId, revokedBefore }) => ({
      holder: clientId,
      name: clientId,
      revokedBefore,
      position: positions.holders.get(clientId) ?? position,
    }));
  const voided = shareFairly(revoked, places.holders);
  const before = voided.named
    .map(({ holder, revokedBefore }) => ({
      name: statusPlaces.nameOfHolder(realm.name, holder),
      revokedBefore,
    }))
    .sort(byName);

  const unlisted = [...positions.unlisted]
    .filter(([jti]) => lives(jti))
    .map(([jti, revokedAt]) => ({ holder: jti, name: jti, position: revokedAt }));
  const tokens = shareFairly(unlisted, places.tokens);

  const truncated = describeCut(listed.cut, voided.cut, places.holders);
  return {
    document: {
      status_lists: named.map(({ name }) => base + name),
      versions: named.map((list) => list.position),
      status_lists_base: base,
      version: position,
      revoked_before: {
        ...describeRealm(realm, now),
        ...Object.fromEntries(before.map(({ name, revokedBefore }) => [name, revokedBefore])),
      },
      revoked_tokens: tokens.named.map(({ name }) => name).sort(),
      ttl,
      ...(truncated !== undefined && { truncated }),
      ...(tokens.cut.size > 0 && { revoked_tokens_truncated: true as const }),
    },
    named: new Set(named.map(({ name }) => name)),
    cut: {
      lists: lists.length - named.length,
      clients: voided.cut.size,
      tokens: tokens.cut.size,
    },
  };
}

/** Of a client that is not named nobody could say which one it is: then it is the whole realm. */
function describeCut(
  ofLists: ReadonlyMap<string, number>,
  ofHolders: ReadonlyMap<string, number>,
  holdersMax: number,
): Readonly<Record<string, number>> | undefined {
  if (ofLists.size === 0 && ofHolders.size === 0) return undefined;
  const cut = [...ofLists].sort(([, a], [, b]) => b - a);
  let rest = cut[holdersMax]?.[1] ?? 0;
  for (const position of ofHolders.values()) rest = Math.max(rest, position);
  const said = cut.slice(0, holdersMax).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...(rest > 0 && { [REALM_HOLDER]: rest }), ...Object.fromEntries(said) };
}

/**
 * Of an instant before which no token lives any more there is nothing to say. Tokens of an earlier
 * realm of the same name are signed by keys that somebody may remember.
 */
function describeRealm({ enabled, tokensValidFrom, createdAt }: Realm, now: NumericDate) {
  if (!enabled) return { [REALM_HOLDER]: REVOKED_FOREVER };
  const since = Math.max(tokensValidFrom, createdAt);
  return since + ACCESS_TOKEN_LIFETIME_MAX > now ? { [REALM_HOLDER]: since } : {};
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;

function some<T>(from: Iterable<T>, which: (one: T) => boolean): boolean {
  for (const one of from) if (which(one)) return true;
  return false;
}
