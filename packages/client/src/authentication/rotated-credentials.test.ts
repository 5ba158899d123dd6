import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { json, startEndpoint } from '../../test/token-endpoint.ts';
import { UnusableCredentialError } from '../oauth-error.ts';
import { clientSecretJwt } from './client-secret-jwt.ts';
import { federated } from './federated.ts';
import { githubActionsToken } from './github-actions.ts';
import { privateKeyJwt } from './private-key-jwt.ts';
import { secretBasic } from './secret-basic.ts';
import { secretPost } from './secret-post.ts';

const { endpoint } = startEndpoint();

const CALL = { clientId: 'c', issuer: 'https://as.example', endpoint: 'https://as.example/token' };
const newKey = (kid: string): JWK => ({
  ...(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'jwk',
  }) as JWK),
  kid,
});

describe('a credential that is read', () => {
  it('is the newest for each request', async () => {
    let secret = 'one';
    const [basic, post] = [secretBasic(() => secret), secretPost(async () => secret)];
    await basic(CALL);
    secret = 'two';
    expect((await basic(CALL)).headers['authorization']).toBe(`Basic ${btoa('c:two')}`);
    expect((await post(CALL)).parameters['client_secret']).toBe('two');
    secret = 'x'.repeat(32);
    const { parameters } = await clientSecretJwt(() => secret)(CALL);
    const key = new TextEncoder().encode(secret);
    await jwtVerify(parameters['client_assertion'] ?? '', key);
  });

  it('and empty is an error that says so', async () => {
    await expect(secretBasic('')(CALL)).rejects.toThrow(UnusableCredentialError);
    await expect(secretPost(() => '')(CALL)).rejects.toThrow(UnusableCredentialError);
  });

  it('signs with the newest key', async () => {
    let key = newKey('one');
    const authenticate = privateKeyJwt({ key: () => key });
    const assertionOf = async () => (await authenticate(CALL)).parameters['client_assertion'] ?? '';
    expect(decodeProtectedHeader(await assertionOf()).kid).toBe('one');
    key = newKey('two');
    const assertion = await assertionOf();
    expect(decodeProtectedHeader(assertion).kid).toBe('two');
    await jwtVerify(assertion, createPublicKey({ key: key as never, format: 'jwk' }));
    // The same key under another name: the server may hold it twice.
    key = { ...key, kid: 'three' };
    expect(decodeProtectedHeader(await assertionOf()).kid).toBe('three');
  });

  it('is for another audience only where a server insists on it', async () => {
    const authenticate = privateKeyJwt({ key: newKey('one'), audience: CALL.endpoint });
    const { parameters } = await authenticate({ ...CALL, issuer: '' });
    const [, payload = ''] = (parameters['client_assertion'] ?? '').split('.');
    expect(JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))).toMatchObject({
      aud: CALL.endpoint,
    });
  });
});

describe('RFC 7521 §4.2 the assertion of a platform', () => {
  it.each(['', 'opaque', 'a.b', 'root:x:0:0:root:/root:/bin/bash', 'a.b.c\n\na.b.c'])(
    'that is none (%j) is not sent anywhere',
    async (text) => {
      const outcome = federated(() => text)(CALL);
      await expect(outcome).rejects.toThrow(UnusableCredentialError);
      await expect(outcome).rejects.not.toThrow(text === '' ? 'undefined' : text);
    },
  );

  it('loses the line break that files end with', async () => {
    expect((await federated(() => 'a.b.c\n')(CALL)).parameters['client_assertion']).toBe('a.b.c');
  });

  it('of GitHub is asked for anew, for the issuer, with the token of the job', async () => {
    endpoint.answer = (response) => json({ value: `a.b.${endpoint.seen.length}` })(response);
    const environment = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${endpoint.url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job',
    };
    const authenticate = federated(githubActionsToken(environment));
    await authenticate(CALL);
    expect((await authenticate(CALL)).parameters['client_assertion']).toBe('a.b.2');
    expect(endpoint.seen[0]).toMatchObject({
      path: '/token?api-version=2.0&audience=https%3A%2F%2Fas.example',
      headers: { authorization: 'Bearer job' },
    });
    await federated(githubActionsToken(environment, { audience: 'x' }))(CALL);
    expect(endpoint.seen[2]?.path).toContain('audience=x');
  });

  it('of GitHub that is not offered names the permission that is missing', async () => {
    const remedy = expect.stringContaining('id-token: write') as string;
    await expect(federated(githubActionsToken({}))(CALL)).rejects.toMatchObject({ remedy });
    endpoint.answer = json({ message: 'no' }, 403);
    const environment = {
      ACTIONS_ID_TOKEN_REQUEST_URL: endpoint.url,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job',
    };
    await expect(federated(githubActionsToken(environment))(CALL)).rejects.toMatchObject({
      message: 'GitHub answered 403, no ID token',
      remedy,
    });
  });
});
