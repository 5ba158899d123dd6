import { type NumericDate, ok, type TokenFacts } from '@tessera/protocol';
import type { Environment } from '../environment.ts';
import type { Actor } from '../model/event.ts';

/**
 * Makes one token void, at once and for good. RFC 7009 §2: "The authorization server […]
 * immediately invalidates the token". A JWT's `jti` is remembered until the token would have
 * expired, with its place in a status list; an opaque token is treated alike, so that one rule holds for both.
 */
export async function revokeToken(
  env: Pick<Environment, 'store' | 'statusPlaces'>,
  token: TokenFacts,
  actor: Actor,
  requestId: string,
  now: NumericDate,
): Promise<void> {
  const { realm, jti, expiresAt, status } = token;
  const statusList = status && env.statusPlaces.nameOfList(realm, status.uri);
  await env.store.commit<undefined, never>(
    {
      at: now,
      realm,
      type: 'token.revoked',
      actor,
      subject: { kind: 'token', id: jti },
      details: { clientId: token.clientId, expiresAt },
      requestId,
    },
    async (rows) => {
      await rows.revokedTokens.insert({
        realm,
        jti,
        expiresAt,
        statusList,
        statusIndex: status?.index,
      });
      return ok(undefined);
    },
  );
}
