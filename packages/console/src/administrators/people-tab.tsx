import {
  Anchor,
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
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ROLES } from '../api/roles.ts';
import { Dialog } from '../parts/dialog.tsx';
import { RowMenu } from '../parts/row-menu.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { usePages } from '../parts/use-pages.ts';
import { usePermission } from '../session/use-session.ts';
import { AddAdministrator } from './add-administrator.tsx';
import { type Person, RolesOf } from './roles-of.tsx';

const TITLES: Readonly<Record<string, string>> = Object.fromEntries(
  ROLES.map(({ name, title }) => [name, title]),
);

/** Those who hold a role in a realm. */
export function PeopleTab({ realm }: { readonly realm: string }) {
  const list = usePages('listUsers', { params: { realm }, query: { withRole: true } });
  const mayChange = usePermission('users:write');
  const [changing, setChanging] = useState<Person>();
  const [adding, setAdding] = useState(false);
  if (list.isPending) return <Loading what="administrators" />;
  if (list.isError) return <Failed error={list.error} retry={list.refetch} />;
  const items = list.items ?? [];
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" c="dimmed" maw={640}>
          {realm === 'root'
            ? 'Administrators and auditors of the root realm reach every realm.'
            : 'Their roles reach this realm alone; those of the root realm reach it too.'}
        </Text>
        {mayChange && (
          <Button leftSection={<PlusIcon />} onClick={() => setAdding(true)}>
            Give somebody a role
          </Button>
        )}
      </Group>
      {items.length === 0 ? (
        <Empty
          title="Nobody has a role here"
          text="The administrators of the root realm look after this realm."
        />
      ) : (
        <Card withBorder p={0}>
          <Table.ScrollContainer minWidth={600}>
            <Table
              className="stacked"
              verticalSpacing="sm"
              highlightOnHover
              aria-label="Administrators"
            >
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Person</Table.Th>
                  <Table.Th>Roles</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>
                    <VisuallyHidden>Actions</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((person) => (
                  <Table.Tr key={person.id}>
                    <Table.Td>
                      <Anchor
                        fw={600}
                        renderRoot={(props) => (
                          <Link
                            to="/realms/$realm/users/$userId"
                            params={{ realm, userId: person.id }}
                            {...props}
                          />
                        )}
                      >
                        {person.userName}
                      </Anchor>
                      <Text size="xs" c="dimmed">
                        {[`${person.givenName} ${person.familyName}`.trim(), person.email]
                          .filter((text) => text !== '')
                          .join(' · ')}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      <Group gap={6}>
                        {person.roles.map((role) => (
                          <Badge key={role} variant="light" tt="none">
                            {TITLES[role] ?? role}
                          </Badge>
                        ))}
                      </Group>
                    </Table.Td>
                    <Table.Td>
                      <Badge variant="dot" color={person.enabled ? 'teal' : 'gray'}>
                        {person.enabled ? 'Active' : 'Disabled'}
                      </Badge>
                    </Table.Td>
                    <Table.Td>
                      {mayChange && (
                        <RowMenu of={person.userName}>
                          <Menu.Item onClick={() => setChanging(person)}>Change roles</Menu.Item>
                        </RowMenu>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      <ShowMore list={list} />
      <Dialog
        opened={changing !== undefined}
        onClose={() => setChanging(undefined)}
        title={`Roles of ${changing?.userName ?? ''}`}
      >
        {changing !== undefined && (
          <RolesOf
            key={changing.id}
            realm={realm}
            person={changing}
            onSaved={() => setChanging(undefined)}
          />
        )}
      </Dialog>
      <AddAdministrator realm={realm} opened={adding} onClose={() => setAdding(false)} />
    </Stack>
  );
}
