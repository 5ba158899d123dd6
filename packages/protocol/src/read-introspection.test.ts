import { describe, expect, it } from 'vitest';
import { readIntrospection } from './read-introspection.ts';

describe('RFC 7662 §2.2', () => {
  it('an active token is read with all that was said of it', () => {
    const members = {
      active: true,
      scope: 'read write',
      client_id: 'c',
      sub: 's',
      iss: 'https://a.example',
      aud: ['x', 'y'],
      token_type: 'Bearer',
      jti: 'j',
      iat: 1,
      exp: 2,
      extension: { deep: true },
    };
    expect(readIntrospection(members)).toEqual({
      ok: true,
      value: {
        active: true,
        scope: ['read', 'write'],
        clientId: 'c',
        subject: 's',
        issuer: 'https://a.example',
        audience: ['x', 'y'],
        tokenType: 'Bearer',
        jti: 'j',
        issuedAt: 1,
        expiresAt: 2,
        members,
      },
    });
  });

  it('an inactive token is that and no more', () => {
    expect(readIntrospection({ active: false, scope: 'read' })).toEqual({
      ok: true,
      value: { active: false },
    });
  });

  it.each([null, 'true', 1, [], {}, { active: 'true' }, { active: 1 }, { Active: true }])(
    '%j does not say whether the token is active',
    (document) => {
      expect(readIntrospection(document)).toEqual({
        ok: false,
        refusal: { reason: 'introspection_malformed', member: 'active' },
      });
    },
  );

  it.each([
    ['scope', ['read']],
    ['scope', 'read  write'],
    ['exp', '2'],
    ['exp', null],
    ['aud', [1]],
    ['aud', {}],
    ['client_id', 1],
    ['iss', null],
  ])('a %s of %j is refused', (member, value) => {
    expect(readIntrospection({ active: true, [member]: value })).toEqual({
      ok: false,
      refusal: { reason: 'introspection_malformed', member },
    });
  });
});
