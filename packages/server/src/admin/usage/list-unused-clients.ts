import { numericDate, ok } from '@tessera/protocol';
import type { UseCase } from '../use-case.ts';

const DAY = 86_400;

export const listUnusedClients: UseCase<'listUnusedClients'> = async (env, asked, { query }) => {
  const { days, after } = query;
  const since = numericDate(Math.max(0, asked.now - days * DAY));
  const { items, next } = await env.store.usage.unusedClients(asked.realm.name, since, after);
  return ok({
    items: items.map(({ lastUsedAt, ...client }) => ({
      ...client,
      lastUsedAt: lastUsedAt ?? null,
    })),
    next: next ?? null,
  });
};
