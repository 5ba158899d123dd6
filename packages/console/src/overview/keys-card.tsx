import { Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { Instant } from '../parts/instant.tsx';
import { Failed } from '../parts/states.tsx';
import { usePermission } from '../session/use-session.ts';

const COLORS: Readonly<Record<string, string>> = {
  signing: 'teal',
  published: 'indigo',
  retired: 'gray',
};

/** Which keys sign, and when the next one takes over. */
export function KeysCard() {
  const realm = useRealm();
  const keys = useAnswer('listSigningKeys', { params: { realm } });
  const provider = useAnswer(
    'findProvider',
    { params: { realm } },
    { enabled: usePermission('providers:read') },
  );
  const period = provider.data?.keyRotationPeriod ?? 0;
  return (
    <Card withBorder component="section" aria-label="Signing keys">
      <Title order={2} size="h4" mb="md">
        Signing keys
      </Title>
      {keys.isError && <Failed error={keys.error} retry={keys.refetch} />}
      <Stack gap="sm">
        {(keys.data?.items ?? []).map(({ kid, algorithm, state, createdAt, signsFrom }) => (
          <Group key={kid} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={500}>
                {algorithm}{' '}
                <Text span size="xs" c="dimmed" ff="monospace">
                  {kid.slice(0, 8)}…
                </Text>
              </Text>
              <Text size="xs" c="dimmed">
                {state === 'published' ? (
                  <>
                    signs from <Instant at={signsFrom} />
                  </>
                ) : state === 'signing' && period > 0 ? (
                  <>
                    rotates <Instant at={createdAt + period} />
                  </>
                ) : (
                  <>
                    made <Instant at={createdAt} />
                  </>
                )}
              </Text>
            </div>
            <Badge variant="dot" color={COLORS[state] ?? 'gray'}>
              {state}
            </Badge>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
