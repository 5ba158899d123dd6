import { Badge, Group } from '@mantine/core';
import type { ReactNode } from 'react';

/** The label of a field that says whether its value is its own or comes from above. */
export function InheritedLabel({
  children,
  inherited,
  from = 'realm',
}: {
  readonly children: ReactNode;
  readonly inherited: boolean;
  readonly from?: string;
}) {
  return (
    <Group component="span" gap={6} display="inline-flex">
      {children}
      {inherited && (
        <Badge component="span" size="xs" variant="light" color="gray" tt="none">
          from the {from}
        </Badge>
      )}
    </Group>
  );
}
