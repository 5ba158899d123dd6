import { Card, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useAnswer } from '../api/use-answer.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { UsageChart } from '../parts/usage-chart.tsx';
import type { Shown } from './shown.ts';

export function UsageTab({ client }: Shown) {
  const { realm, clientId } = client;
  const usage = useAnswer(
    'listUsageOfClient',
    { params: { realm, clientId }, query: { by: 'hour' } },
    { refetchInterval: 10_000 },
  );
  if (usage.isPending) return <Loading what="usage" />;
  if (usage.isError) return <Failed error={usage.error} retry={usage.refetch} />;
  const { total, quotas } = usage.data;
  return (
    <Stack maw={960}>
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Figure label="Issued, last 24 hours" value={total.issued} />
        <Figure label="Answered again" value={total.reused} />
        <Figure label="Refused" value={total.refused} />
        <Figure label="Wasted" value={total.wasted} />
      </SimpleGrid>
      <Card withBorder>
        <Title order={2} size="h4" mb="md">
          Tokens by hour
        </Title>
        <UsageChart usage={usage.data} />
      </Card>
      {quotas.map(({ of, span, mode, limit, issued }) => (
        <Text key={`${of} ${span}`} size="sm">
          Quota of the {of} for this {span}: {issued} of {limit} ({mode})
        </Text>
      ))}
    </Stack>
  );
}

export function Figure({
  label,
  value,
}: {
  readonly label: string;
  readonly value: number | string;
}) {
  return (
    <Card withBorder padding="md">
      <Text size="xl" fw={700}>
        {typeof value === 'number' ? value.toLocaleString() : value}
      </Text>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
    </Card>
  );
}
