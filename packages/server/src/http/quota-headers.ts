import type { QuotaLeft } from '../model/quota.ts';
import type { UsageSpan } from '../model/usage.ts';

const NONE: readonly string[] = [];

const WINDOW: Readonly<Record<UsageSpan, number>> = { hour: 3_600, day: 86_400 };

/**
 * Quotas as clients that pace themselves read them, names and values by turns: the lists of
 * structured fields of draft-ietf-httpapi-ratelimit-headers-10.
 */
export function describeQuotas(quotas: readonly QuotaLeft[]): readonly string[] {
  if (quotas.length === 0) return NONE;
  const list = (describe: (quota: QuotaLeft) => string): string =>
    quotas.map((quota) => `"${quota.span}";${describe(quota)}`).join(', ');
  return [
    'ratelimit-policy',
    list(({ limit, span }) => `q=${limit};w=${WINDOW[span]}`),
    'ratelimit',
    list(({ left, endsIn }) => `r=${left};t=${endsIn}`),
  ];
}
