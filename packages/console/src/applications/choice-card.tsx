import { Group, Radio, Text } from '@mantine/core';

/** One of a few ways, with a sentence: the whole card can be chosen. */
export function ChoiceCard({
  value,
  title,
  text,
}: {
  readonly value: string;
  readonly title: string;
  readonly text: string;
}) {
  return (
    <Radio.Card value={value} p="md" radius="md" withBorder aria-label={title}>
      <Group wrap="nowrap" align="flex-start">
        <Radio.Indicator mt={2} />
        <div>
          <Text fw={600}>{title}</Text>
          <Text size="sm" c="dimmed">
            {text}
          </Text>
        </div>
      </Group>
    </Radio.Card>
  );
}
