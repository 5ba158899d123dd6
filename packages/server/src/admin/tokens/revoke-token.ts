import { later, ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import { ACCESS_TOKEN_LIFETIME_MAX } from '../../model/provider.ts';
import { UNKNOWN_LIST } from '../../model/token.ts';
import { readToken } from '../../tokens/find-token.ts';
import { revokeToken as revokeFoundToken } from '../../tokens/revoke-token.ts';
import { eventOf } from '../change.ts';
import { ownsClient } from '../ownership.ts';
import type { UseCase } from '../use-case.ts';

/**
 * By the token itself, or by the `jti` that a log or an event tells of. Of a `jti` alone nobody
 * knows when the token would expire, so it is remembered for as long as any token may live.
 */
export const revokeToken: UseCase<'revokeToken'> = async (env, asked, { body }) => {
  const { now, requestId, administrator, ownedBy } = asked;
  const realm = asked.realm.name;
  const { token, jti } = body;
  if (token !== undefined) {
    const facts = await readToken(env, realm, token);
    if (ownedBy !== undefined && !(await ownsClient(env, realm, ownedBy, facts?.clientId)))
      return refuse({ reason: 'not_owned' });
    if (facts === undefined) return refuse({ reason: 'token_unknown' });
    const actor = { kind: administrator.kind, id: administrator.id };
    await revokeFoundToken(env, facts, actor, requestId, now);
    return ok(undefined);
  }
  if (ownedBy !== undefined || jti === undefined) return refuse({ reason: 'not_owned' });
  const expiresAt = later(now, ACCESS_TOKEN_LIFETIME_MAX);
  const revoked = eventOf(asked, 'token.revoked', { kind: 'token', id: jti }, { expiresAt });
  return env.store.commit<undefined, AdminRefusal>(revoked, async (rows) => {
    await rows.revokedTokens.insert({ realm, jti, expiresAt, statusList: UNKNOWN_LIST });
    return ok(undefined);
  });
};
