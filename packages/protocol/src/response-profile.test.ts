import { describe, expect, test } from 'vitest';
import type { TokenFacts } from './access-token.ts';
import {
  AM_RESPONSES,
  isAccessToken,
  readScopeClaim,
  STANDARD_RESPONSES,
} from './response-profile.ts';
import { numericDate } from './time.ts';

const NOW = numericDate(1_100);

const TOKEN: TokenFacts = {
  realm: 'alpha',
  issuer: 'https://as.example/alpha',
  // The bytes 0 to 19.
  jti: 'AAECAwQFBgcICQoLDA0ODxAREhM',
  clientId: 'myClient',
  subject: 'myClient',
  actors: [],
  audience: ['myClient'],
  scope: ['write'],
  grantType: 'client_credentials',
  confirmation: undefined,
  issuedAt: numericDate(1_000),
  expiresAt: numericDate(4_600),
};

describe('PingOne §8.1 the claims of a token in the shape of AM', () => {
  test('are to the byte', () => {
    expect(JSON.stringify(AM_RESPONSES.describeClaims(TOKEN))).toBe(
      '{"sub":"myClient","cts":"OAUTH2_STATELESS_GRANT","auditTrackingId":"00010203-0405-0607-0809-0a0b0c0d0e0f-269554195","subname":"myClient","iss":"https://as.example/alpha","tokenName":"access_token","token_type":"Bearer","authGrantId":"AAECAwQFBgcICQoLDA0ODxAREhM","client_id":"myClient","aud":"myClient","nbf":1000,"grant_type":"client_credentials","scope":["write"],"auth_time":1000,"realm":"/alpha","exp":4600,"iat":1000,"expires_in":3600,"jti":"AAECAwQFBgcICQoLDA0ODxAREhM"}',
    );
  });

  test('call the root realm /, and have the key and the actors that every shape has', () => {
    const token = {
      ...TOKEN,
      realm: 'root',
      subject: 'somebody',
      actors: ['myClient'],
      confirmation: { jkt: 'thumb' },
    };
    expect(AM_RESPONSES.describeClaims(token)).toMatchObject({
      realm: '/',
      sub: 'somebody',
      subname: 'somebody',
      token_type: 'DPoP',
      cnf: { jkt: 'thumb' },
      act: { sub: 'myClient' },
    });
  });

  test.each([
    ['of 16 bytes, from a realm that had another profile', 'AAECAwQFBgcICQoLDA0ODw', /-0$/],
    ['that is none of ours', 'jti-1', /^jti-1$/],
  ])('name a token %s', (_, jti, id) => {
    expect(AM_RESPONSES.describeClaims({ ...TOKEN, jti })).toMatchObject({
      auditTrackingId: expect.stringMatching(id),
    });
  });
});

test('PingOne §6.2 introspection is to the byte', () => {
  expect(JSON.stringify(AM_RESPONSES.describeActiveToken(TOKEN, [], NOW))).toBe(
    '{"active":true,"scope":"write","realm":"/alpha","client_id":"myClient","user_id":"myClient","username":"myClient","token_type":"Bearer","exp":4600,"sub":"myClient","subname":"myClient","iss":"https://as.example/alpha","auth_level":0,"authGrantId":"AAECAwQFBgcICQoLDA0ODxAREhM","auditTrackingId":"00010203-0405-0607-0809-0a0b0c0d0e0f-269554195","expires_in":3500}',
  );
  expect(AM_RESPONSES.describeSignedToken(TOKEN, [], NOW)).toHaveProperty('aud', 'myClient');
});

describe('what the server says in the shape of AM', () => {
  const forged: TokenFacts = {
    ...TOKEN,
    scope: ['client_id', 'realm', 'access_token', 'tier', '__proto__'],
    claims: { user_id: 'root', sub: 'root', realm: '/', cts: 'x', auth_level: 9, tier: 1 },
  };

  test('no custom claim says otherwise', () => {
    const bare = { ...forged, claims: undefined };
    expect(AM_RESPONSES.describeActiveToken(forged, [], NOW)).toEqual({
      ...AM_RESPONSES.describeActiveToken(bare, [], NOW),
      tier: 1,
    });
    expect(AM_RESPONSES.describeClaims(forged)).toMatchObject({
      ...AM_RESPONSES.describeClaims(bare),
      tier: 1,
    });
  });

  test.each(['jwt', 'opaque'] as const)('no scope takes its place at tokeninfo: %s', (format) => {
    const info = AM_RESPONSES.describeTokenInfo('t', forged, NOW, format);
    expect(info).toMatchObject({ access_token: 't', realm: '/alpha', client_id: 'myClient' });
    expect(info).toMatchObject({ expires_in: 3_500, tier: format === 'jwt' ? 1 : '' });
    expect(Object.getPrototypeOf(info)).toBe(Object.prototype);
  });
});

describe('RFC 8725 §3.11 a JWT of a realm’s key', () => {
  test.each([
    ['at+jwt', {}, true],
    ['JWT', { tokenName: 'access_token' }, true],
    ['JWT', { tokenName: 'id_token' }, false],
    ['JWT', {}, false],
    ['token-introspection+jwt', { tokenName: 'access_token' }, false],
    ['statuslist+jwt', { tokenName: 'access_token' }, false],
    [undefined, { tokenName: 'access_token' }, false],
  ])('of type %s with %o: an access token? %s', (typ, claims, expected) => {
    expect(isAccessToken(typ, claims)).toBe(expected);
  });
});

test.each([
  ['read write', ['read', 'write']],
  [
    ['read', 'write'],
    ['read', 'write'],
  ],
  [['read', 7], []],
  [{ 0: 'read' }, []],
  [undefined, []],
])('the scope %o is %o', (scope, expected) => {
  expect(readScopeClaim(scope)).toEqual(expected);
});

test('RFC 6749 §10.10 what is random has 128 bits or more', () => {
  for (const { identifierBytes } of [STANDARD_RESPONSES, AM_RESPONSES])
    expect(identifierBytes * 8).toBeGreaterThanOrEqual(128);
});
