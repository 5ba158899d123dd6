/* @tessera/client against the server: each method, and what happens when the server goes away. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ClientAuthentication,
  clientSecretJwt,
  dpop,
  dpopKey,
  fetchWithToken,
  privateKeyJwt,
  secretBasic,
  secretPost,
  tokenSource,
} from '@tessera/client';
import { decodeJwt, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyedClients } from './keyed-client.ts';
import type { ClientCredentials } from './realm.ts';
import { type Algorithm, newKey } from './signed.ts';
import { onEachDatabase } from './world.ts';

onEachDatabase((world) => {
  const { alpha } = world;
  const { keyed } = keyedClients(world);

  /** A source, and how often it asked the token endpoint. */
  function open(
    { clientId }: ClientCredentials,
    authenticate: ClientAuthentication,
    more: object = {},
  ) {
    const asked = { tokens: 0 };
    const counting = (address: string, init: RequestInit): Promise<Response> => {
      if (init.method === 'POST') asked.tokens += 1;
      return fetch(address, init);
    };
    const source = tokenSource({
      issuer: alpha.issuer,
      clientId,
      authenticate,
      scope: 'read',
      fetch: counting,
      ...more,
    });
    return { source, asked };
  }

  describe('a client gets a token', () => {
    it.each([
      ['client_secret_basic', {}, secretBasic],
      ['client_secret_post', {}, secretPost],
      ['client_secret_jwt', { secret: { recoverable: true } }, clientSecretJwt],
    ] as const)('by %s', async (_, members, method) => {
      const client = await alpha.registerClient(members);
      const token = await open(client, method(client.secret)).source.token();
      expect(decodeJwt(token)).toMatchObject({ sub: client.clientId, scope: 'read' });
    });

    it.each<Algorithm>(['ES256', 'PS256', 'EdDSA'])('by private_key_jwt, %s', async (algorithm) => {
      const key = newKey(algorithm);
      const client = await keyed(key);
      const jwk = key.privateKey.export({ format: 'jwk' }) as JWK;
      const { source } = open(client, privateKeyJwt({ key: { ...jwk, kid: key.kid } }));
      expect(decodeJwt(await source.token()).sub).toBe(client.clientId);
    });

    it('bound to a key, with the nonces that the realm wants', async () => {
      const realm = await world.createRealm('nonces');
      await realm.changeProvider({ dpopNonces: true });
      const client = await realm.registerClient();
      const prover = await dpop(await dpopKey());
      const { source, asked } = open(client, secretBasic(client.secret), {
        issuer: realm.issuer,
        dpop: prover,
      });
      const token = await source.token();
      expect(decodeJwt(token)['cnf']).toEqual({ jkt: prover.thumbprint });
      expect(asked.tokens).toBe(2);
      source.forget();
      await source.token();
      expect(asked.tokens).toBe(3);
    });
  });

  it('a thousand who want a token at once cost one request', async () => {
    const client = await alpha.registerClient();
    const { source, asked } = open(client, secretBasic(client.secret));
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => source.token()));
    expect(new Set(tokens).size).toBe(1);
    expect(asked.tokens).toBe(1);
  });

  it('a secret that was rotated is taken up, and one that is wrong asks once', async () => {
    const client = await alpha.registerClient();
    let secret = 'wrong';
    const { source, asked } = open(
      client,
      secretBasic(() => secret),
    );
    for (let times = 0; times < 20; times++)
      await expect(source.token()).rejects.toMatchObject({
        error: 'invalid_client',
        status: 401,
        requestId: expect.any(String) as string,
      });
    expect(asked.tokens).toBe(1);
    secret = client.secret;
    source.forget();
    expect(decodeJwt(await source.token()).sub).toBe(client.clientId);
  });

  describe('an API that asks the server about each token', () => {
    let api: Server;
    let reader: ClientCredentials;
    const origin = () => `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    beforeAll(async () => {
      api = createServer((request, response) => {
        const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
        alpha.introspect(token, reader).then(({ json }) => {
          const good = (json as { active: boolean }).active;
          const challenge = { 'www-authenticate': 'Bearer realm="api", error="invalid_token"' };
          response.writeHead(good ? 200 : 401, good ? {} : challenge).end();
        }, request.destroy.bind(request));
      });
      await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => {
      api.close();
      api.closeAllConnections();
    });

    it('is called with a new token when the one before was revoked', async () => {
      reader = await alpha.registerClient();
      const { source, asked } = open(reader, secretBasic(reader.secret));
      const call = fetchWithToken(source, { origins: [origin()] });
      expect((await call(origin())).status).toBe(200);
      await alpha.revoke(await source.token(), reader);
      expect((await call(origin(), { method: 'POST', body: 'x' })).status).toBe(200);
      expect(asked.tokens).toBe(2);
    });
  });

  it('a server that was stopped is waited for, and nobody notices who has a token', async () => {
    const client = await alpha.registerClient();
    const { source } = open(client, secretBasic(client.secret), { retrySeconds: 90 });
    const held = await source.token();
    const restarted = world.restart();
    // Other scopes, so there is nothing to give out: these wait until the server is back.
    const waiting = source.token({ scope: 'write' });
    expect(await source.token()).toBe(held);
    await restarted;
    expect(decodeJwt(await waiting)['scope']).toBe('write');
  }, 90_000);
});
