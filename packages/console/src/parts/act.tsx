import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Something that can be done, what it does, and the button for it. */
export function Act({
  title,
  text,
  button,
}: {
  readonly title: string;
  readonly text: string;
  readonly button: ReactNode;
}) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="lg">
      <div>
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      </div>
      {button}
    </Group>
  );
}
