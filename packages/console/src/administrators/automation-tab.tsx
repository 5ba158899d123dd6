import {
  Badge,
  Button,
  Card,
  Group,
  Menu,
  Stack,
  Table,
  Text,
  VisuallyHidden,
} from '@mantine/core';
import { PlusIcon } from '@radix-ui/react-icons';
import type { Answer } from '@tessera/server/contract';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { PERMISSIONS } from '../api/roles.ts';
import { useForget } from '../api/use-answer.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Instant } from '../parts/instant.tsx';
import { tell } from '../parts/notify.ts';
import { RowMenu } from '../parts/row-menu.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import { usePermission } from '../session/use-session.ts';
import { NewAutomationKey } from './new-automation-key.tsx';
import { ADMIN_API } from './permission-choice.tsx';

type Grant = Answer<'listGrantsOfApi'>['items'][number];

/** Machines that administer: clients which hold scopes of the administration API. */
export function AutomationTab({ realm }: { readonly realm: string }) {
  const list = usePages('listGrantsOfApi', { params: { realm, apiId: ADMIN_API } });
  const mayCreate = usePermission('client-grants:write');
  const forget = useForget();
  const [making, setMaking] = useState(false);
  const [removing, setRemoving] = useState<Grant>();
  if (list.isPending) return <Loading what="automation keys" />;
  if (list.isError) return <Failed error={list.error} retry={list.refetch} />;
  const items = list.items ?? [];
  const create = mayCreate && (
    <Button leftSection={<PlusIcon />} onClick={() => setMaking(true)}>
      New automation key
    </Button>
  );
  return (
    <Stack>
      {items.length === 0 ? (
        <Empty
          title="No machine administers this"
          text="A pipeline or an operator gets a client of its own, with the permissions it needs and no more."
          action={create}
        />
      ) : (
        <>
          <Group justify="space-between">
            <Text size="sm" c="dimmed" maw={640}>
              {realm === 'root'
                ? 'Clients of the root realm with permissions: they reach every realm.'
                : 'Clients with permissions in this realm alone.'}
            </Text>
            {create}
          </Group>
          <Card withBorder p={0}>
            <Table.ScrollContainer minWidth={600}>
              <Table
                className="stacked"
                verticalSpacing="sm"
                highlightOnHover
                aria-label="Automation keys"
              >
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Client</Table.Th>
                    <Table.Th>May</Table.Th>
                    <Table.Th>Since</Table.Th>
                    <Table.Th>
                      <VisuallyHidden>Actions</VisuallyHidden>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((grant) => (
                    <Table.Tr key={grant.clientId}>
                      <Table.Td>
                        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                          {grant.clientId}
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        <Scopes scopes={grant.scopes} />
                      </Table.Td>
                      <Table.Td>
                        <Instant at={grant.createdAt} />
                      </Table.Td>
                      <Table.Td>
                        {mayCreate && (
                          <RowMenu of={grant.clientId}>
                            <Menu.Item color="red" onClick={() => setRemoving(grant)}>
                              Take its permissions away
                            </Menu.Item>
                          </RowMenu>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Card>
          <ShowMore list={list} />
        </>
      )}
      <NewAutomationKey realm={realm} opened={making} onClose={() => setMaking(false)} />
      <Confirm
        opened={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title="Take its permissions away"
        text="What it does with a token that it holds is refused at once. The client stays."
        name={removing?.clientId ?? ''}
        verb="Take away"
        act={async () => {
          await call('removeClientGrant', {
            params: { realm, clientId: removing?.clientId ?? '', apiId: ADMIN_API },
          });
          await forget();
          tell('It may administer nothing any more');
        }}
      />
    </Stack>
  );
}

const ALL = Object.keys(PERMISSIONS).length;
const SHOWN = 6;

function Scopes({ scopes }: { readonly scopes: readonly string[] }) {
  if (scopes.length === ALL) return <Badge color="red">Everything</Badge>;
  return (
    <Group gap={4}>
      {scopes.slice(0, SHOWN).map((scope) => (
        <Badge key={scope} variant="default" tt="none" title={PERMISSIONS[scope]}>
          {scope}
        </Badge>
      ))}
      {scopes.length > SHOWN && (
        <Text size="xs" c="dimmed" title={scopes.slice(SHOWN).join(', ')}>
          and {scopes.length - SHOWN} more
        </Text>
      )}
    </Group>
  );
}
