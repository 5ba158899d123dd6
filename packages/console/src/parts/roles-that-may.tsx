import { Text } from '@mantine/core';
import { rolesWith } from '../api/roles.ts';

/** Which roles would do, where it is a permission that is missing. */
export function RolesThatMay({ detail }: { readonly detail: string }) {
  const [permission] = /[a-z-]+:(?:read|write)/.exec(detail) ?? [];
  const roles = permission === undefined ? [] : rolesWith(permission);
  if (roles.length === 0) return null;
  return (
    <Text size="sm" mt="xs">
      Roles that have it: {roles.map(({ title }) => title).join(', ')}.
    </Text>
  );
}
