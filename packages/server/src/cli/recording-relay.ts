import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Exchange } from './raw-exchange.ts';

export type RecordingRelay = {
  readonly url: string;
  /** What went through since it was last asked. */
  take(): Exchange;
  close(): Promise<void>;
};

/**
 * Passes bytes between a caller and a server and remembers them, so that what two programs say to
 * each other can be shown as it was said.
 */
export async function openRecordingRelay(target: URL): Promise<RecordingRelay> {
  let requests: Buffer[] = [];
  let responses: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((caller) => {
    const callee = connect(Number(target.port), target.hostname.replace(/^\[|\]$/g, ''));
    caller.on('data', (chunk) => requests.push(chunk));
    callee.on('data', (chunk) => responses.push(chunk));
    caller.pipe(callee);
    callee.pipe(caller);
    for (const socket of [caller, callee]) {
      sockets.add(socket);
      socket.on('error', () => {
        caller.destroy();
        callee.destroy();
      });
      socket.on('close', () => sockets.delete(socket));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = {
        request: Buffer.concat(requests).toString('utf8'),
        response: Buffer.concat(responses).toString('utf8'),
      };
      requests = [];
      responses = [];
      return taken;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
