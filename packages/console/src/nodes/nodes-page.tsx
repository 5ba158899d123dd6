import { Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { Answer } from '@tessera/server/contract';
import { useAnswer } from '../api/use-answer.ts';
import { CopyLine } from '../parts/copy-text.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { formatBytes, formatUptime } from '../parts/format.ts';
import { Instant } from '../parts/instant.tsx';
import { Page } from '../parts/page.tsx';
import { Failed, Loading } from '../parts/states.tsx';

type Node = Answer<'listNodes'>['items'][number];
type System = Answer<'findSystem'>;

/** The processes that answer, and what they stand on. */
export function NodesPage() {
  const nodes = useAnswer('listNodes', {}, { refetchInterval: 10_000 });
  const system = useAnswer('findSystem', {}, { refetchInterval: 60_000 });
  return (
    <Page title="Nodes" text="The processes that answer, and the database they share.">
      {(nodes.isPending || system.isPending) && <Loading what="the nodes" />}
      {nodes.isError && <Failed error={nodes.error} retry={nodes.refetch} />}
      {nodes.data !== undefined && (
        <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} component="section" aria-label="Nodes">
          {nodes.data.items.map((node) => (
            <NodeCard key={node.id} node={node} />
          ))}
          {nodes.data.items.length === 0 && (
            <Text c="dimmed">A node tells of itself a few seconds after its start.</Text>
          )}
        </SimpleGrid>
      )}
      {system.isError && <Failed error={system.error} retry={system.refetch} />}
      {system.data !== undefined && <SystemCards system={system.data} />}
    </Page>
  );
}

function NodeCard({ node }: { readonly node: Node }) {
  const { name, state, self, version, runtime, startedAt, lastSeenAt, changesBehind } = node;
  const up = state === 'up';
  return (
    <Card withBorder component="article" aria-label={`Node ${name}`}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" mb="sm">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} truncate title={name}>
            {name}
          </Text>
          <Text size="sm" c="dimmed">
            {self ? 'Answers this page' : 'Another node'}
          </Text>
        </div>
        <Badge variant="dot" color={up ? 'teal' : 'red'} style={{ flexShrink: 0 }}>
          {up ? 'Up' : 'Away'}
        </Badge>
      </Group>
      <Facts>
        <Fact label="Running for">{formatUptime(Date.now() / 1_000 - startedAt)}</Fact>
        <Fact label="Last heard of">
          <Instant at={lastSeenAt} />
        </Fact>
        <Fact label="Changes">
          {changesBehind === 0 ? 'Has read all' : `${changesBehind.toLocaleString()} to read`}
        </Fact>
        <Fact label="Version">
          {version}, Node {runtime.replace(/^v/, '')}
        </Fact>
      </Facts>
    </Card>
  );
}

const KINDS = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const;

function SystemCards({ system }: { readonly system: System }) {
  const { database, publicUrl, contextPath, acceptsCertificates, logLevel, managementPort } =
    system;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <SystemCard title="Database">
        <Facts>
          <Fact label="Kind">{KINDS[database.kind]}</Fact>
          <Fact label="Size">{formatBytes(database.bytes)}</Fact>
          <Fact label="Schema">{database.migrations.at(-1) ?? 'none'}</Fact>
          <Fact label="Migrations">{database.migrations.length} applied, none pending</Fact>
        </Facts>
      </SystemCard>
      <SystemCard title="Backup">
        <Text size="sm">
          Written while the server runs, into one file that either kind of database can be filled
          from. Keep <b>master.key</b> apart from it: without the key no secret in it can be used.
        </Text>
        <CopyLine label="On a node" value="tessera db backup ./tessera.backup" />
      </SystemCard>
      <SystemCard title="Settings of this node">
        <Facts>
          <Fact label="Public URL">{publicUrl}</Fact>
          <Fact label="Context path">{contextPath}</Fact>
          <Fact label="Client certificates">
            {acceptsCertificates ? 'Accepted' : 'Not accepted'}
          </Fact>
          <Fact label="Log level">{logLevel}</Fact>
          <Fact label="Health and metrics">
            {managementPort === null ? 'No port of their own' : `Port ${managementPort}`}
          </Fact>
        </Facts>
        <Text size="sm" c="dimmed">
          Set by environment variables when a node starts; <code>tessera config</code> shows them.
        </Text>
      </SystemCard>
      <SystemCard title="About">
        <Facts>
          <Fact label="Tessera">{system.version}</Fact>
          <Fact label="Node">{system.runtime.replace(/^v/, '')}</Fact>
          <Fact label="Licence">{system.licence}</Fact>
        </Facts>
      </SystemCard>
    </SimpleGrid>
  );
}

function SystemCard({
  title,
  children,
}: {
  readonly title: string;
  readonly children: React.ReactNode;
}) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Title order={2} size="h4" mb="md">
        {title}
      </Title>
      <Stack gap="sm">{children}</Stack>
    </Card>
  );
}
