import {
  Badge,
  Button,
  Card,
  Group,
  Menu,
  Stack,
  Table,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import type { Answer } from '@tessera/server/contract';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useForget } from '../api/use-answer.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Instant } from '../parts/instant.tsx';
import { tell, tellError } from '../parts/notify.ts';
import { RowMenu } from '../parts/row-menu.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import { usePermission } from '../session/use-session.ts';
import type { Shown } from './shown.ts';

type Token = Answer<'listTokensOfClient'>['items'][number];

const OBSTACLES: Readonly<Record<NonNullable<Token['obstacle']>, string>> = {
  'not-of-this-realm': 'Not of this realm',
  expired: 'Expired',
  revoked: 'Revoked',
  'client-unknown': 'Client deleted',
  'client-disabled': 'Client inactive',
  'client-tokens-revoked': 'Revoked with all',
  'realm-disabled': 'Realm disabled',
  'realm-tokens-revoked': 'Revoked with the realm',
};

/** What the client was given, how it stands, and how to take it back. */
export function TokensTab({ client }: Shown) {
  const { realm, clientId } = client;
  const params = { realm, clientId };
  const forget = useForget();
  const mayRevoke = usePermission('tokens:write');
  const list = usePages('listTokensOfClient', { params });
  const [asking, setAsking] = useState(false);
  const items = list.items ?? [];
  const revoke = async ({ jti }: Token) => {
    try {
      await call('revokeToken', { params: { realm }, body: { jti } });
      await forget();
      tell('Token revoked');
    } catch (caught) {
      tellError(caught);
    }
  };
  return (
    <Stack>
      <Card withBorder component="section" aria-labelledby="tokens">
        <Group justify="space-between" align="flex-start" mb="md">
          <div style={{ flex: 1, minWidth: 220 }}>
            <Title order={2} size="h4" id="tokens">
              Tokens
            </Title>
            <Text size="sm" c="dimmed">
              What it was given, newest first. Tokens are not kept, only that they were issued: as
              long as the server keeps such events, which is 30 days unless it is set otherwise. The
              latest take a moment to appear.
            </Text>
          </div>
          <Group gap="xs">
            <AsCommand name="listTokensOfClient" asked={{ params }} />
            <Button variant="default" onClick={() => list.refetch()} loading={list.isRefetching}>
              Refresh
            </Button>
            <Button variant="outline" color="red" onClick={() => setAsking(true)}>
              Revoke all
            </Button>
          </Group>
        </Group>
        {list.isPending && <Loading what="tokens" />}
        {list.isError && <Failed error={list.error} retry={list.refetch} />}
        {list.items?.length === 0 && (
          <Empty title="No token yet" text="What the client is issued is here a moment later." />
        )}
        {items.length > 0 && (
          <Table.ScrollContainer minWidth={820}>
            <Table layout="fixed" verticalSpacing="xs" aria-label="Tokens">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w={150}>Issued</Table.Th>
                  <Table.Th w={170}>State</Table.Th>
                  <Table.Th w={140}>Expires</Table.Th>
                  <Table.Th>Scopes</Table.Th>
                  <Table.Th>For</Table.Th>
                  <Table.Th w={64}>
                    <VisuallyHidden>Actions</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((token) => (
                  <Row
                    key={token.jti}
                    token={token}
                    clientId={clientId}
                    {...(mayRevoke && { onRevoke: () => revoke(token) })}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        <ShowMore list={list} />
      </Card>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Revoke all tokens"
        text="Every token that was issued until now is void at once, whether it is in this list or not. The client can get new ones."
        name={clientId}
        verb="Revoke all"
        act={async () => {
          await call('revokeTokensOfClient', { params });
          await forget();
          tell('All tokens are revoked');
        }}
      />
    </Stack>
  );
}

function Row({
  token: { jti, issuedAt, expiresAt, scope, audience, format, subject, obstacle },
  clientId,
  onRevoke,
}: {
  readonly token: Token;
  readonly clientId: string;
  readonly onRevoke?: () => void;
}) {
  return (
    <Table.Tr>
      <Table.Td>
        <Instant at={issuedAt} />
        <Text size="xs" c="dimmed">
          {format === 'jwt' ? 'JWT' : 'Opaque'}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge
          variant="dot"
          tt="none"
          color={obstacle === null ? 'teal' : obstacle === 'expired' ? 'gray' : 'red'}
        >
          {obstacle === null ? 'Active' : OBSTACLES[obstacle]}
        </Badge>
      </Table.Td>
      <Table.Td>
        <Instant at={expiresAt} />
      </Table.Td>
      <Table.Td>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }} lineClamp={3}>
          {scope.join(' ')}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace" truncate title={jti}>
          {jti}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }} lineClamp={3}>
          {audience.join(' ')}
        </Text>
        {subject !== clientId && (
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            about {subject}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {onRevoke !== undefined && obstacle === null && (
          <RowMenu of={`the token ${jti}`}>
            <Menu.Item color="red" onClick={onRevoke}>
              Revoke
            </Menu.Item>
          </RowMenu>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
