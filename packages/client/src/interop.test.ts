import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Listening,
  LONG_SECRET,
  ODD_SECRET,
  SIGNER_KEY,
  startAuthorizationServer,
} from '../test/authorization-server.ts';
import { clientSecretJwt } from './authentication/client-secret-jwt.ts';
import { privateKeyJwt } from './authentication/private-key-jwt.ts';
import { secretBasic } from './authentication/secret-basic.ts';
import { secretPost } from './authentication/secret-post.ts';
import { discover } from './discover.ts';
import { dpop, dpopKey } from './dpop.ts';
import { introspectToken } from './introspect-token.ts';
import { requestToken } from './request-token.ts';
import { revokeToken } from './revoke-token.ts';
import { tokenSource } from './token-source.ts';

let listening: Listening;
beforeAll(async () => {
  listening = await startAuthorizationServer();
});
afterAll(() => listening.close());

const basic = async () => ({
  server: await discover(listening.url),
  clientId: 'basic',
  authenticate: secretBasic(ODD_SECRET),
});

describe('against an authorization server that somebody else wrote', () => {
  it('metadata is found where OpenID Connect puts it when RFC 8414 finds nothing', async () => {
    const server = await discover(listening.url);
    expect(server.token_endpoint).toBe(`${listening.url}/token`);
  });

  it('§4.4 a token is issued, introspected, revoked and inactive', async () => {
    const client = await basic();
    const issued = await requestToken({ ...client, scope: 'read write' });
    expect(issued).toMatchObject({ tokenType: 'Bearer', scope: ['read', 'write'] });
    expect(issued.expiresIn).toBeGreaterThan(0);

    const token = issued.accessToken;
    const active = await introspectToken({ ...client, token, tokenTypeHint: 'access_token' });
    expect(active).toMatchObject({ active: true, clientId: 'basic', scope: ['read', 'write'] });

    await revokeToken({ ...client, token });
    expect(await introspectToken({ ...client, token })).toEqual({ active: false });
    await revokeToken({ ...client, token });
  });

  it('§2.3.1 credentials in the body are believed too', async () => {
    const issued = await requestToken({
      ...(await basic()),
      clientId: 'post',
      authenticate: secretPost(ODD_SECRET),
      scope: ['read'],
    });
    expect(issued.scope).toEqual(['read']);
  });

  it('RFC 7523 §2.2 a secret that is not sent is believed too', async () => {
    const issued = await requestToken({
      ...(await basic()),
      clientId: 'hasher',
      authenticate: clientSecretJwt(LONG_SECRET),
      scope: 'read',
    });
    expect(issued.scope).toEqual(['read']);
  });

  it('RFC 8707 §2 the resource becomes the audience', async () => {
    const client = await basic();
    const { accessToken } = await requestToken({
      ...client,
      scope: 'read',
      resource: 'https://api.example',
    });
    expect(await introspectToken({ ...client, token: accessToken })).toMatchObject({
      audience: ['https://api.example'],
    });
  });

  it('§5.2 a wrong secret is one OAuthError', async () => {
    const refused = requestToken({ ...(await basic()), authenticate: secretBasic('wrong') });
    await expect(refused).rejects.toMatchObject({
      name: 'OAuthError',
      status: 401,
      error: 'invalid_client',
    });
  });

  it('§5.2 a scope that was never granted is refused', async () => {
    const refused = requestToken({ ...(await basic()), scope: 'admin' });
    await expect(refused).rejects.toMatchObject({
      name: 'OAuthError',
      status: 400,
      error: 'invalid_scope',
    });
  });

  it('RFC 7523 §2.2 and RFC 9449 §8: an assertion, a proof, and the nonce that is wanted', async () => {
    const prover = await dpop(await dpopKey());
    const signer = {
      server: await discover(listening.url),
      clientId: 'signer',
      authenticate: privateKeyJwt({ key: SIGNER_KEY }),
    };
    const issued = await requestToken({ ...signer, scope: 'read', dpop: prover });
    expect(issued.tokenType).toBe('DPoP');
    const introspection = await introspectToken({ ...signer, token: issued.accessToken });
    expect(introspection).toMatchObject({
      active: true,
      members: { cnf: { jkt: prover.thumbprint } },
    });
  });

  it('a token source discovers the server and gives one token to all', async () => {
    const source = tokenSource({
      issuer: listening.url,
      clientId: 'basic',
      authenticate: secretBasic(ODD_SECRET),
      scope: 'read',
    });
    const tokens = await Promise.all(Array.from({ length: 20 }, () => source.token()));
    expect(new Set(tokens).size).toBe(1);
    source.invalidate(tokens[0] ?? '');
    expect(await source.token()).not.toBe(tokens[0]);
  });
});
