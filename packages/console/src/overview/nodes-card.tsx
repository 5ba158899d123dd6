import { Anchor, Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { formatUptime } from '../parts/format.ts';
import { Failed } from '../parts/states.tsx';

const SHOWN = 5;

/** Which processes answer, and whether each knows all that was changed. */
export function NodesCard() {
  const nodes = useAnswer('listNodes', {}, { refetchInterval: 10_000 });
  const items = nodes.data?.items ?? [];
  return (
    <Card withBorder component="section" aria-label="Nodes">
      <Group justify="space-between" align="baseline" mb="md">
        <Title order={2} size="h4">
          Nodes
        </Title>
        <Anchor size="sm" renderRoot={(props) => <Link to="/server/nodes" {...props} />}>
          The server
        </Anchor>
      </Group>
      {nodes.isError && <Failed error={nodes.error} retry={nodes.refetch} />}
      {nodes.data !== undefined && items.length === 0 && (
        <Text size="sm" c="dimmed">
          A node tells of itself a few seconds after its start.
        </Text>
      )}
      <Stack gap="sm">
        {items.slice(0, SHOWN).map(({ id, name, state, startedAt, changesBehind, version }) => (
          <Group key={id} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
                {name}
              </Text>
              <Text size="xs" c="dimmed">
                {version} · runs for {formatUptime(Date.now() / 1_000 - startedAt)}
                {changesBehind > 0 && ` · ${changesBehind.toLocaleString()} changes behind`}
              </Text>
            </div>
            <Badge variant="dot" color={state === 'up' ? 'teal' : 'red'} style={{ flexShrink: 0 }}>
              {state === 'up' ? 'Up' : 'Away'}
            </Badge>
          </Group>
        ))}
      </Stack>
      {items.length > SHOWN && (
        <Text size="xs" c="dimmed" mt="sm">
          and {(items.length - SHOWN).toLocaleString()} more
        </Text>
      )}
    </Card>
  );
}
