import type { NumericDate } from '@tessera/protocol';
import type { RealmRevocations } from '../environment.ts';
import {
  type Revocation,
  type RevocationPosition,
  type RevokedHolder,
  type RevokedToken,
  UNKNOWN_LIST,
} from '../model/token.ts';

/** What voids tokens of one realm, in memory. */
export type HeldRevocations = {
  /** When a revoked token expires; undefined: it was not revoked. */
  expiresAt(jti: string): NumericDate | undefined;
  /** The same object until something changes. */
  view(): RealmRevocations;
  add(revoked: Revocation): void;
  /** A commit is known whole. */
  advance(by: Pick<RevocationPosition, 'previous' | 'position'>): void;
  /** Whether a commit is known, but not what came before it. */
  hasGap(): boolean;
  dropExpired(now: NumericDate): void;
};

export function holdRevocations(): HeldRevocations {
  const expiry = new Map<string, NumericDate>();
  const byList = new Map<string, Map<string, number>>();
  const unlisted = new Set<string>();
  const holders = new Map<string, RevokedHolder>();
  const positions: Positions = { lists: new Map(), unlisted: new Map(), holders: new Map() };
  let position = 0;
  let ahead = 0;
  let seen: RealmRevocations | undefined;

  const addToken = (
    { jti, expiresAt, statusList, statusIndex }: RevokedToken,
    revokedAt: number,
  ): void => {
    // As in the database: the first expiry stays, and a list that is known is worth more.
    if (!expiry.has(jti)) expiry.set(jti, expiresAt);
    if (statusList === undefined) return;
    if (statusList === UNKNOWN_LIST || statusIndex === undefined) {
      const isListed = [...byList.values()].some((indexes) => indexes.has(jti));
      if (isListed || unlisted.has(jti)) return;
      unlisted.add(jti);
      positions.unlisted.set(jti, revokedAt);
      return;
    }
    unlisted.delete(jti);
    positions.unlisted.delete(jti);
    const known = byList.get(statusList);
    if (known?.has(jti) === true) return;
    if (known === undefined) byList.set(statusList, new Map([[jti, statusIndex]]));
    else known.set(jti, statusIndex);
    positions.lists.set(statusList, Math.max(revokedAt, positions.lists.get(statusList) ?? 0));
  };

  return {
    expiresAt: (jti) => expiry.get(jti),
    view: () => (seen ??= { position, byList, unlisted, expiry, holders, positions }),
    add({ position: revokedAt, ...revoked }) {
      seen = undefined;
      if ('jti' in revoked) addToken(revoked, revokedAt);
      else if (revokedAt >= (positions.holders.get(revoked.clientId) ?? 0)) {
        holders.set(revoked.clientId, revoked);
        positions.holders.set(revoked.clientId, revokedAt);
      }
    },
    advance(by) {
      if (by.position <= position) return;
      ahead = Math.max(ahead, by.position);
      // A node may know of its own commit before it has read those of others that came before.
      if (by.previous > position) return;
      position = by.position;
      seen = undefined;
    },
    hasGap: () => ahead > position,
    dropExpired(now) {
      const before = expiry.size + holders.size;
      for (const [jti, expiresAt] of expiry) if (expiresAt <= now) expiry.delete(jti);
      for (const [clientId, { expiresAt }] of holders)
        if (expiresAt <= now) {
          holders.delete(clientId);
          positions.holders.delete(clientId);
        }
      if (expiry.size + holders.size === before) return;
      seen = undefined;
      for (const jti of unlisted)
        if (!expiry.has(jti)) {
          unlisted.delete(jti);
          positions.unlisted.delete(jti);
        }
      for (const [list, indexes] of byList) {
        for (const jti of indexes.keys()) if (!expiry.has(jti)) indexes.delete(jti);
        if (indexes.size > 0) continue;
        byList.delete(list);
        positions.lists.delete(list);
      }
    },
  };
}

type Positions = {
  readonly lists: Map<string, number>;
  readonly unlisted: Map<string, number>;
  readonly holders: Map<string, number>;
};
