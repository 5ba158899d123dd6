import { Alert, Button, Center, Text } from '@mantine/core';
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
    <Center p="xl">
      <Alert
        color={outdated ? 'blue' : 'red'}
        title={outdated ? 'The console has to be loaded again' : 'This screen could not be shown'}
        role="alert"
        maw={520}
      >
        <Text size="sm">
          {outdated
            ? 'A part of it could not be fetched: the server was updated, or cannot be reached.'
            : message}
        </Text>
        <Button
          mt="sm"
          size="xs"
          variant="default"
          onClick={() => (outdated ? window.location.reload() : reset())}
        >
          {outdated ? 'Load again' : 'Try again'}
        </Button>
      </Alert>
    </Center>
  );
}
