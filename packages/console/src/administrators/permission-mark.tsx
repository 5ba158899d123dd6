import { Group, Text } from '@mantine/core';
import { EyeOpenIcon, MinusIcon, Pencil1Icon } from '@radix-ui/react-icons';

/** Whether somebody sees and changes something: a sign and a word, so that no colour is needed. */
export function PermissionMark({
  sees,
  changes,
  out = false,
}: {
  readonly sees: boolean;
  readonly changes: boolean;
  /** The permission is there, and does not reach so far. */
  readonly out?: boolean;
}) {
  const [Icon, word] =
    out || !sees
      ? [MinusIcon, 'Nothing']
      : changes
        ? [Pencil1Icon, 'Sees and changes']
        : [EyeOpenIcon, 'Sees'];
  return (
    <Group gap={6} wrap="nowrap" {...((out || !sees) && { c: 'dimmed' })}>
      <Icon aria-hidden style={{ flexShrink: 0 }} />
      <Text size="sm" inherit>
        {word}
      </Text>
    </Group>
  );
}
