import { Anchor, Card, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { Instant } from '../parts/instant.tsx';
import { Failed } from '../parts/states.tsx';

const SHOWN = 4;

/** Clients that nobody seems to need: each is a way in. */
export function UnusedCard() {
  const realm = useRealm();
  const unused = useAnswer('listUnusedClients', { params: { realm } });
  const { items = [], next = null } = unused.data ?? {};
  return (
    <Card withBorder component="section" aria-label="Unused clients">
      <Group justify="space-between" align="baseline" mb="md">
        <Title order={2} size="h4">
          Unused clients
        </Title>
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link
              to="/realms/$realm/applications"
              params={{ realm }}
              search={{ unused: 90 }}
              {...props}
            />
          )}
        >
          For 90 days
        </Anchor>
      </Group>
      {unused.isError && <Failed error={unused.error} retry={unused.refetch} />}
      {unused.data !== undefined && items.length === 0 && (
        <Text size="sm" c="dimmed">
          {next === null
            ? 'None: every client is in use, or new.'
            : 'None among the first thousand.'}
        </Text>
      )}
      <Stack gap="xs">
        {items.slice(0, SHOWN).map(({ clientId, lastUsedAt, createdAt }) => (
          <Group key={clientId} justify="space-between" wrap="nowrap">
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
            <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              {lastUsedAt === null ? (
                <>
                  never, made <Instant at={createdAt} />
                </>
              ) : (
                <Instant at={lastUsedAt} />
              )}
            </Text>
          </Group>
        ))}
      </Stack>
      {items.length > SHOWN && (
        <Text size="xs" c="dimmed" mt="sm">
          and {(items.length - SHOWN).toLocaleString()}
          {next === null ? '' : ' or'} more
        </Text>
      )}
    </Card>
  );
}
