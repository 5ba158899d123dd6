import { numericDate, ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import { type Realm, ROOT_REALM } from '../../model/realm.ts';
import { type Changed, changeEvents, eventOf, isFresh, merge, save } from '../change.ts';
import type { UseCase } from '../use-case.ts';
import { describeRealm } from './describe-realm.ts';

export const updateRealm: UseCase<'updateRealm'> = async (env, asked, { body, precondition }) => {
  const { name } = asked.realm;
  if (name === ROOT_REALM && body.enabled === false)
    return refuse({ reason: 'root_realm_protected' });
  const changed = await env.store.commit<Changed<Realm>, AdminRefusal>(
    ({ before, after }) =>
      changeEvents(
        asked,
        'realm.updated',
        { kind: 'realm', id: name },
        describeRealm(env, before),
        describeRealm(env, after),
      ),
    async (rows) => {
      const current = await rows.realms.find(name);
      if (current === undefined) return refuse({ reason: 'realm_unknown' });
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      return save(rows.realms, current, merge(current, body));
    },
  );
  return changed.ok ? ok(describeRealm(env, changed.value.after)) : changed;
};

/**
 * All tokens of the realm issued until now are void. Those of this very second too: one issued
 * after this is given the next second.
 */
export const revokeTokensOfRealm: UseCase<'revokeTokensOfRealm'> = async (
  env,
  asked,
  { precondition },
) => {
  const { name } = asked.realm;
  const tokensValidFrom = numericDate(asked.now + 1);
  const revoked = eventOf(
    asked,
    'tokens.revoked',
    { kind: 'realm', id: name },
    { tokensValidFrom },
  );
  const changed = await env.store.commit<Changed<Realm>, AdminRefusal>(revoked, async (rows) => {
    const current = await rows.realms.find(name);
    if (current === undefined) return refuse({ reason: 'realm_unknown' });
    if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
    return save(rows.realms, current, { ...current, tokensValidFrom });
  });
  return changed.ok ? ok(describeRealm(env, changed.value.after)) : changed;
};
