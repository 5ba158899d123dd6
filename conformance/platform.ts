/*
 * A platform on this machine: it publishes metadata and keys over HTTP, and signs what it is told.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Platform = Awaited<ReturnType<typeof startPlatform>>;

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startPlatform() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = () => 'key-1';
  const publicJwk = () => ({ ...publicKey.export({ format: 'jwk' }), kid: kid(), alg: 'RS256' });
  const server = createServer((request, response) => {
    const document = request.url?.endsWith('openid-configuration')
      ? { issuer: issuer(), jwks_uri: `${issuer()}/jwks` }
      : { keys: [publicJwk()], spiffe_sequence: 1, spiffe_refresh_hint: 300 };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: issuer(),
    jwksUri: `${issuer()}/jwks`,
    sign(claims: object, header: object = {}, key: KeyObject = privateKey): string {
      const input = `${encode({ alg: 'RS256', kid: kid(), typ: 'JWT', ...header })}.${encode(claims)}`;
      return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
