import { Button, Group, Loader, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { connection, probe } from '../api/connection.ts';
import { tell } from '../parts/notify.ts';

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
/** How often it is asked whether the server is back, and whether it is still there. */
const LOST_MILLISECONDS = 2_000;
const THERE_MILLISECONDS = 15_000;

/** When the server stopped answering, in milliseconds since 1970; undefined while it answers. */
export function useLostConnection(): number | undefined {
  const client = useQueryClient();
  const lost = useSyncExternalStore(connection.subscribe, connection.isLost);
  const [lostAt, setLostAt] = useState<number>();
  useEffect(() => {
    const look = (): void => {
      if (lost || document.visibilityState === 'visible') void probe();
    };
    const timer = setInterval(look, lost ? LOST_MILLISECONDS : THERE_MILLISECONDS);
    return () => clearInterval(timer);
  }, [lost]);
  useEffect(() => {
    if (lost) setLostAt((known) => known ?? Date.now());
    else if (lostAt !== undefined) {
      setLostAt(undefined);
      tell('The server answers again');
      // What stands here may be old.
      void client.invalidateQueries();
    }
  }, [lost, lostAt, client]);
  return lostAt;
}

/** That nothing comes from the server, since when, and that nothing is lost. */
export const ConnectionBanner = ({ lostAt }: { readonly lostAt: number }) => (
  <Group
    role="alert"
    h="100%"
    px="md"
    gap="sm"
    wrap="nowrap"
    justify="center"
    bg="light-dark(var(--mantine-color-yellow-1), #4a3c00)"
  >
    <Loader size="xs" color="gray" visibleFrom="sm" />
    <Text size="sm">
      <b>No connection</b> since {CLOCK.format(lostAt)}. The server does not answer; what you typed
      is kept, and the page goes on by itself.
    </Text>
    <Button size="compact-xs" variant="default" onClick={() => probe()} style={{ flexShrink: 0 }}>
      Try now
    </Button>
  </Group>
);
