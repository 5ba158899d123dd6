import type { NumericDate } from '@tessera/protocol';
import type { RevokedToken } from '../model/token.ts';

export type Revocations = {
  find(realm: string, jti: string): Promise<RevokedToken | undefined>;
  add(token: RevokedToken): void;
  dropRealm(realm: string): void;
  dropExpired(now: NumericDate): void;
  forgetAll(): void;
};

/**
 * Every revocation that has not expired, so that to ask after a token which was not revoked, as
 * nearly every one, is to look into a map.
 */
export function revocations(load: () => AsyncIterable<RevokedToken>): Revocations {
  const none = Promise.resolve(undefined);
  let held: Map<string, Map<string, NumericDate>> | undefined;
  let loading: Promise<void> | undefined;
  let added: RevokedToken[] = [];

  const add = (to: Map<string, Map<string, NumericDate>>, token: RevokedToken): void => {
    const ofRealm = to.get(token.realm);
    if (ofRealm === undefined) to.set(token.realm, new Map([[token.jti, token.expiresAt]]));
    else ofRealm.set(token.jti, token.expiresAt);
  };
  const find: Revocations['find'] = (realm, jti) => {
    if (held === undefined) return whole().then(() => find(realm, jti));
    const expiresAt = held.get(realm)?.get(jti);
    return expiresAt === undefined ? none : Promise.resolve({ realm, jti, expiresAt });
  };
  const readAll = async (): Promise<Map<string, Map<string, NumericDate>>> => {
    const all = new Map<string, Map<string, NumericDate>>();
    for await (const token of load()) add(all, token);
    return all;
  };
  const whole = (): Promise<void> => {
    if (loading !== undefined) return loading;
    added = [];
    const mine = readAll().then(
      (all) => {
        if (loading !== mine) return;
        loading = undefined;
        for (const token of added) add(all, token);
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
    add(token) {
      if (held === undefined) added.push(token);
      else add(held, token);
    },
    dropRealm: (realm) => void held?.delete(realm),
    dropExpired(now) {
      for (const ofRealm of held?.values() ?? [])
        for (const [jti, expiresAt] of ofRealm) if (expiresAt <= now) ofRealm.delete(jti);
    },
    forgetAll() {
      held = undefined;
      loading = undefined;
    },
  };
}
