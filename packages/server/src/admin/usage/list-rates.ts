import { numericDate, ok } from '@tessera/protocol';
import type { Answer } from '../../contract/routes.ts';
import { LATENCY_CLASSES, percentile } from '../../model/latency.ts';
import type { RateRow } from '../../model/token-rates.ts';
import type { UseCase } from '../use-case.ts';

type Rates = Answer<'listTokenRates'>;

/** Points of one answer: a chart has no more. */
const POINTS_MAX = 120;

export const listTokenRates: UseCase<'listTokenRates'> = async (env, asked, { query }) => {
  const { name: realm } = asked.realm;
  const { minutes } = query;
  const step = 60 * Math.ceil(minutes / POINTS_MAX);
  // The present minute is in it, and is not whole yet.
  const until = numericDate(asked.now - (asked.now % 60) + 60);
  const since = numericDate(Math.max(0, until - Math.ceil((minutes * 60) / step) * step));
  const rows = await env.store.rates.list(realm, since, until);
  const items: Rates['items'][number][] = [];
  let at = 0;
  for (let start = since as number; start < until; start += step) {
    const from = at;
    while (at < rows.length && (rows[at]?.minute ?? 0) < start + step) at++;
    items.push({ at: start, ...describe(rows.slice(from, at)) });
  }
  return ok({ realm, since, until, step, total: describe(rows), items });
};

function describe(rows: readonly RateRow[]) {
  const counts = Array.from({ length: LATENCY_CLASSES }, () => 0);
  let issued = 0;
  let refused = 0;
  for (const row of rows) {
    issued += row.issued;
    refused += row.refused;
    counts[row.latency] = (counts[row.latency] ?? 0) + row.issued + row.refused;
  }
  const milliseconds = (share: number) => {
    const found = percentile(counts, share);
    return found === undefined ? null : Math.round(found * 100) / 100;
  };
  return { issued, refused, p50: milliseconds(0.5), p99: milliseconds(0.99) };
}
