import { ok, refuse } from '@tessera/protocol';
import { describePage, readPage } from '../paging.ts';
import type { UseCase } from '../use-case.ts';
import { describeUser } from './describe-user.ts';

export const listUsers: UseCase<'listUsers'> = async (env, { realm }, { query }) =>
  ok(
    describePage(
      await env.store.users.list(realm.name, {
        ...readPage(query),
        withRole: query.withRole === 'true',
      }),
      describeUser,
    ),
  );

export const findUser: UseCase<'findUser'> = async (env, { realm }, { params }) => {
  const user = await env.store.users.find(realm.name, params.userId);
  return user === undefined ? refuse({ reason: 'user_unknown' }) : ok(describeUser(user));
};
