/*
 * An issuer on this machine: it publishes its keys over HTTP and signs what it is told to.
 */
import { generateKeyPairSync, type KeyObject, type SignKeyObjectInput, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type LocalIssuer = Awaited<ReturnType<typeof startIssuer>>;

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startIssuer() {
  const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
  let number = 1;
  let { publicKey, privateKey } = pair();
  const kid = () => `key-${number}`;
  const publicJwk = () => ({ ...publicKey.export({ format: 'jwk' }), kid: kid(), alg: 'RS256' });
  let isUp = true;
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    const document = request.url?.endsWith('openid-configuration')
      ? { issuer: issuer(), jwks_uri: `${issuer()}/jwks` }
      : { keys: [publicJwk()] };
    response
      .writeHead(isUp ? 200 : 503, { 'content-type': 'application/json' })
      .end(JSON.stringify(document));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: issuer(),
    jwksUri: `${issuer()}/jwks`,
    get jwk() {
      return publicJwk();
    },
    get asked() {
      return asked;
    },
    setUp(up: boolean) {
      isUp = up;
    },
    /** Another key takes the place of the one before. */
    rotate() {
      number += 1;
      ({ publicKey, privateKey } = pair());
    },
    sign(
      claims: object,
      header: object = {},
      key: KeyObject | SignKeyObjectInput = privateKey,
    ): string {
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
