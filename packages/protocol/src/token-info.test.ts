import { expect, test } from 'vitest';
import type { TokenFacts } from './access-token.ts';
import { numericDate } from './time.ts';
import { describeTokenInfo } from './token-info.ts';

const TOKEN: TokenFacts = {
  realm: 'alpha',
  issuer: 'https://as.example/alpha',
  jti: 'jti-1',
  clientId: 'myClient',
  subject: 'myClient',
  actors: [],
  audience: ['https://api.example/'],
  scope: ['read', 'write'],
  grantType: 'client_credentials',
  confirmation: undefined,
  issuedAt: numericDate(1000),
  expiresAt: numericDate(4600),
};

test('tokeninfo has the token, its scopes as an array, and each as a member', () => {
  expect(describeTokenInfo('t0k3n', TOKEN, numericDate(1109))).toEqual({
    access_token: 't0k3n',
    grant_type: 'client_credentials',
    scope: ['read', 'write'],
    realm: '/alpha',
    token_type: 'Bearer',
    expires_in: 3491,
    client_id: 'myClient',
    read: '',
    write: '',
  });
});

test('tokeninfo calls the root realm /', () => {
  expect(describeTokenInfo('t', { ...TOKEN, realm: 'root' }, numericDate(1000))).toMatchObject({
    realm: '/',
  });
});

test('tokeninfo lets no scope stand in for what it says itself', () => {
  const scope = ['client_id', 'realm', 'access_token', '__proto__'];
  const info = describeTokenInfo('t', { ...TOKEN, scope }, numericDate(1000));
  expect(info).toMatchObject({ client_id: 'myClient', realm: '/alpha', access_token: 't' });
  expect(Object.getPrototypeOf(info)).toBe(Object.prototype);
});
