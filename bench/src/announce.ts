import type { Server } from 'node:http';

/**
 * Writes the line by which the measuring process learns where a server listens, and ends the
 * process in order when it is told to: a profile is only written then.
 */
export function announce(server: Server): void {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server listens on no port');
  console.log(JSON.stringify({ msg: 'listening', address: `http://127.0.0.1:${address.port}` }));
  process.once('SIGTERM', () => process.exit());
}
