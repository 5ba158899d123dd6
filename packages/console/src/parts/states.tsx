import { Alert, Button, Center, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { loadPart } from '../api/connection.ts';
import { describeError, ProblemError } from '../api/problem.ts';

/** The words of all permissions are not part of what everybody loads first. */
const RolesThatMay = lazy(async () => ({
  default: (await loadPart(() => import('./roles-that-may.tsx'))).RolesThatMay,
}));

export function Loading({ what }: { readonly what: string }) {
  return (
    <Center p="xl" role="status">
      <Group>
        <Loader size="sm" />
        <Text c="dimmed">Loading {what} …</Text>
      </Group>
    </Center>
  );
}

/** Nothing here yet: what this is, and how to begin. */
export function Empty({
  title,
  text,
  action,
}: {
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
}) {
  return (
    <Center py={64} px="md">
      <Stack align="center" maw={460} gap="sm">
        <Title order={2} size="h4" ta="center">
          {title}
        </Title>
        <Text c="dimmed" ta="center">
          {text}
        </Text>
        {action}
      </Stack>
    </Center>
  );
}

export function Failed({
  error,
  retry,
}: {
  readonly error: unknown;
  readonly retry?: () => unknown;
}) {
  const { title, text } = describeError(error);
  const denied = error instanceof ProblemError && error.problem.status === 403;
  return (
    <Alert
      color={denied ? 'yellow' : 'red'}
      title={title}
      role="alert"
      my="md"
      // Yellow has not the contrast that words need. WCAG 2.2 §1.4.3
      {...(denied && { styles: { label: { color: 'var(--mantine-color-text)' } } })}
    >
      <Text size="sm">{text}</Text>
      {denied && (
        <Suspense>
          <RolesThatMay detail={error.problem.detail} />
        </Suspense>
      )}
      {!denied && retry !== undefined && (
        <Button mt="sm" size="xs" variant="default" onClick={() => retry()}>
          Try again
        </Button>
      )}
      {error instanceof ProblemError && (
        <Text size="xs" c="dimmed" mt="xs">
          Request {error.problem.requestId}
        </Text>
      )}
    </Alert>
  );
}
