import type { Client } from 'pg';

/** Where a commit says that there is something new in the change log. */
export const HINT_CHANNEL = 'tessera_changes';

const RETRY_MILLISECONDS = 1_000;

export type Hints = {
  readonly listeners: Set<() => void>;
  close(): Promise<void>;
};

/**
 * Listens on a connection of its own, and connects again for as long as it takes. Whoever listens
 * is also called on connecting: there may have been something to hear meanwhile. That it fails is
 * told by whoever reads the change log, and so finds the database away.
 */
export function listenForHints(connect: () => Client): Hints {
  const listeners = new Set<() => void>();
  let closed = false;
  let current: Client | undefined;
  let retry: NodeJS.Timeout | undefined;

  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const begin = async (): Promise<void> => {
    const client = connect();
    current = client;
    client.on('notification', tell);
    client.on('error', () => lose(client));
    client.on('end', () => lose(client));
    try {
      await client.connect();
      await client.query(`listen ${HINT_CHANNEL}`);
      tell();
    } catch {
      lose(client);
    }
  };
  const lose = (client: Client): void => {
    if (client !== current) return;
    current = undefined;
    client.end().catch(() => {});
    if (closed) return;
    retry = setTimeout(() => void begin(), RETRY_MILLISECONDS);
    retry.unref();
  };

  void begin();
  return {
    listeners,
    async close() {
      closed = true;
      clearTimeout(retry);
      await current?.end().catch(() => {});
    },
  };
}
