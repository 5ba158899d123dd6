import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { json, startEndpoint } from '../../test/token-endpoint.ts';
import { publicClient } from '../authentication/public-client.ts';
import { secretBasic } from '../authentication/secret-basic.ts';
import { requestToken, type TokenRequest } from '../request-token.ts';
import { jwtBearer } from './jwt-bearer.ts';
import { signedAssertion } from './signed-assertion.ts';
import { tokenExchange } from './token-exchange.ts';

/* Shows RFC 7521 §4.1, RFC 7523 §2.1, §3, RFC 8693 §2.1, §2.2.1 and §3. */

const { endpoint } = startEndpoint();

const ask = (more: Partial<TokenRequest>) =>
  requestToken({
    server: endpoint.server,
    clientId: 'c',
    authenticate: secretBasic('s'),
    ...more,
  });
const form = () => Object.fromEntries(endpoint.seen.at(-1)?.form ?? []);

const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  format: 'jwk',
}) as JWK;

describe('RFC 7523 §2.1 an assertion as the grant', () => {
  it('is read anew for each request, beside the client and the scope', async () => {
    let count = 0;
    const grant = jwtBearer(() => `assertion-${++count}`);
    await ask({ grant });
    await ask({ grant, scope: 'read', authenticate: publicClient() });
    expect(form()).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: 'assertion-2',
      scope: 'read',
      client_id: 'c',
    });
  });

  it('RFC 7523 §3 is made by the client itself, or says for whom it is', async () => {
    const read = async (options: object = {}) => {
      await ask({ grant: jwtBearer(signedAssertion({ key: { ...KEY, kid: 'k' }, ...options })) });
      const assertion = form()['assertion'] ?? '';
      const key = createPublicKey({ key: KEY as never, format: 'jwk' });
      expect(decodeProtectedHeader(assertion)).toEqual({ alg: 'ES256', kid: 'k', typ: 'JWT' });
      const { iss, sub, aud, exp = 0, iat = 0, jti } = (await jwtVerify(assertion, key)).payload;
      expect(exp - iat).toBe(60);
      expect(jti).toMatch(/^[\w-]{32}$/);
      return { iss, sub, aud };
    };
    expect(await read()).toEqual({ iss: 'c', sub: 'c', aud: endpoint.url });
    const audience = endpoint.server.token_endpoint;
    expect(await read({ issuer: 'hr', subject: 'ann', audience })).toEqual({
      iss: 'hr',
      sub: 'ann',
      aud: audience,
    });
  });
});

describe('RFC 8693 §2.1 a token for another', () => {
  const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

  it('names what it has and what it wants', async () => {
    await ask({
      resource: 'https://a.example',
      grant: tokenExchange({
        subjectToken: () => 'subject',
        actorToken: async () => 'actor',
        audience: ['one', 'two'],
      }),
    });
    expect(endpoint.seen[0]?.form.getAll('audience')).toEqual(['one', 'two']);
    expect(form()).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'subject',
      subject_token_type: ACCESS_TOKEN,
      actor_token: 'actor',
      actor_token_type: ACCESS_TOKEN,
      resource: 'https://a.example',
    });
    expect(form()).not.toHaveProperty('requested_token_type');
  });

  it('§2.2.1 may be one that no API takes, if that was asked for', async () => {
    const issued = { access_token: 'x', token_type: 'N_A', issued_token_type: 'urn:x' };
    endpoint.answer = json(issued);
    const exchange = { subjectToken: () => 'subject' };
    const grant = tokenExchange({ ...exchange, requestedTokenType: 'urn:x' });
    expect(await ask({ grant })).toMatchObject({ tokenType: 'N_A', issuedTokenType: 'urn:x' });
    for (const requestedTokenType of [undefined, ACCESS_TOKEN])
      await expect(
        ask({ grant: tokenExchange({ ...exchange, requestedTokenType }) }),
      ).rejects.toThrow('token_type');
  });
});
