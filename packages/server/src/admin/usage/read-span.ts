import { type NumericDate, numericDate, ok, type Result, refuse } from '@tessera/protocol';
import type { AdminRefusal } from '../../contract/refusal.ts';
import { endOf, startOf, type UsageSpan } from '../../model/usage.ts';
import type { Asked } from '../use-case.ts';

type Span = { readonly since: NumericDate; readonly until: NumericDate };

/** What one answer may consist of: about six weeks of hours. */
const BUCKETS_MAX = 1_000;

const LENGTH: Readonly<Record<UsageSpan, number>> = { hour: 3_600, day: 86_400 };
const SHOWN: Readonly<Record<UsageSpan, number>> = { hour: 24, day: 30 };

/** Whole hours or days: from the one that `since` is in to the one in which `until` is. */
export function readSpan(
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
