import { describe, expect, test } from 'vitest';
import { ACCESS_TOKEN_TYP, describeClaims, describeNewToken } from './access-token.ts';
import { TOKEN_EXCHANGE_GRANT } from './client.ts';
import type { Authorization } from './grants/authorization.ts';
import { numericDate, seconds } from './time.ts';

const AUTHORIZATION: Authorization = {
  grantType: 'client_credentials',
  clientId: 'myClient',
  subject: 'myClient',
  actors: [],
  audience: ['https://api.example/'],
  scope: ['read', 'write'],
  tokenFormat: 'jwt',
  signingAlgorithm: 'ES256',
  lifetime: seconds(3600),
  tokenBindings: [],
  expiresBy: undefined,
};

const token = (over: Partial<Authorization> = {}) =>
  describeNewToken(
    { ...AUTHORIZATION, ...over },
    undefined,
    'alpha',
    'https://as.example/alpha',
    'jti-1',
    numericDate(1000),
    numericDate(4600),
  );

test('a new token says what was authorized, by whom and until when', () => {
  expect(token()).toEqual({
    realm: 'alpha',
    issuer: 'https://as.example/alpha',
    jti: 'jti-1',
    clientId: 'myClient',
    subject: 'myClient',
    actors: [],
    audience: ['https://api.example/'],
    scope: ['read', 'write'],
    grantType: 'client_credentials',
    issuedAt: 1000,
    expiresAt: 4600,
  });
});

describe('§2.2 the claims of a token', () => {
  test('§2.2 are these, in this order, and no others', () => {
    expect(JSON.stringify(describeClaims(token()))).toBe(
      '{"iss":"https://as.example/alpha","sub":"myClient","aud":"https://api.example/",' +
        '"client_id":"myClient","scope":"read write","iat":1000,"exp":4600,"jti":"jti-1"}',
    );
  });

  test('§6.2 of Token Status List: where its status is found comes last', () => {
    const status = { uri: 'https://as.example/alpha/status-lists/a/b', index: 7 };
    expect(JSON.stringify(describeClaims({ ...token(), status }))).toContain(
      ',"jti":"jti-1","status":{"status_list":{"idx":7,' +
        '"uri":"https://as.example/alpha/status-lists/a/b"}}}',
    );
  });

  test('RFC 8693 §4.1 who acts is told, and the grant unless it is the usual one', () => {
    const exchanged = token({ actors: ['b', 'a'], grantType: TOKEN_EXCHANGE_GRANT });
    expect(describeClaims(exchanged)).toMatchObject({
      sub: 'myClient',
      act: { sub: 'b', act: { sub: 'a' } },
      grant_type: TOKEN_EXCHANGE_GRANT,
    });
  });

  test('§4.1.3 one audience is a string, several are an array', () => {
    expect(describeClaims(token()).aud).toBe('https://api.example/');
    expect(describeClaims(token({ audience: ['urn:a', 'urn:b'] })).aud).toEqual(['urn:a', 'urn:b']);
  });

  test('§2.2.3 without scope there is no empty one', () => {
    expect(describeClaims(token({ scope: [] })).scope).toBeUndefined();
  });
});

test('§2.1 the type has no application/ before it', () => {
  expect(ACCESS_TOKEN_TYP).toBe('at+jwt');
});
