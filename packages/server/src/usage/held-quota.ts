import type { NumericDate } from '@tessera/protocol';
import type { QuotaRefusal } from '../environment.ts';
import type { Client } from '../model/client.ts';
import type { Quota, QuotaLeft } from '../model/quota.ts';
import { endOf, USAGE_SPANS, type UsageSpan } from '../model/usage.ts';
import type { Counter } from './counter.ts';

/** A quota with the counter that it is about. */
export type Held = {
  readonly of: 'client' | 'realm';
  readonly counter: Counter;
  readonly quota: Quota;
};

export const limitOf = ({ perHour, perDay }: Quota, span: UsageSpan): number | undefined =>
  span === 'hour' ? perHour : perDay;

export const isHeld = ({ mode, perHour, perDay }: Quota): boolean =>
  mode !== 'off' && (perHour !== undefined || perDay !== undefined);

export const refusalOf = (
  of: Held['of'],
  span: UsageSpan,
  limit: number,
  { clientId }: Client,
  now: NumericDate,
): QuotaRefusal => ({
  reason: 'quota_exceeded',
  clientId,
  of,
  span,
  limit,
  retryAfter: endOf(span, now) - now,
});

export const longerRefusal = (a: QuotaRefusal | undefined, b: QuotaRefusal): QuotaRefusal =>
  a !== undefined && a.retryAfter >= b.retryAfter ? a : b;

/** Of the client's own quotas alone: how busy the others are is not for it to know. */
export function describeLeft(held: readonly Held[], now: NumericDate): readonly QuotaLeft[] {
  const left: QuotaLeft[] = [];
  for (const { of, counter, quota } of held)
    if (of === 'client' && quota.mode === 'enforce')
      for (const span of USAGE_SPANS) {
        const limit = limitOf(quota, span);
        if (limit === undefined) continue;
        const endsIn = endOf(span, now) - now;
        left.push({ span, limit, left: Math.max(0, limit - counter.issued(span, now)), endsIn });
      }
  return left;
}
