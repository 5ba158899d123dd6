import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AuthorizationServerUnderTest,
  type Listening,
  listen,
  startAuthorizationServer,
} from '../test/authorization-server.ts';
import { guarded } from './guard.ts';
import { introspectionGuard } from './introspection-guard.ts';

/* Shows RFC 9110 §11.5. */

let server: AuthorizationServerUnderTest;
let api: Listening;
const refusals: string[] = [];

beforeAll(async () => {
  server = await startAuthorizationServer();
  const guard = introspectionGuard({ issuer: server.url, ...server.api });
  const handler = guarded(
    guard,
    (_request, response, token) => {
      response.end(JSON.stringify({ clientId: token.clientId, scope: token.scope }));
    },
    { scope: 'write', realm: 'example', onRefusal: (refusal) => refusals.push(refusal.reason) },
  );
  api = await listen((request, response) => void handler(request, response));
});
afterAll(async () => {
  await api.close();
  await server.close();
});

const call = async (authorization?: string, path = '/') => {
  const response = await fetch(`${api.url}${path}`, {
    headers: authorization === undefined ? {} : { authorization },
  });
  const body: unknown = await response.json();
  return { status: response.status, challenge: response.headers.get('www-authenticate'), body };
};

describe('a node:http handler behind a guard, with an authorization server of somebody else', () => {
  it('runs for a good token, and learns whose it is', async () => {
    const token = await server.issue('first', 'read write');
    expect(await call(`Bearer ${token}`)).toEqual({
      status: 200,
      challenge: null,
      body: { clientId: 'first', scope: ['read', 'write'] },
    });
  });

  it('RFC 6750 §3 without a token the challenge has no error', async () => {
    expect(await call()).toMatchObject({ status: 401, challenge: 'Bearer realm="example"' });
    expect(await call('Basic YTpi')).toMatchObject({ status: 401 });
  });

  it('RFC 6750 §3.1 a token that nobody issued is 401 invalid_token', async () => {
    const refused = await call('Bearer abc');
    expect(refused).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
    expect(refused.challenge).toContain('error="invalid_token"');
    expect(refusals.at(-1)).toBe('token_inactive');
  });

  it('RFC 6750 §3.1 a token without the scope is 403 with the scope', async () => {
    const refused = await call(`Bearer ${await server.issue('first', 'read')}`);
    expect(refused).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
    expect(refused.challenge).toContain('scope="write"');
  });

  it('RFC 7009 §2 a revoked token is refused at the next request', async () => {
    const token = await server.issue('first', 'write');
    expect(await call(`Bearer ${token}`)).toMatchObject({ status: 200 });
    await server.revoke('first', token);
    expect(await call(`Bearer ${token}`)).toMatchObject({ status: 401 });
  });

  it('RFC 9700 §4.3.2 a token in the query is none, beside the header it is refused', async () => {
    const token = await server.issue('first', 'write');
    expect(await call(undefined, `/?access_token=${token}`)).toMatchObject({ status: 401 });
    expect(await call(`Bearer ${token}`, `/?access_token=${token}`)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  it('two Authorization headers are refused, though Node would keep the first', async () => {
    const token = await server.issue('first', 'write');
    const { hostname, port } = new URL(api.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write(
          `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
        ),
      );
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(refusals.at(-1)).toBe('authorization_repeated');
  });
});
