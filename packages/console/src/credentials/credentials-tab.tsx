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
import { PlusIcon } from '@radix-ui/react-icons';
import { useState } from 'react';
import { useForget } from '../api/use-answer.ts';
import { NewSecret, type SecretKind } from '../applications/new-secret.tsx';
import type { Shown } from '../applications/shown.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Instant } from '../parts/instant.tsx';
import { tell, tellError } from '../parts/notify.ts';
import { RowMenu } from '../parts/row-menu.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { AddCertificate } from './add-certificate.tsx';
import { AddKey } from './add-key.tsx';
import { AddWorkload } from './add-workload.tsx';
import { endAt, type Held, revoke, useHeld } from './held.ts';
import { MethodCard } from './method-card.tsx';
import { Timeline } from './timeline.tsx';

const ENDS = [
  { after: 3_600, label: 'Let it end in an hour' },
  { after: 86_400, label: 'Let it end in a day' },
  { after: 604_800, label: 'Let it end in a week' },
] as const;

/** Everything with which the client can prove itself, of whatever kind. */
export function CredentialsTab(shown: Shown) {
  const { realm, clientId } = shown.client;
  const of = { realm, clientId };
  const { items, pending, error, retry } = useHeld(of);
  const forget = useForget();
  const [adding, setAdding] = useState<'key' | 'certificate' | 'workload' | SecretKind>();
  const [revoking, setRevoking] = useState<Held>();
  const ofKind = (kind: Held['kind']) => items.filter((held) => held.kind === kind);
  const end = async (held: Held, at: number | null) => {
    try {
      await endAt(held, of, at);
      await forget();
      tell(at === null ? 'It does not expire any more' : 'It ends by itself');
    } catch (caught) {
      tellError(caught);
    }
  };
  const add = (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<PlusIcon />}>Add a credential</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => setAdding('key')}>Public key</Menu.Item>
        <Menu.Item onClick={() => setAdding('certificate')}>Certificate</Menu.Item>
        <Menu.Item onClick={() => setAdding('workload')}>Workload of a platform</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => setAdding('rotate')}>
          Secret, in place of the earlier ones
        </Menu.Item>
        <Menu.Item onClick={() => setAdding('set')}>Secret of your own</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
  return (
    <Stack maw={1100}>
      <Card withBorder component="section" aria-labelledby="credentials">
        <Group justify="space-between" mb="md">
          <div>
            <Title order={2} size="h4" id="credentials">
              Credentials
            </Title>
            <Text size="sm" c="dimmed">
              Any of them will do. The dot is the last use: replace one, watch its dot stop, revoke
              it.
            </Text>
          </div>
          {add}
        </Group>
        {pending && <Loading what="credentials" />}
        {error != null && <Failed error={error} retry={retry} />}
        {!pending && error == null && items.length === 0 && (
          <Empty
            title="No credential"
            text="The client cannot prove itself with anything, so it gets no token."
          />
        )}
        {items.length > 0 && (
          <Stack gap="lg">
            <Timeline items={items} />
            <Table.ScrollContainer minWidth={720}>
              <Table verticalSpacing="xs" aria-label="Credentials">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Credential</Table.Th>
                    <Table.Th>State</Table.Th>
                    <Table.Th>Last used</Table.Th>
                    <Table.Th>Created</Table.Th>
                    <Table.Th>Expires</Table.Th>
                    <Table.Th>
                      <VisuallyHidden>Actions</VisuallyHidden>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((held) => (
                    <Table.Tr key={`${held.kind} ${held.id}`}>
                      <Table.Td>
                        <Text size="sm" fw={600}>
                          {held.title}
                        </Text>
                        <Text size="xs" c="dimmed">
                          {held.what}
                        </Text>
                        <Text size="xs" c="dimmed" ff="monospace" lineClamp={1} title={held.mark}>
                          {held.mark}
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        <Badge variant="dot" color={held.active ? 'teal' : 'gray'}>
                          {held.active ? 'Active' : 'Expired'}
                        </Badge>
                      </Table.Td>
                      <Table.Td>
                        {held.lastUsedAt === null ? (
                          <Text size="sm" c="dimmed">
                            never
                          </Text>
                        ) : (
                          <>
                            <Instant at={held.lastUsedAt} />
                            {held.lastUsedAddress !== null && (
                              <Text size="xs" c="dimmed">
                                from {held.lastUsedAddress}
                              </Text>
                            )}
                          </>
                        )}
                      </Table.Td>
                      <Table.Td>
                        <Instant at={held.createdAt} />
                      </Table.Td>
                      <Table.Td>
                        {held.expiresAt === null ? (
                          <Text size="sm" c="dimmed">
                            never
                          </Text>
                        ) : (
                          <Instant at={held.expiresAt} />
                        )}
                      </Table.Td>
                      <Table.Td>
                        <RowMenu of={held.title}>
                          {ENDS.map(({ after, label }) => (
                            <Menu.Item
                              key={after}
                              onClick={() => end(held, Math.floor(Date.now() / 1_000) + after)}
                            >
                              {label}
                            </Menu.Item>
                          ))}
                          {held.expiresAt !== null && held.kind !== 'certificate' && (
                            <Menu.Item onClick={() => end(held, null)}>Let it not expire</Menu.Item>
                          )}
                          {held.kind === 'secret' && (
                            <Menu.Item onClick={() => setAdding('rotate')}>Replace it</Menu.Item>
                          )}
                          <Menu.Divider />
                          <Menu.Item color="red" onClick={() => setRevoking(held)}>
                            Revoke now
                          </Menu.Item>
                        </RowMenu>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Stack>
        )}
      </Card>
      <MethodCard {...shown} />
      <AddKey
        of={of}
        earlier={ofKind('key')}
        opened={adding === 'key'}
        onClose={() => setAdding(undefined)}
      />
      <AddCertificate
        of={of}
        earlier={ofKind('certificate')}
        opened={adding === 'certificate'}
        onClose={() => setAdding(undefined)}
      />
      <NewSecret
        kind={adding === 'rotate' || adding === 'set' ? adding : undefined}
        onClose={() => setAdding(undefined)}
        client={shown.client}
      />
      <AddWorkload of={of} opened={adding === 'workload'} onClose={() => setAdding(undefined)} />
      <Confirm
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={`Revoke ${revoking?.title ?? ''}`}
        text="It stops working at once. Whoever still uses it gets no more tokens; tokens that it obtained live on."
        name={clientId}
        verb="Revoke"
        act={async () => {
          if (revoking !== undefined) await revoke(revoking, of);
          await forget();
        }}
      />
    </Stack>
  );
}
