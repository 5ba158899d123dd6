import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AuthorizationServerUnderTest,
  startAuthorizationServer,
} from '../test/authorization-server.ts';
import { resourceServer } from './resource-server.ts';

let server: AuthorizationServerUnderTest;

beforeAll(async () => {
  server = await startAuthorizationServer();
});
afterAll(() => server.close());

describe('RFC 7662 §2', () => {
  it('a request is admitted with a token that the authorization server vouches for', async () => {
    const api = resourceServer({
      issuer: server.url,
      audience: [],
      introspection: server.api,
    });
    const token = await server.issue('first', 'read');
    const request = { method: 'GET', url: '/orders' };
    expect(
      await api.admit(
        { ...request, headers: { authorization: `Bearer ${token}` } },
        { scope: 'read' },
      ),
    ).toMatchObject({ ok: true, value: { clientId: 'first', scope: ['read'] } });
    expect(
      await api.admit(
        { ...request, headers: new Headers({ authorization: `Bearer ${token}` }) },
        { scope: 'write' },
      ),
    ).toMatchObject({
      ok: false,
      refusal: { status: 403, cause: { reason: 'scope_insufficient' } },
    });
    expect(await api.admit({ ...request, headers: {} })).toMatchObject({
      refusal: { status: 401, headers: { 'www-authenticate': 'Bearer' } },
    });
    api.close();
  });
});
