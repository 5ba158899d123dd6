import { Anchor, Badge, Card, Code, Group, Progress, Stack, Text, Title } from '@mantine/core';
import type { Answer } from '@tessera/server/contract';
import { Instant } from '../parts/instant.tsx';
import { span } from '../tokens/judge-token.ts';

type Item = Answer<'listRefusals'>['items'][number];

/** Clients that are named before somebody asks for all of them. */
const SHOWN = 5;

/** One cause: how often, to whom, and the way out of it. */
export function CauseCard({
  item,
  total,
  onClient,
}: {
  readonly item: Item;
  readonly total: number;
  readonly onClient: (clientId: string) => void;
}) {
  const { reason, error, cause, remedy, refused, lastAt, clientCount, clients } = item;
  const named = clients.slice(0, SHOWN).filter(({ clientId }) => clientId !== null);
  const more = clientCount - named.length;
  return (
    <Card withBorder component="section" aria-label={cause}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="md">
        <div style={{ minWidth: 0 }}>
          <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
            {cause}
          </Title>
          <Group gap="xs" mt={4}>
            <Badge variant="light" color="red" tt="none" ff="monospace">
              {error}
            </Badge>
            <Text size="sm" c="dimmed">
              last <Instant at={lastAt} />
            </Text>
          </Group>
        </div>
        <div style={{ textAlign: 'right' }}>
          <Text fz={28} fw={700} lh={1.1}>
            {refused.toLocaleString()}
          </Text>
          <Text size="xs" c="dimmed">
            {Math.max(1, Math.round((refused / total) * 100))} %
          </Text>
        </div>
      </Group>
      <Progress
        value={(refused / total) * 100}
        color="orange"
        size="sm"
        mt="sm"
        aria-label={`${cause}: share of all`}
      />
      <Text mt="md" style={{ overflowWrap: 'anywhere' }}>
        {withCode(remedy)}
      </Text>
      <Stack gap={6} mt="md">
        {clients.slice(0, SHOWN).map(({ clientId, refused: count, lastAt: at, details }) => (
          <Group key={clientId ?? ''} justify="space-between" gap="xs" align="baseline">
            <Group gap="xs" align="baseline" style={{ minWidth: 0 }}>
              {clientId === null ? (
                <Text size="sm" c="dimmed">
                  Callers that are no client of this realm
                </Text>
              ) : (
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  ff="monospace"
                  style={{ overflowWrap: 'anywhere', textAlign: 'left' }}
                  onClick={() => onClient(clientId)}
                >
                  {clientId}
                </Anchor>
              )}
              <Details details={details} />
            </Group>
            <Text size="sm" c="dimmed">
              {count.toLocaleString()} · <Instant at={at} />
            </Text>
          </Group>
        ))}
        {more > 0 && (
          <Text size="sm" c="dimmed">
            and {more.toLocaleString()} more
          </Text>
        )}
      </Stack>
      <Text size="xs" c="dimmed" mt="md">
        In log and metrics: <Code>{reason}</Code>
      </Text>
    </Card>
  );
}

/** What the latest refusal said beyond its reason, as a sentence where there is one. */
function Details({ details }: { readonly details: Item['clients'][number]['details'] }) {
  const { seconds, scope, ...others } = details;
  const parts = [
    ...(typeof seconds === 'number'
      ? [`${seconds < 0 ? 'ahead by' : 'off by'} ${span(Math.abs(seconds))}`]
      : []),
    ...(Array.isArray(scope) ? [`asked for ${scope.map(String).join(' ')}`] : []),
    ...Object.entries(others)
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
      .map(([name, value]) => `${name} ${String(value)}`),
  ];
  if (parts.length === 0) return null;
  return (
    <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      {parts.join(', ')}
    </Text>
  );
}

/** Words in backticks are what people type. */
const withCode = (text: string) =>
  text.split('`').map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name, and stay.
    index % 2 === 1 ? <Code key={index}>{part}</Code> : part,
  );
