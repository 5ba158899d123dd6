import { Button, Center, Stack, Text, Title } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';

/** In the words of Chromium, Firefox and Safari. */
const NOT_LOADED = /dynamically imported module|importing a module script/i;

/**
 * In the place of a screen that could not be shown. Where its code could not be loaded, the server
 * has most likely become a newer one since: its files have other names.
 */
export function Broken({ error, reset }: ErrorComponentProps) {
  const message = error instanceof Error ? error.message : String(error);
  const outdated = NOT_LOADED.test(message);
  return (
    <Center py={64} px="md">
      <Stack role="alert" align="center" maw={460} gap="sm">
        <Title order={1} size="h4" ta="center">
          {outdated ? 'The console has to be loaded again' : 'This screen could not be shown'}
        </Title>
        <Text c="dimmed" ta="center">
          {outdated
            ? 'A part of it could not be fetched: the server was updated, or cannot be reached.'
            : message}
        </Text>
        <Button variant="default" onClick={() => (outdated ? window.location.reload() : reset())}>
          {outdated ? 'Load again' : 'Try again'}
        </Button>
      </Stack>
    </Center>
  );
}
