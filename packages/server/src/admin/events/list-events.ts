import { numericDate, ok } from '@tessera/protocol';
import type { Event } from '../../model/event.ts';
import { describePage, readPage } from '../paging.ts';
import type { UseCase } from '../use-case.ts';

export const listEvents: UseCase<'listEvents'> = async (env, { realm }, { query }) => {
  const { type, actorId, subjectKind, subjectId, since, until } = query;
  const listed = await env.store.events.list(realm.name, {
    ...readPage(query),
    type,
    actorId,
    subjectKind,
    subjectId,
    since: since === undefined ? undefined : numericDate(since),
    until: until === undefined ? undefined : numericDate(until),
  });
  return ok(describePage(listed, (event: Event) => event));
};
