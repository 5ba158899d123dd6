import { ok, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { User } from '../../model/user.ts';
import { describeChange, eventOf } from '../change.ts';
import type { UseCase } from '../use-case.ts';
import { outranks } from './administrators.ts';
import { describeUser } from './describe-user.ts';
import { hashPassword } from './password.ts';

export const createUser: UseCase<'createUser'> = async (env, asked, { body }) => {
  const realm = asked.realm.name;
  const { id = env.random.uuid(), password, passwordOneTime, ...profile } = body;
  if (!outranks(asked.administrator, realm, body.roles))
    return refuse({ reason: 'right_not_held' });
  const hash =
    password === undefined
      ? ok(undefined)
      : await hashPassword(env, password, body.userName, '/password');
  if (!hash.ok) return hash;

  const user: User = {
    realm,
    id,
    ...profile,
    keptAttributes: profile.keptAttributes ?? undefined,
    passwordHash: hash.value,
    passwordOneTime: password !== undefined && passwordOneTime,
    createdAt: asked.now,
    revision: 1,
  };
  const view = describeUser(user);
  const created = eventOf(
    asked,
    'user.created',
    { kind: 'user', id: user.id },
    describeChange(undefined, view),
  );
  return env.store.commit<typeof view, AdminRefusal>(created, async (rows) => {
    if ((await rows.users.find(realm, id)) !== undefined) return refuse({ reason: 'id_taken' });
    const inserted = await rows.users.insert(user);
    return inserted === 'taken' ? refuse({ reason: 'user_name_taken' }) : ok(view);
  });
};
