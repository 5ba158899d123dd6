import type { NumericDate } from '@tessera/protocol';
import type { RealmRevocations } from '../environment.ts';
import { type RevokedHolder, type RevokedToken, UNKNOWN_LIST } from '../model/token.ts';

/** What voids tokens of one realm, in memory. */
export type HeldRevocations = {
  /** When a revoked token expires; undefined: it was not revoked. */
  expiresAt(jti: string): NumericDate | undefined;
  /** The same object until something changes. */
  view(): RealmRevocations;
  add(revoked: RevokedToken | RevokedHolder): void;
  dropExpired(now: NumericDate): void;
};

export function holdRevocations(): HeldRevocations {
  const expiry = new Map<string, NumericDate>();
  const byList = new Map<string, Map<string, number>>();
  const unlisted = new Set<string>();
  const holders = new Map<string, RevokedHolder>();
  let seen: RealmRevocations | undefined;

  const addToken = ({ jti, expiresAt, statusList, statusIndex }: RevokedToken): void => {
    // As in the database: the first expiry stays, and a list that is known is worth more.
    if (!expiry.has(jti)) expiry.set(jti, expiresAt);
    if (statusList === undefined) return;
    if (statusList === UNKNOWN_LIST || statusIndex === undefined) {
      const isListed = [...byList.values()].some((indexes) => indexes.has(jti));
      if (!isListed) unlisted.add(jti);
      return;
    }
    unlisted.delete(jti);
    const known = byList.get(statusList);
    if (known === undefined) byList.set(statusList, new Map([[jti, statusIndex]]));
    else known.set(jti, statusIndex);
  };

  return {
    expiresAt: (jti) => expiry.get(jti),
    view: () => (seen ??= { byList, unlisted, expiry, holders }),
    add(revoked) {
      seen = undefined;
      if ('jti' in revoked) addToken(revoked);
      else holders.set(revoked.clientId, revoked);
    },
    dropExpired(now) {
      const before = expiry.size + holders.size;
      for (const [jti, expiresAt] of expiry) if (expiresAt <= now) expiry.delete(jti);
      for (const [clientId, { expiresAt }] of holders)
        if (expiresAt <= now) holders.delete(clientId);
      if (expiry.size + holders.size === before) return;
      seen = undefined;
      for (const jti of unlisted) if (!expiry.has(jti)) unlisted.delete(jti);
      for (const [list, indexes] of byList) {
        for (const jti of indexes.keys()) if (!expiry.has(jti)) indexes.delete(jti);
        if (indexes.size === 0) byList.delete(list);
      }
    },
  };
}
