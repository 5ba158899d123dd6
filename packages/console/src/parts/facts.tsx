import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Short answers to short questions, one a line. */
export const Facts = ({ children }: { readonly children: ReactNode }) => (
  <Stack gap={6}>{children}</Stack>
);

export const Fact = ({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) => (
  <Group justify="space-between" gap="md" wrap="nowrap" align="flex-start">
    <Text size="sm" c="dimmed" style={{ flexShrink: 0 }}>
      {label}
    </Text>
    <Text size="sm" ta="right" component="div" style={{ overflowWrap: 'anywhere', minWidth: 0 }}>
      {children}
    </Text>
  </Group>
);
