import type { NumericDate } from '@tessera/protocol';
import type { Answer } from '../../contract/routes.ts';
import type { Environment } from '../../environment.ts';
import { type Quota, quotaOfClient, quotaOfRealm } from '../../model/quota.ts';
import { endOf, type IssuedTotals, type UsageOwner } from '../../model/usage.ts';

type QuotaState = Answer<'listUsage'>['quotas'][number];

/** The quotas that hold for a client, its realm's among them, or for a realm; and what is used. */
export async function describeQuotas(
  { store }: Pick<Environment, 'store'>,
  { realm, clientId }: UsageOwner,
  now: NumericDate,
): Promise<readonly QuotaState[]> {
  const provider = await store.providers.find(realm);
  if (provider === undefined) return [];
  const owners: { of: QuotaState['of']; owner: UsageOwner; quota: Quota }[] = [];
  const registered = clientId === undefined ? undefined : await store.clients.find(realm, clientId);
  if (registered !== undefined)
    owners.push({
      of: 'client',
      owner: { realm, clientId },
      quota: quotaOfClient(provider, registered.client),
    });
  owners.push({
    of: 'realm',
    owner: { realm, clientId: undefined },
    quota: quotaOfRealm(provider),
  });
  const totals = await store.usage.totals(
    owners.map(({ owner }) => owner),
    now,
  );
  return owners.flatMap(({ of, quota }, index) => describeQuota(of, quota, totals[index], now));
}

function describeQuota(
  of: QuotaState['of'],
  { mode, perHour, perDay }: Quota,
  issued: IssuedTotals | undefined,
  now: NumericDate,
): readonly QuotaState[] {
  const states: QuotaState[] = [];
  for (const [span, limit] of [
    ['hour', perHour],
    ['day', perDay],
  ] as const)
    if (limit !== undefined)
      states.push({ of, span, mode, limit, issued: issued?.[span] ?? 0, endsAt: endOf(span, now) });
  return states;
}
