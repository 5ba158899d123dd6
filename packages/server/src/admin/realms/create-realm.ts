import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer } from '../../contract/routes.ts';
import { isRealmName, ROOT_REALM } from '../../model/realm.ts';
import { describeChange, eventOf } from '../change.ts';
import type { UseCase } from '../use-case.ts';
import { describeRealm } from './describe-realm.ts';
import { insertRealm, prepareRealm } from './new-realm.ts';

/**
 * A realm that can issue tokens at once. Its beginning is told in the root realm, where its end
 * will be told too.
 */
export const createRealm: UseCase<'createRealm'> = async (env, asked, { body }) => {
  if (!isRealmName(body.name))
    return refuse({
      reason: body.name === ROOT_REALM ? 'realm_name_taken' : 'realm_name_reserved',
    });
  const prepared = await prepareRealm(env, body.name, body.displayName ?? body.name, asked.now);
  const view = describeRealm(env, prepared.realm);
  const created = eventOf(
    asked,
    'realm.created',
    { kind: 'realm', id: body.name },
    describeChange(undefined, view),
  );
  return env.store.commit<Answer<'createRealm'>, AdminRefusal>(created, async (rows) =>
    (await insertRealm(rows, prepared)) === 'taken'
      ? refuse({ reason: 'realm_name_taken' })
      : ok(view),
  );
};
