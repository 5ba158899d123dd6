import { Card, Table, Text, VisuallyHidden } from '@mantine/core';
import { PERMISSION_OBJECTS, PERMISSIONS, ROLES } from '../api/roles.ts';
import { titleOfKind } from '../parts/labels.ts';
import { PermissionMark } from './permission-mark.tsx';

/** What each role permits, as a matrix; read from the server's own table. */
export function RolesTab({ realm }: { readonly realm: string }) {
  return (
    <Card withBorder p={0}>
      <Table.ScrollContainer minWidth={720}>
        <Table verticalSpacing="xs" aria-label="What each role permits">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>What it is about</Table.Th>
              {ROLES.map(({ name, title, description }) => (
                <Table.Th key={name} style={{ verticalAlign: 'top', width: '22%' }}>
                  {title}
                  <Text size="xs" c="dimmed" fw={400}>
                    {description}
                  </Text>
                </Table.Th>
              ))}
              <Table.Th style={{ verticalAlign: 'top', width: '18%' }}>
                Application owner
                <Text size="xs" c="dimmed" fw={400}>
                  No role: manages the applications that name the person as owner.
                </Text>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {PERMISSION_OBJECTS.map(({ name, read, write }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400}>
                  <Text size="sm" fw={500}>
                    {titleOfKind(name)}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {PERMISSIONS[write ?? read ?? '']}
                  </Text>
                </Table.Th>
                {ROLES.map((role) => (
                  <Table.Td key={role.name}>
                    <PermissionMark
                      sees={read !== undefined && role.permissions.includes(read)}
                      changes={write !== undefined && role.permissions.includes(write)}
                      out={
                        name === 'system' &&
                        (role.name === 'realm-administrator' || realm !== 'root')
                      }
                    />
                  </Table.Td>
                ))}
                <Table.Td>
                  {OWNED.has(name) ? (
                    <Text size="sm">Own</Text>
                  ) : (
                    <Text size="sm" c="dimmed" aria-hidden>
                      –
                    </Text>
                  )}
                  {!OWNED.has(name) && <VisuallyHidden>nothing</VisuallyHidden>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

/** What owners reach of what they own. */
const OWNED: ReadonlySet<string> = new Set([
  'applications',
  'clients',
  'credentials',
  'tokens',
  'usage',
]);
