import { generateKeyPairSync } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { exportJWK, type JWK, SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from './connection.ts';
import { drive } from './drive.ts';
import { ISSUER, SCOPE, TOKEN_LIFETIME_SECONDS } from './setting.ts';
import type { IntrospectionTraffic, TokenTraffic, Traffic } from './traffic.ts';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo();
});

function listen(serve: RequestListener): Promise<Address> {
  const server = createServer(serve).listen(0, '127.0.0.1');
  cleanUp.push(() => server.close());
  return new Promise((resolve) => {
    server.once('listening', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object')
        resolve({ host: '127.0.0.1', port: address.port });
    });
  });
}

const measure = (address: Address, traffic: Traffic) =>
  drive({
    address,
    serverPid: process.pid,
    serverCore: undefined,
    connections: 2,
    warmUpSeconds: 0.05,
    seconds: 0.2,
    traffic,
  });

const account = { clientId: 'jwtClient', secret: 'secret' };
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicJwk: JWK = { ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'ES256' };

const tokenTraffic: TokenTraffic = {
  kind: 'token',
  path: '/token',
  form: 'grant_type=client_credentials',
  callers: { kind: 'one', account },
  showing: undefined,
  format: 'jwt',
  jwks: { keys: [publicJwk] },
  introspectionPath: '/introspect',
};

let issued = 0;
const signToken = (key = pair.privateKey, clientId = account.clientId): Promise<string> =>
  new SignJWT({ client_id: clientId, scope: SCOPE, jti: String(++issued) })
    .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'at+jwt' })
    .setIssuer(ISSUER)
    .setAudience(ISSUER)
    .setSubject(clientId)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key);

/** A token endpoint whose answers are right but for what the test says. */
const tokenEndpoint =
  (makeToken: () => string | Promise<string>, members = {}): RequestListener =>
  async (_request, response) => {
    const body = JSON.stringify({
      access_token: await makeToken(),
      scope: SCOPE,
      token_type: 'Bearer',
      expires_in: TOKEN_LIFETIME_SECONDS - 1,
      ...members,
    });
    response.writeHead(200, { 'content-length': Buffer.byteLength(body) }).end(body);
  };

describe('The load generator', () => {
  it('counts right answers and how long they took', async () => {
    const address = await listen(tokenEndpoint(() => signToken()));
    const result = await measure(address, tokenTraffic);
    expect(result.requests).toBeGreaterThan(10);
    expect(result.p50).toBeGreaterThan(0);
    expect(result.p99).toBeGreaterThanOrEqual(result.p50);
    expect(result.seconds).toBeCloseTo(0.2, 1);
  });

  it('fails on a status that is not 200', async () => {
    const address = await listen((_request, response) => {
      response.writeHead(429, { 'content-length': 2 }).end('{}');
    });
    await expect(measure(address, tokenTraffic)).rejects.toThrow('status 429: {}');
  });

  it.each([
    ['scope', { scope: 'read' }],
    ['token type', { token_type: 'DPoP' }],
    ['lifetime', { expires_in: 60 }],
  ])('fails on another %s', async (_what, members) => {
    const address = await listen(tokenEndpoint(() => signToken(), members));
    await expect(measure(address, tokenTraffic)).rejects.toThrow('not the token response expected');
  });

  it('fails on a token that was handed out before', async () => {
    const token = await signToken();
    const address = await listen(tokenEndpoint(() => token));
    await expect(measure(address, tokenTraffic)).rejects.toThrow('the same token twice');
  });

  it('fails on a signature of another key', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const address = await listen(tokenEndpoint(() => signToken(other)));
    await expect(measure(address, tokenTraffic)).rejects.toThrow('signature verification failed');
  });

  it('fails on a token of another client', async () => {
    const address = await listen(tokenEndpoint(() => signToken(undefined, 'other')));
    await expect(measure(address, tokenTraffic)).rejects.toThrow('a token of another client');
  });

  it('fails on an introspection response that differs in one character', async () => {
    const traffic: IntrospectionTraffic = {
      kind: 'introspection',
      path: '/introspect',
      account,
      tokens: [{ form: 'token=a', answer: '{"active":true}' }],
    };
    let answers = 0;
    const address = await listen((_request, response) => {
      response
        .writeHead(200, { 'content-length': 15 })
        .end(++answers === 20 ? '{"active":true]' : '{"active":true}');
    });
    await expect(measure(address, traffic)).rejects.toThrow('{"active":true]');
  });

  it('fails when the server hangs up', async () => {
    const address = await listen((request) => request.socket.destroy());
    await expect(measure(address, tokenTraffic)).rejects.toThrow('closed the connection');
  });
});
