import { Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useAnswer } from '../api/use-answer.ts';
import { Failed, Loading } from '../parts/states.tsx';

const SHOWN = 8;

/** Whom the quota for a day would meet: what the busiest clients were issued in the last one. */
export function QuotaReach({
  realm,
  perDay,
}: {
  readonly realm: string;
  readonly perDay: number | '';
}) {
  const usage = useAnswer('listUsageByClient', { params: { realm }, query: { top: SHOWN } });
  const items = usage.data?.items ?? [];
  const most = Math.max(1, ...items.map(({ issued }) => issued));
  const scale = typeof perDay === 'number' ? Math.max(most, perDay) : most;
  const beyond = items.filter(({ issued }) => typeof perDay === 'number' && issued > perDay).length;
  return (
    <Card withBorder component="section" aria-labelledby="quota-reach">
      <Title order={2} size="h4" id="quota-reach">
        Whom would it meet?
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {perDay === ''
          ? 'The busiest clients of the last 24 hours. Type a number for a day to see whom it would meet.'
          : beyond === 0
            ? `None of the busiest clients was issued more than ${perDay.toLocaleString()} tokens in the last 24 hours.`
            : `${beyond === 1 ? 'One client was' : `${beyond} clients were`} issued more than ${perDay.toLocaleString()} tokens in the last 24 hours.`}
      </Text>
      {usage.isPending && <Loading what="usage" />}
      {usage.isError && <Failed error={usage.error} retry={usage.refetch} />}
      {usage.data !== undefined && items.length === 0 && (
        <Text c="dimmed" ta="center" py="md">
          No tokens in the last 24 hours.
        </Text>
      )}
      <Stack gap="sm">
        {items.map(({ clientId, issued }) => {
          const over = typeof perDay === 'number' && issued > perDay;
          return (
            <div key={clientId}>
              <Group justify="space-between" gap="xs" wrap="nowrap">
                <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {clientId}
                </Text>
                <Text size="sm" fw={over ? 600 : 400} style={{ flexShrink: 0 }}>
                  {issued.toLocaleString()}
                  {over && ' — beyond'}
                </Text>
              </Group>
              <Progress
                value={(issued / scale) * 100}
                color={over ? 'orange' : 'indigo'}
                aria-label={`Tokens of ${clientId}`}
              />
            </div>
          );
        })}
      </Stack>
    </Card>
  );
}
