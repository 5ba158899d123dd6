import { Checkbox, Table, Text } from '@mantine/core';
import { PERMISSION_OBJECTS, PERMISSIONS } from '../api/roles.ts';
import { titleOfKind } from '../parts/labels.ts';

/** The administration API as every realm has it. */
export const ADMIN_API = 'tessera-admin';

/** Permissions as a matrix: what it is about, seen and changed. */
export function PermissionChoice({
  value,
  onChange,
  held,
}: {
  readonly value: readonly string[];
  readonly onChange: (next: string[]) => void;
  /** Nobody can give what they do not have. */
  readonly held: readonly string[];
}) {
  const chosen = new Set(value);
  const toggle = (permission: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(permission);
    else next.delete(permission);
    // Whoever changes something looks at it first.
    const seen = permission.replace(/:write$/, ':read');
    if (on && seen in PERMISSIONS && held.includes(seen)) next.add(seen);
    onChange([...next]);
  };
  const box = (permission: string | undefined, label: string) =>
    permission === undefined ? null : (
      <Checkbox
        aria-label={label}
        checked={chosen.has(permission)}
        disabled={!held.includes(permission)}
        onChange={({ currentTarget }) => toggle(permission, currentTarget.checked)}
      />
    );
  return (
    <Table aria-label="Permissions" verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Permissions</Table.Th>
          <Table.Th w={70}>See</Table.Th>
          <Table.Th w={80}>Change</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {PERMISSION_OBJECTS.map(({ name, read, write }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400}>
              <Text size="sm">{titleOfKind(name)}</Text>
              <Text size="xs" c="dimmed">
                {PERMISSIONS[write ?? read ?? '']}
              </Text>
            </Table.Th>
            <Table.Td>{box(read, `See ${name}`)}</Table.Td>
            <Table.Td>{box(write, `Change ${name}`)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
