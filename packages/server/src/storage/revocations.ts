import type { NumericDate } from '@tessera/protocol';
import type { RealmRevocations } from '../environment.ts';
import type { Revocation, RevocationPosition, RevokedToken } from '../model/token.ts';
import { type HeldRevocations, holdRevocations } from './held-revocations.ts';

export type Revocations = {
  find(realm: string, jti: string): Promise<RevokedToken | undefined>;
  ofRealm(realm: string): Promise<RealmRevocations>;
  /** What was revoked, or how far that reaches now. */
  add(told: Revocation | RevocationPosition): void;
  /** Whether something of the realm is known, but not what came before it. */
  hasGap(realm: string): boolean;
  dropExpired(now: NumericDate): void;
  forgetAll(): void;
};

/** Of a realm in which nothing is void. */
const NOTHING = holdRevocations().view();

/**
 * Every revocation that has not expired, so that to ask after a token which was not revoked, as
 * nearly every one, is to look into a map.
 */
export function revocations(
  load: () => AsyncIterable<Revocation | RevocationPosition>,
): Revocations {
  const none = Promise.resolve(undefined);
  let held: Map<string, HeldRevocations> | undefined;
  let loading: Promise<void> | undefined;
  let added: (Revocation | RevocationPosition)[] = [];

  const add = (to: Map<string, HeldRevocations>, told: Revocation | RevocationPosition): void => {
    const known = to.get(told.realm);
    const ofRealm = known ?? holdRevocations();
    if (known === undefined) to.set(told.realm, ofRealm);
    if ('previous' in told) ofRealm.advance(told);
    else ofRealm.add(told);
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
    for await (const told of load()) add(all, told);
    return all;
  };
  const whole = (): Promise<void> => {
    if (loading !== undefined) return loading;
    added = [];
    const mine = readAll().then(
      (all) => {
        if (loading !== mine) return;
        loading = undefined;
        for (const told of added) add(all, told);
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
    add(told) {
      if (held === undefined) added.push(told);
      else add(held, told);
    },
    hasGap: (realm) => held?.get(realm)?.hasGap() ?? false,
    dropExpired(now) {
      for (const ofRealm of held?.values() ?? []) ofRealm.dropExpired(now);
    },
    forgetAll() {
      held = undefined;
      loading = undefined;
    },
  };
}
