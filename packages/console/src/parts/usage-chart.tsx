import { Skeleton, Text } from '@mantine/core';
import type { Answer } from '@tessera/server/contract';
import { lazy, Suspense } from 'react';
import { loadPart } from '../api/connection.ts';

/** The library for charts is the largest part of the console, and only they need it. */
const StackedBars = lazy(async () => ({
  default: (await loadPart(() => import('./stacked-bars.tsx'))).StackedBars,
}));

const SERIES = [
  { name: 'Issued', color: 'indigo.6' },
  { name: 'Refused', color: 'orange.6' },
];

const HOUR = 3_600;
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** Issued and refused for each hour; hours in which nothing happened are there, and empty. */
export function UsageChart({ usage }: { readonly usage: Answer<'listUsage'> }) {
  const { items, since, until } = usage;
  const counted = new Map(items.map((item) => [item.at, item]));
  const bars: Record<string, string | number>[] = [];
  for (let at = Math.floor(since / HOUR) * HOUR; at < until; at += HOUR)
    bars.push({
      at: CLOCK.format(new Date(at * 1_000)),
      Issued: counted.get(at)?.issued ?? 0,
      Refused: counted.get(at)?.refused ?? 0,
    });
  const sum = items.reduce((total, { issued, refused }) => total + issued + refused, 0);
  if (sum === 0)
    return (
      <Text c="dimmed" size="sm" py="lg" ta="center">
        No tokens in this time.
      </Text>
    );
  return (
    <figure style={{ margin: 0 }} aria-label={`Tokens by hour: ${sum} requests in all`}>
      <Suspense fallback={<Skeleton h={240} />}>
        <StackedBars bars={bars} series={SERIES} height={240} />
      </Suspense>
    </figure>
  );
}
