import { ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer, Input } from '../../contract/routes.ts';
import type { UsageBucket, UsageOwner } from '../../model/usage.ts';
import type { AdminEnvironment, Asked, UseCase } from '../use-case.ts';
import { describeQuotas } from './describe-quotas.ts';
import { readSpan } from './read-span.ts';

type Usage = Answer<'listUsage'>;
type Query = Input<'listUsage'>['query'];

export const listUsage: UseCase<'listUsage'> = async (env, asked, { query }) =>
  describeUsage(env, asked, { realm: asked.realm.name, clientId: undefined }, query);

export const listUsageOfClient: UseCase<'listUsageOfClient'> = async (
  env,
  asked,
  { params, query },
) => {
  const { clientId } = params;
  const client = await env.store.clients.find(asked.realm.name, clientId);
  if (client === undefined) return refuse({ reason: 'client_unknown' });
  return describeUsage(env, asked, { realm: asked.realm.name, clientId }, query);
};

export const listUsageByClient: UseCase<'listUsageByClient'> = async (env, asked, { query }) => {
  const { name: realm } = asked.realm;
  const span = readSpan(asked, 'hour', query);
  if (!span.ok) return span;
  const { since, until } = span.value;
  const items = await env.store.usage.rank(realm, since, until, query.top);
  return ok({ realm, since, until, items });
};

async function describeUsage(
  env: AdminEnvironment,
  asked: Asked,
  owner: UsageOwner,
  query: Query,
): Promise<Result<Usage, AdminRefusal>> {
  const { by } = query;
  const span = readSpan(asked, by, query);
  if (!span.ok) return span;
  const { since, until } = span.value;
  const items = await env.store.usage.list(owner, by, since, until);
  return ok({
    realm: owner.realm,
    clientId: owner.clientId ?? null,
    by,
    since,
    until,
    total: sumUp(items),
    items,
    quotas: await describeQuotas(env, owner, asked.now),
  });
}

const sumUp = (items: readonly UsageBucket[]): Usage['total'] => {
  const total = { issued: 0, reused: 0, refused: 0, wasted: 0 };
  for (const item of items) {
    total.issued += item.issued;
    total.reused += item.reused;
    total.refused += item.refused;
    total.wasted += item.wasted;
  }
  return total;
};
