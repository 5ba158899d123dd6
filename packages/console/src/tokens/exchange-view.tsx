import {
  Badge,
  Card,
  Code,
  Group,
  SimpleGrid,
  Stack,
  Switch,
  Tabs,
  Text,
  Title,
} from '@mantine/core';
import { readCompactJws } from '@tessera/protocol';
import { useState } from 'react';
import { CopyBlock, CopyIconButton } from '../parts/copy-text.tsx';
import { ClaimsTable } from './claims-table.tsx';
import type { Exchange } from './exchange.ts';
import { formatCurl, formatRequest, formatResponse } from './format-exchange.ts';

/** A request and its answer as they went over the wire, and the same in a terminal. */
export function ExchangeView({
  title,
  exchange,
  clientId,
  tessera,
}: {
  readonly title: string;
  readonly exchange: Exchange;
  readonly clientId: string;
  readonly tessera?: string;
}) {
  const [shown, setShown] = useState(false);
  const { sent, status, milliseconds, withNonce } = exchange;
  const secret =
    sent.headers.some(([, value]) => value.startsWith('Basic ')) ||
    sent.form.some(([name]) => name === 'client_secret');
  return (
    <Stack gap="lg">
      <Card withBorder component="section" aria-label={`Request: ${title}`}>
        <Group justify="space-between" mb="sm">
          <Title order={2} size="h4">
            Request
          </Title>
          {secret && (
            <Switch
              size="xs"
              label="Show the secret"
              checked={shown}
              onChange={({ currentTarget }) => setShown(currentTarget.checked)}
            />
          )}
        </Group>
        <Tabs defaultValue="http" keepMounted={false}>
          <Tabs.List aria-label="Forms of the request" mb="sm">
            <Tabs.Tab value="http">HTTP</Tabs.Tab>
            <Tabs.Tab value="curl">curl</Tabs.Tab>
            {tessera !== undefined && <Tabs.Tab value="tessera">tessera</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="http">
            <Wire text={formatRequest(sent, shown)} what="the request" />
          </Tabs.Panel>
          <Tabs.Panel value="curl">
            <CopyBlock value={formatCurl(sent, clientId)} what="the curl line" />
          </Tabs.Panel>
          {tessera !== undefined && (
            <Tabs.Panel value="tessera">
              <CopyBlock value={tessera} what="the command" />
            </Tabs.Panel>
          )}
        </Tabs>
        {withNonce && (
          <Text size="xs" c="dimmed" mt="xs">
            The server asked for a nonce in the proof; this is the request that had it.
          </Text>
        )}
      </Card>
      <Card withBorder component="section" aria-label={`Answer: ${title}`}>
        <Group justify="space-between" mb="sm">
          <Title order={2} size="h4">
            Answer
          </Title>
          <Group gap="xs" role="status">
            <Badge variant="light" color={status < 400 ? 'teal' : 'red'}>
              {status}
            </Badge>
            <Text size="sm" c="dimmed">
              {milliseconds.toFixed(0)} ms
            </Text>
          </Group>
        </Group>
        <Wire text={formatResponse(exchange)} what="the answer" />
      </Card>
    </Stack>
  );
}

function Wire({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <Group align="flex-start" wrap="nowrap" gap={4}>
      <Code block tabIndex={0} className="wire">
        {text}
      </Code>
      <CopyIconButton value={text} what={what} />
    </Group>
  );
}

/** What the token says that came, or that it says nothing to anybody but the server. */
export function TokenView({ token }: { readonly token: string }) {
  const jws = readCompactJws(token, 65_536);
  return (
    <Card withBorder component="section" aria-label="The token">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          The token
        </Title>
        <CopyIconButton value={token} what="the token" />
      </Group>
      {jws === undefined ? (
        <Text size="sm" c="dimmed">
          Opaque: it says nothing by itself. Introspection tells what it stands for.
        </Text>
      ) : (
        <SimpleGrid cols={1} spacing="sm">
          <ClaimsTable label="Header" claims={jws.header} />
          <ClaimsTable label="Claims" claims={jws.claims} />
        </SimpleGrid>
      )}
    </Card>
  );
}
