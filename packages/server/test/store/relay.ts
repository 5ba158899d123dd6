import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * A way to PostgreSQL that can be closed, or go silent as a network does that loses every packet.
 */
export async function openRelay(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let state: 'open' | 'closed' | 'silent' = 'open';

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    if (state === 'closed') {
      socket.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    sockets.add(upstream);
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => {
      sockets.delete(upstream);
      socket.destroy();
    });
    socket.on('close', () => upstream.destroy());
    socket.on('data', (data) => {
      if (state !== 'silent') upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (state !== 'silent') socket.write(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const dropAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    open(): void {
      // What was sent into the silence is lost.
      if (state === 'silent') dropAll();
      state = 'open';
    },
    cut(): void {
      state = 'closed';
      dropAll();
    },
    silence(): void {
      state = 'silent';
    },
    async close(): Promise<void> {
      dropAll();
      server.close();
      await once(server, 'close');
    },
  };
}
