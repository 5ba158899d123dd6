import {
  Badge,
  Button,
  Card,
  Group,
  Menu,
  Table,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import type { Answer } from '@tessera/server/contract';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useAnswer, useForget } from '../api/use-answer.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Instant } from '../parts/instant.tsx';
import { RowMenu } from '../parts/row-menu.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { NewSecret, type SecretKind } from './new-secret.tsx';
import type { Shown } from './shown.ts';

type Secret = Answer<'listSecrets'>['items'][number];

export function SecretsCard({ client }: Shown) {
  const { realm, clientId } = client;
  const params = { realm, clientId };
  const forget = useForget();
  const secrets = useAnswer('listSecrets', { params }, { refetchInterval: 15_000 });
  const [dialog, setDialog] = useState<SecretKind>();
  const [revoking, setRevoking] = useState<Secret>();
  return (
    <Card withBorder component="section" aria-labelledby="secrets">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4" id="secrets">
          Client Secret
        </Title>
        <Group gap="xs">
          <Button variant="default" size="sm" onClick={() => setDialog('set')}>
            Set secret
          </Button>
          <Button variant="default" size="sm" onClick={() => setDialog('rotate')}>
            Reset
          </Button>
        </Group>
      </Group>
      {secrets.isPending && <Loading what="secrets" />}
      {secrets.isError && <Failed error={secrets.error} retry={secrets.refetch} />}
      {secrets.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          No secret. The client cannot prove itself with one.
        </Text>
      )}
      {secrets.data !== undefined && secrets.data.items.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="xs" aria-label="Secrets">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Secret</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th>Created</Table.Th>
                <Table.Th>Last used</Table.Th>
                <Table.Th>Expires</Table.Th>
                <Table.Th>
                  <VisuallyHidden>Actions</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {secrets.data.items.map((secret) => (
                <Table.Tr key={secret.id}>
                  <Table.Td>
                    <Text size="sm">
                      {secret.label === ''
                        ? secret.origin === 'chosen'
                          ? 'Chosen by a person'
                          : 'Generated'
                        : secret.label}
                    </Text>
                    {secret.lastFour !== '' && (
                      <Text size="xs" c="dimmed" ff="monospace">
                        …{secret.lastFour}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="dot" color={secret.status === 'active' ? 'teal' : 'gray'}>
                      {secret.status}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    <Instant at={secret.createdAt} />
                  </Table.Td>
                  <Table.Td>
                    <Instant at={secret.lastUsedAt} />
                  </Table.Td>
                  <Table.Td>
                    <Instant at={secret.expiresAt} />
                  </Table.Td>
                  <Table.Td>
                    <RowMenu of={`the secret ${secret.label} ${secret.lastFour}`}>
                      <Menu.Item color="red" onClick={() => setRevoking(secret)}>
                        Revoke
                      </Menu.Item>
                    </RowMenu>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <NewSecret kind={dialog} onClose={() => setDialog(undefined)} client={client} />
      <Confirm
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title="Revoke the secret"
        text="It stops working at once. Whoever still uses it gets no more tokens; tokens that it obtained live on."
        name={clientId}
        verb="Revoke"
        act={async () => {
          await call('revokeSecret', { params: { ...params, secretId: revoking?.id ?? '' } });
          await forget();
        }}
      />
    </Card>
  );
}
