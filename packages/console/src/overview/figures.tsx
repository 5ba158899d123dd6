import { Card, SimpleGrid, Text } from '@mantine/core';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { useRates } from './use-rates.ts';

/** What is looked at first. */
export function Figures() {
  const realm = useRealm();
  const rates = useRates();
  const usage = useAnswer(
    'listUsage',
    { params: { realm }, query: { by: 'hour' } },
    { refetchInterval: 10_000 },
  );
  // The present minute is not whole yet.
  const minute = rates.data?.items.at(-2);
  const total = usage.data?.total;
  const asked = total === undefined ? 0 : total.issued + total.reused + total.refused;
  const good = asked === 0 ? undefined : ((asked - (total?.refused ?? 0)) / asked) * 100;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="lg">
      <Figure
        label="Tokens a minute"
        value={minute?.issued.toLocaleString()}
        hint={minute === undefined ? '' : `${minute.refused.toLocaleString()} refused`}
        color="indigo"
      />
      <Figure
        label="Half are answered within"
        value={formatMilliseconds(rates.data?.total.p50)}
        hint={`99 of 100 within ${formatMilliseconds(rates.data?.total.p99) ?? '–'}`}
        color="teal"
      />
      <Figure
        label="Tokens in 24 hours"
        value={total?.issued.toLocaleString()}
        hint={total === undefined ? '' : `${total.reused.toLocaleString()} answered again`}
        color="grape"
      />
      <Figure
        label="Requests that got one"
        value={good === undefined ? undefined : `${formatShare(good)} %`}
        hint={total === undefined ? '' : `${total.wasted.toLocaleString()} fetched needlessly`}
        color="orange"
      />
    </SimpleGrid>
  );
}

function Figure({
  label,
  value,
  hint,
  color,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly hint: string;
  readonly color: string;
}) {
  return (
    <Card
      withBorder
      padding="md"
      style={{ borderTop: `3px solid var(--mantine-color-${color}-6)` }}
    >
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={{ base: 24, sm: 30 }} fw={700} lh={1.3}>
        {value ?? '–'}
      </Text>
      <Text size="xs" c="dimmed">
        {hint || '\u00A0'}
      </Text>
    </Card>
  );
}

const formatMilliseconds = (value: number | null | undefined): string | undefined =>
  value === null || value === undefined
    ? undefined
    : `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString()} ms`;

/** 99.96 % is not 100 %. */
const formatShare = (share: number): string =>
  share === 100
    ? '100'
    : share > 99
      ? (Math.floor(share * 100) / 100).toFixed(2)
      : share.toFixed(1);
