import { Anchor, Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { CheckCircledIcon } from '@radix-ui/react-icons';
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { ENDING_KINDS, EndingOwner } from '../expiry/ending.tsx';
import { useRealm } from '../frame/use-realm.ts';
import { Instant } from '../parts/instant.tsx';
import { Failed } from '../parts/states.tsx';

const SHOWN = 5;

/** What has to be replaced first, and the way to all of it. */
export function EndingCard() {
  const realm = useRealm();
  const endings = useAnswer('listExpiring', { params: { realm }, query: { limit: SHOWN } });
  const counts = useAnswer('countExpiring', { params: { realm } });
  const items = endings.data?.items ?? [];
  const overdue = counts.data?.overdue ?? 0;
  return (
    <Card withBorder component="section" aria-label="Expiring">
      <Group justify="space-between" align="baseline" mb="md">
        <Group gap="xs">
          <Title order={2} size="h4">
            Expiring
          </Title>
          {overdue > 0 && (
            <Badge color="red" variant="filled">
              {overdue.toLocaleString()} overdue
            </Badge>
          )}
        </Group>
        <Anchor
          size="sm"
          renderRoot={(props) => <Link to="/realms/$realm/expiry" params={{ realm }} {...props} />}
        >
          Expiry calendar
        </Anchor>
      </Group>
      {endings.isError && <Failed error={endings.error} retry={endings.refetch} />}
      {endings.data !== undefined && items.length === 0 && (
        <Group gap="xs" wrap="nowrap">
          <CheckCircledIcon aria-hidden />
          <Text size="sm" c="dimmed">
            Nothing ends in the next twelve months.
          </Text>
        </Group>
      )}
      <Stack gap="sm">
        {items.map((ending) => (
          <Group
            key={`${ending.clientId ?? ''} ${ending.id}`}
            justify="space-between"
            wrap="nowrap"
            align="flex-start"
          >
            <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
              <EndingOwner ending={ending} />
              <Text size="xs" c="dimmed">
                {ENDING_KINDS[ending.kind]}
                {ending.name !== '' && ` · ${ending.name}`}
              </Text>
            </div>
            <Text
              size="sm"
              style={{ whiteSpace: 'nowrap' }}
              {...(ending.overdue && { className: 'soon', fw: 600 })}
            >
              {ending.overdue && 'ended '}
              <Instant at={ending.endsAt} />
            </Text>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
