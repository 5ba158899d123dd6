import { Card, Group, Stack, Text, ThemeIcon, Title, VisuallyHidden } from '@mantine/core';
import { CheckIcon, Cross2Icon, InfoCircledIcon, QuestionMarkIcon } from '@radix-ui/react-icons';
import type { Check } from './judge-token.ts';

const SHOWN = {
  good: { icon: CheckIcon, color: 'teal', said: 'passed' },
  bad: { icon: Cross2Icon, color: 'red', said: 'failed' },
  note: { icon: InfoCircledIcon, color: 'gray', said: 'to know' },
  open: { icon: QuestionMarkIcon, color: 'yellow', said: 'not checked' },
} as const;

/** What was looked at, what came of it, and why. */
export function ChecksCard({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <Card withBorder component="section" aria-label="Checks">
      <Title order={2} size="h4" mb="md">
        Checks
      </Title>
      <Stack gap="sm">
        {checks.map(({ name, outcome, text }) => {
          const { icon: Icon, color, said } = SHOWN[outcome];
          return (
            <Group key={name} wrap="nowrap" align="flex-start" gap="sm">
              <ThemeIcon size={24} radius="xl" variant="light" color={color} aria-hidden>
                <Icon />
              </ThemeIcon>
              <div style={{ minWidth: 0 }}>
                <Text size="sm" fw={600}>
                  {name} <VisuallyHidden>{said}</VisuallyHidden>
                </Text>
                <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {text}
                </Text>
              </div>
            </Group>
          );
        })}
      </Stack>
    </Card>
  );
}
