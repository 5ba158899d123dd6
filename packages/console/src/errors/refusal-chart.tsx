import { Skeleton } from '@mantine/core';
import type { Answer } from '@tessera/server/contract';
import { lazy, Suspense } from 'react';
import { loadPart } from '../api/connection.ts';

/** The library for charts is the largest part of the console, and only they need it. */
const StackedBars = lazy(async () => ({
  default: (await loadPart(() => import('../parts/stacked-bars.tsx'))).StackedBars,
}));

const HOUR = 3_600;
/** Causes with a colour of their own. */
const NAMED_MAX = 5;
const COLORS = ['orange.6', 'red.7', 'grape.6', 'yellow.6', 'indigo.5', 'gray.5'] as const;

/** Refusals by hour, or by day where there are many, each cause in its colour. */
export function RefusalChart({ refusals }: { readonly refusals: Answer<'listRefusals'> }) {
  const { items, since, until, total } = refusals;
  const step = until - since > 3 * 24 * HOUR ? 24 * HOUR : HOUR;
  const clock = new Intl.DateTimeFormat(
    undefined,
    step === HOUR ? { hour: '2-digit', minute: '2-digit' } : { month: 'short', day: 'numeric' },
  );
  const named = items.slice(0, NAMED_MAX);
  const names = [
    ...named.map(({ cause }) => cause),
    ...(items.length > NAMED_MAX ? ['Others'] : []),
  ];
  const rows = new Map<number, Record<string, number>>();
  for (let at = since - (since % step); at < until; at += step)
    rows.set(at, Object.fromEntries(names.map((name) => [name, 0])));
  for (const [index, { cause, hours }] of items.entries())
    for (const { at, refused } of hours) {
      const row = rows.get(at - (at % step));
      const name = index < NAMED_MAX ? cause : 'Others';
      if (row !== undefined) row[name] = (row[name] ?? 0) + refused;
    }
  const bars = [...rows].map(([at, counts]) => ({ at: clock.format(at * 1_000), ...counts }));
  return (
    <figure style={{ margin: 0 }} aria-label={`Refused by time: ${total} in all`}>
      <Suspense fallback={<Skeleton h={220} />}>
        <StackedBars
          bars={bars}
          series={names.map((name, index) => ({ name, color: COLORS[index] ?? 'gray.5' }))}
        />
      </Suspense>
    </figure>
  );
}
