import { Card, Group, Progress, Text } from '@mantine/core';
import { CheckCircledIcon, CrossCircledIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import type { Outcome } from './apply-each.ts';

/** How far many changes have come, and in the end what became of them. */
export function OutcomeProgress({
  total,
  outcomes,
  told,
}: {
  readonly total: number;
  readonly outcomes: Iterable<Outcome>;
  /** What is said once every change is made or refused. */
  readonly told: string | undefined;
}) {
  const states = [...outcomes].map(({ state }) => state);
  return (
    <div role="status">
      <Progress
        value={total === 0 ? 100 : (states.length / total) * 100}
        color={states.includes('failed') ? 'red' : 'teal'}
        aria-label="How much is applied"
      />
      <Text size="sm" mt={6}>
        {told ?? `${states.length.toLocaleString()} of ${total.toLocaleString()} …`}
      </Text>
    </div>
  );
}

/** The mark at the end of one row. */
function OutcomeMark({ outcome }: { readonly outcome: Outcome | undefined }) {
  if (outcome === undefined) return null;
  return outcome.state === 'done' ? (
    <CheckCircledIcon color="var(--mantine-color-teal-6)" aria-label="Applied" />
  ) : (
    <CrossCircledIcon color="var(--mantine-color-red-6)" aria-label="Not applied" />
  );
}

/** One of those that are changed, and what became of it; `children` say more of it. */
export const OutcomeRow = ({
  name,
  outcome,
  children,
}: {
  readonly name: string;
  readonly outcome: Outcome | undefined;
  readonly children: ReactNode;
}) => (
  <Card withBorder padding="xs" component="li" aria-label={name}>
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={500}>
          {name}
        </Text>
        {children}
        {outcome?.state === 'failed' && (
          <Text size="sm" className="needed" mt={4}>
            {outcome.text}
          </Text>
        )}
      </div>
      <OutcomeMark outcome={outcome} />
    </Group>
  </Card>
);
