import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import { type Realm, ROOT_REALM } from '../../model/realm.ts';
import { describeChange, eventOf, isFresh } from '../change.ts';
import type { UseCase } from '../use-case.ts';
import { describeRealm } from './describe-realm.ts';

/** Everything in the realm goes with it, its events too; that it went is told in the root realm. */
export const deleteRealm: UseCase<'deleteRealm'> = async (env, asked, { query, precondition }) => {
  const { name } = asked.realm;
  if (name === ROOT_REALM) return refuse({ reason: 'root_realm_protected' });
  if (query.confirm !== name) return refuse({ reason: 'confirmation_mismatched', expected: name });
  const deleted = await env.store.commit<Realm, AdminRefusal>(
    (realm) => ({
      ...eventOf(
        asked,
        'realm.deleted',
        { kind: 'realm', id: name },
        describeChange(describeRealm(env, realm), undefined),
      ),
      realm: ROOT_REALM,
    }),
    async (rows) => {
      const current = await rows.realms.find(name);
      if (current === undefined) return refuse({ reason: 'realm_unknown' });
      if (!isFresh(precondition, current)) return refuse({ reason: 'revision_stale' });
      await rows.realms.delete(name);
      return ok(current);
    },
  );
  return deleted.ok ? ok(undefined) : deleted;
};
