import {
  Badge,
  Card,
  CloseButton,
  Group,
  SegmentedControl,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Answer } from '@tessera/server/contract';
import { useState } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Page } from '../parts/page.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { CauseCard } from './cause-card.tsx';
import { RefusalChart } from './refusal-chart.tsx';

const SPANS = [
  { value: '1', label: '24 hours' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
] as const;

const DAY = 86_400;

/** Why machines get no token, by cause, with what to do about it. */
export function ErrorsPage() {
  const realm = useRealm();
  const navigate = useNavigate();
  const { client, days = 1 } = useSearch({ strict: false });
  // The hour that is asked from stays the same, so that an answer is remembered for it.
  const [now] = useState(() => Math.floor(Date.now() / 3_600_000) * 3_600);
  const query = days === 1 ? {} : { since: now - days * DAY };
  const ofRealm = useAnswer(
    'listRefusals',
    { params: { realm }, query },
    { enabled: client === undefined, refetchInterval: 10_000 },
  );
  const ofClient = useAnswer(
    'listRefusalsOfClient',
    { params: { realm, clientId: client ?? '' }, query },
    { enabled: client !== undefined, refetchInterval: 10_000 },
  );
  const refusals = client === undefined ? ofRealm : ofClient;
  const show = (next: { readonly client?: string | undefined; readonly days?: number }) => {
    const chosen = { client, days, ...next };
    void navigate({
      to: '/realms/$realm/errors',
      params: { realm },
      search: {
        ...(chosen.client !== undefined && { client: chosen.client }),
        ...(chosen.days !== 1 && { days: chosen.days }),
      },
      replace: true,
    });
  };
  return (
    <Page
      title="Errors"
      text="Why token requests were refused, and what to do about it. Callers are told less."
      actions={
        client === undefined ? (
          <AsCommand name="listRefusals" asked={{ params: { realm }, query }} />
        ) : (
          <AsCommand
            name="listRefusalsOfClient"
            asked={{ params: { realm, clientId: client }, query }}
          />
        )
      }
    >
      <Group justify="space-between">
        <SegmentedControl
          aria-label="Span of time"
          style={{ maxWidth: '100%', overflowX: 'auto' }}
          data={[...SPANS]}
          value={String(days)}
          onChange={(next) => show({ days: Number(next) })}
        />
        {client !== undefined && (
          <Badge
            variant="light"
            size="lg"
            tt="none"
            rightSection={
              <CloseButton
                size="xs"
                aria-label="Of all clients"
                onClick={() => show({ client: undefined })}
              />
            }
          >
            Client {client}
          </Badge>
        )}
      </Group>
      {refusals.isPending && <Loading what="errors" />}
      {refusals.isError && <Failed error={refusals.error} retry={refusals.refetch} />}
      {refusals.data !== undefined && (
        <Causes refusals={refusals.data} onClient={(clientId) => show({ client: clientId })} />
      )}
    </Page>
  );
}

function Causes({
  refusals,
  onClient,
}: {
  readonly refusals: Answer<'listRefusals'>;
  readonly onClient: (clientId: string) => void;
}) {
  const { items, total } = refusals;
  if (items.length === 0)
    return (
      <Card withBorder>
        <Empty title="No errors" text="Every token request in this time got a token." />
      </Card>
    );
  return (
    <Stack gap="lg">
      <Card withBorder component="section" aria-label="By hour">
        <Group justify="space-between" align="baseline" mb="sm">
          <Title order={2} size="h4">
            {total.toLocaleString()} refused
          </Title>
          <Text size="sm" c="dimmed">
            {items.length === 1 ? 'one cause' : `${items.length} causes`}
          </Text>
        </Group>
        <RefusalChart refusals={refusals} />
      </Card>
      {items.map((item) => (
        <CauseCard key={item.reason} item={item} total={total} onClient={onClient} />
      ))}
    </Stack>
  );
}
