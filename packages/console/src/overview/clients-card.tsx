import { Anchor, Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { Failed } from '../parts/states.tsx';

/** Who takes most of the tokens, as shares that can be compared. */
export function ClientsCard() {
  const realm = useRealm();
  const top = useAnswer(
    'listUsageByClient',
    { params: { realm }, query: { top: 6 } },
    { refetchInterval: 10_000 },
  );
  const items = top.data?.items ?? [];
  const most = Math.max(1, ...items.map(({ issued, refused }) => issued + refused));
  return (
    <Card withBorder component="section" aria-label="Busiest clients">
      <Group justify="space-between" align="baseline" mb="md">
        <Title order={2} size="h4">
          Busiest clients
        </Title>
        <Text size="xs" c="dimmed">
          last 24 hours
        </Text>
      </Group>
      {top.isError && <Failed error={top.error} retry={top.refetch} />}
      {top.data !== undefined && items.length === 0 && (
        <Text size="sm" c="dimmed">
          No client asked for a token.
        </Text>
      )}
      <Stack gap="sm">
        {items.map(({ clientId, issued, refused, wasted }) => (
          <div key={clientId}>
            <Group justify="space-between" wrap="nowrap" mb={4}>
              <Anchor
                size="sm"
                ff="monospace"
                style={{ overflowWrap: 'anywhere' }}
                renderRoot={(props) => (
                  <Link
                    to="/realms/$realm/applications"
                    params={{ realm }}
                    search={{ search: clientId }}
                    {...props}
                  />
                )}
              >
                {clientId}
              </Anchor>
              <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
                {issued.toLocaleString()}
                {refused > 0 && (
                  <Text span size="sm" c="dimmed">
                    {' '}
                    · {refused.toLocaleString()} refused
                  </Text>
                )}
                {wasted > issued / 2 && issued > 10 && (
                  <Text span size="sm" c="dimmed">
                    {' '}
                    · keeps no token
                  </Text>
                )}
              </Text>
            </Group>
            <Progress.Root size="sm" aria-label={`Share of ${clientId}`}>
              <Progress.Section
                value={(issued / most) * 100}
                color="indigo"
                aria-label={`${issued} issued`}
              />
              <Progress.Section
                value={(refused / most) * 100}
                color="orange"
                aria-label={`${refused} refused`}
              />
            </Progress.Root>
          </div>
        ))}
      </Stack>
    </Card>
  );
}
