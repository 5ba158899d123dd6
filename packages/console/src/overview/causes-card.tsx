import { Anchor, Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { CheckCircledIcon } from '@radix-ui/react-icons';
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { useRealm } from '../frame/use-realm.ts';
import { Instant } from '../parts/instant.tsx';
import { Failed } from '../parts/states.tsx';

const SHOWN = 4;

/** What goes wrong most often, and where to read what to do. */
export function CausesCard() {
  const realm = useRealm();
  const refusals = useAnswer('listRefusals', { params: { realm } }, { refetchInterval: 10_000 });
  const items = refusals.data?.items ?? [];
  return (
    <Card withBorder component="section" aria-label="Errors">
      <Group justify="space-between" align="baseline" mb="md">
        <Title order={2} size="h4">
          Errors
        </Title>
        <Anchor
          size="sm"
          renderRoot={(props) => <Link to="/realms/$realm/errors" params={{ realm }} {...props} />}
        >
          All, with what to do
        </Anchor>
      </Group>
      {refusals.isError && <Failed error={refusals.error} retry={refusals.refetch} />}
      {refusals.data !== undefined && items.length === 0 && (
        <Group gap="xs">
          <CheckCircledIcon aria-hidden />
          <Text size="sm" c="dimmed">
            None in the last 24 hours.
          </Text>
        </Group>
      )}
      <Stack gap="sm">
        {items.slice(0, SHOWN).map(({ reason, cause, error, refused, lastAt }) => (
          <Group key={reason} justify="space-between" wrap="nowrap" align="flex-start">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={500}>
                {cause}
              </Text>
              <Text size="xs" c="dimmed">
                {error} · <Instant at={lastAt} />
              </Text>
            </div>
            <Badge variant="default" size="lg">
              {refused.toLocaleString()}
            </Badge>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
