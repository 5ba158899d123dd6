import { type NumericDate, numericDate, ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import type { Answer, Input } from '../../contract/routes.ts';
import {
  endOf,
  startOf,
  type UsageBucket,
  type UsageOwner,
  type UsageSpan,
} from '../../model/usage.ts';
import type { AdminEnvironment, Asked, UseCase } from '../use-case.ts';
import { describeQuotas } from './describe-quotas.ts';

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

type Span = { readonly since: NumericDate; readonly until: NumericDate };

/** What one answer may consist of: about six weeks of hours. */
const BUCKETS_MAX = 1_000;

const LENGTH: Readonly<Record<UsageSpan, number>> = { hour: 3_600, day: 86_400 };
const SHOWN: Readonly<Record<UsageSpan, number>> = { hour: 24, day: 30 };

/** Whole hours or days: from the one that `since` is in to the one in which `until` is. */
function readSpan(
  { now }: Asked,
  by: UsageSpan,
  given: { readonly since?: number | undefined; readonly until?: number | undefined },
): Result<Span, AdminRefusal> {
  // What `until` names is not in it any more, so the hour that begins there is not either.
  const until =
    given.until === undefined
      ? endOf(by, now)
      : endOf(by, numericDate(Math.max(given.until - 1, 0)));
  const since =
    given.since === undefined
      ? numericDate(Math.max(until - SHOWN[by] * LENGTH[by], 0))
      : startOf(by, numericDate(given.since));
  const buckets = (until - since) / LENGTH[by];
  if (buckets > BUCKETS_MAX) {
    const detail = `must be at most ${BUCKETS_MAX} ${by}s before until`;
    return refuse({ reason: 'input_malformed', problems: [{ parameter: 'since', detail }] });
  }
  return ok({ since, until });
}
