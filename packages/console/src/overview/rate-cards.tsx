import { Card, Group, Skeleton, Text, Title } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { loadPart } from '../api/connection.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { Failed } from '../parts/states.tsx';
import { UsageChart } from '../parts/usage-chart.tsx';
import { useRates } from './use-rates.ts';

/** The library for charts is the largest part of the console, and only they need it. */
const Areas = lazy(async () => ({
  default: (await loadPart(() => import('../parts/areas.tsx'))).Areas,
}));

const StackedBars = lazy(async () => ({
  default: (await loadPart(() => import('../parts/stacked-bars.tsx'))).StackedBars,
}));

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** A chart with its name, and who looks at it without seeing it is told the sum. */
function ChartCard({
  title,
  hint,
  label,
  state,
  children,
}: {
  readonly title: string;
  readonly hint: string;
  readonly label: string;
  readonly state: 'loading' | 'empty' | 'ready';
  readonly children: ReactNode;
}) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Group justify="space-between" align="baseline" mb="md" gap="xs">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      </Group>
      {state === 'empty' ? (
        <Text c="dimmed" size="sm" py="lg" ta="center">
          No requests in this time. The chart is drawn with the first one.
        </Text>
      ) : (
        <figure style={{ margin: 0 }} aria-label={label}>
          <Suspense fallback={<Skeleton h={220} />}>
            {state === 'loading' ? <Skeleton h={220} /> : children}
          </Suspense>
        </figure>
      )}
    </Card>
  );
}

type Rates = ReturnType<typeof useRates>;

const stateOf = ({ data }: Rates) =>
  data === undefined ? 'loading' : data.total.issued + data.total.refused === 0 ? 'empty' : 'ready';

/** Tokens a minute, now and in the last hour. */
export function RateCard() {
  const rates = useRates();
  if (rates.isError) return <Failed error={rates.error} retry={rates.refetch} />;
  const { items = [], total } = rates.data ?? {};
  return (
    <ChartCard
      title="Tokens a minute"
      state={stateOf(rates)}
      hint="last hour, every node"
      label={`Tokens a minute: ${total?.issued ?? 0} issued and ${total?.refused ?? 0} refused in the last hour`}
    >
      <StackedBars
        bars={items.map(({ at, issued, refused }) => ({
          at: CLOCK.format(at * 1_000),
          Issued: issued,
          Refused: refused,
        }))}
        series={[
          { name: 'Issued', color: 'indigo.6' },
          { name: 'Refused', color: 'orange.6' },
        ]}
      />
    </ChartCard>
  );
}

/** How long a token takes, within the server. */
export function LatencyCard() {
  const rates = useRates();
  if (rates.isError) return null;
  const { items = [], total } = rates.data ?? {};
  return (
    <ChartCard
      title="Time to a token"
      state={stateOf(rates)}
      hint="within the server, every node"
      label={`Time to a token in the last hour: half within ${total?.p50 ?? 0}, 99 of 100 within ${total?.p99 ?? 0} milliseconds`}
    >
      <Areas
        unit=" ms"
        points={items.map(({ at, p50, p99 }) => ({
          at: CLOCK.format(at * 1_000),
          'Half (p50)': p50,
          '99 of 100 (p99)': p99,
        }))}
        series={[
          { name: '99 of 100 (p99)', color: 'grape.5' },
          { name: 'Half (p50)', color: 'teal.6' },
        ]}
      />
    </ChartCard>
  );
}

/** Today by hour. */
export function DayCard() {
  const realm = useRealm();
  const usage = useAnswer(
    'listUsage',
    { params: { realm }, query: { by: 'hour' } },
    { refetchInterval: 10_000 },
  );
  if (usage.isError) return <Failed error={usage.error} retry={usage.refetch} />;
  return (
    <Card withBorder component="section" aria-label="Tokens by hour">
      <Title order={2} size="h4" mb="md">
        Tokens by hour
      </Title>
      {usage.data === undefined ? <Skeleton h={240} /> : <UsageChart usage={usage.data} />}
    </Card>
  );
}
