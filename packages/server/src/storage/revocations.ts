import type { NumericDate } from '@tessera/protocol';
import type { RealmRevocations } from '../environment.ts';
import type { RevokedHolder, RevokedToken } from '../model/token.ts';
import { type HeldRevocations, holdRevocations } from './held-revocations.ts';

export type Revocations = {
  find(realm: string, jti: string): Promise<RevokedToken | undefined>;
  ofRealm(realm: string): Promise<RealmRevocations>;
  add(revoked: RevokedToken | RevokedHolder): void;
  dropRealm(realm: string): void;
  dropExpired(now: NumericDate): void;
  forgetAll(): void;
};

/** Of a realm in which nothing is void. */
const NOTHING = holdRevocations().view();

/**
 * Every revocation that has not expired, so that to ask after a token which was not revoked, as
 * nearly every one, is to look into a map.
 */
export function revocations(load: () => AsyncIterable<RevokedToken | RevokedHolder>): Revocations {
  const none = Promise.resolve(undefined);
  let held: Map<string, HeldRevocations> | undefined;
  let loading: Promise<void> | undefined;
  let added: (RevokedToken | RevokedHolder)[] = [];

  const add = (to: Map<string, HeldRevocations>, revoked: RevokedToken | RevokedHolder): void => {
    const known = to.get(revoked.realm);
    const ofRealm = known ?? holdRevocations();
    if (known === undefined) to.set(revoked.realm, ofRealm);
    ofRealm.add(revoked);
  };
  const find: Revocations['find'] = (realm, jti) => {
    if (held === undefined) return whole().then(() => find(realm, jti));
    const expiresAt = held.get(realm)?.expiresAt(jti);
    return expiresAt === undefined ? none : Promise.resolve({ realm, jti, expiresAt });
  };
  const ofRealm: Revocations['ofRealm'] = (realm) =>
    held === undefined
      ? whole().then(() => ofRealm(realm))
      : Promise.resolve(held.get(realm)?.view() ?? NOTHING);
  const readAll = async (): Promise<Map<string, HeldRevocations>> => {
    const all = new Map<string, HeldRevocations>();
    for await (const revoked of load()) add(all, revoked);
    return all;
  };
  const whole = (): Promise<void> => {
    if (loading !== undefined) return loading;
    added = [];
    const mine = readAll().then(
      (all) => {
        if (loading !== mine) return;
        loading = undefined;
        for (const revoked of added) add(all, revoked);
        held = all;
      },
      (error: unknown) => {
        if (loading === mine) loading = undefined;
        throw error;
      },
    );
    loading = mine;
    return mine;
  };
  return {
    find,
    ofRealm,
    add(revoked) {
      if (held === undefined) added.push(revoked);
      else add(held, revoked);
    },
    dropRealm: (realm) => void held?.delete(realm),
    dropExpired(now) {
      for (const ofRealm of held?.values() ?? []) ofRealm.dropExpired(now);
    },
    forgetAll() {
      held = undefined;
      loading = undefined;
    },
  };
}
