import { describe, expect, test } from 'vitest';
import type { TokenFacts } from './access-token.ts';
import { type Asker, describeToken } from './introspection.ts';
import { numericDate } from './time.ts';

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

const OWNER: Asker = { clientId: 'myClient', ofWholeRealm: false, apis: [], detailTypes: [] };
const STRANGER: Asker = { clientId: 'other', ofWholeRealm: false, apis: [], detailTypes: [] };
const NOW = numericDate(2000);

describe('§2.2 an active token', () => {
  test('§2.2 is described with these members and no others', () => {
    expect(describeToken(TOKEN, OWNER, NOW)).toEqual({
      active: true,
      scope: 'read write',
      client_id: 'myClient',
      token_type: 'Bearer',
      exp: 4600,
      iat: 1000,
      sub: 'myClient',
      aud: 'https://api.example/',
      iss: 'https://as.example/alpha',
      jti: 'jti-1',
    });
  });

  test('§2.2 of two audiences names both; without scope names none', () => {
    const answer = describeToken({ ...TOKEN, audience: ['a', 'b'], scope: [] }, OWNER, NOW);
    expect(answer).toMatchObject({ active: true, aud: ['a', 'b'] });
    expect(JSON.stringify(answer)).not.toContain('scope');
  });

  test.each([
    ['its own client', OWNER],
    ['a client it is addressed to', { ...STRANGER, clientId: 'https://api.example/' }],
    ['a client that its API named', { ...STRANGER, apis: ['urn:x', 'https://api.example/'] }],
    ['a client that may learn of every token', { ...STRANGER, ofWholeRealm: true }],
  ])('§2.2 is described to %s', (_, asker) => {
    expect(describeToken(TOKEN, asker, NOW).active).toBe(true);
  });
});

describe('§2.2 an inactive token is one member and no more', () => {
  test.each([
    ['one that was not found', undefined, OWNER, NOW],
    ['one at the second it expires', TOKEN, OWNER, TOKEN.expiresAt],
    ['one that has expired', TOKEN, OWNER, numericDate(9999)],
    ['one of somebody else', TOKEN, STRANGER, NOW],
    ['one of another API', TOKEN, { ...STRANGER, apis: ['https://api.example'] }, NOW],
    [
      'an expired one, even to whoever may learn of all',
      TOKEN,
      { ...OWNER, ofWholeRealm: true },
      TOKEN.expiresAt,
    ],
  ])('§2.2 %s', (_, token, asker, now) => {
    expect(JSON.stringify(describeToken(token, asker, now))).toBe('{"active":false}');
  });

  test('§2.2 a token lives to its last second', () => {
    expect(describeToken(TOKEN, OWNER, numericDate(4599)).active).toBe(true);
  });
});
