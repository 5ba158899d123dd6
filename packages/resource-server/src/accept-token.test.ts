import { readIntrospection } from '@tessera/protocol';
import { describe, expect, it } from 'vitest';
import { acceptToken, type TokenRequirement } from './accept-token.ts';

/* Shows RFC 8705 §3, RFC 9449 §7.2. */

const judge = (
  members: Readonly<Record<string, unknown>>,
  required: Partial<TokenRequirement> = {},
): string => {
  const introspection = readIntrospection({ active: true, ...members });
  if (!introspection.ok) throw new Error('the example is malformed');
  const accepted = acceptToken(introspection.value, {
    issuer: undefined,
    audience: [],
    scope: [],
    ...required,
  });
  return accepted.ok ? 'accepted' : accepted.refusal.reason;
};

describe('RFC 7662 §2.2', () => {
  it('a token is accepted with what was said of it', () => {
    const introspection = readIntrospection({ active: true, client_id: 'c', scope: 'read' });
    if (!introspection.ok) throw new Error('the example is malformed');
    const accepted = acceptToken(introspection.value, {
      issuer: undefined,
      audience: [],
      scope: ['read'],
    });
    expect(accepted).toMatchObject({ ok: true, value: { clientId: 'c', scope: ['read'] } });
  });

  it.each([
    [{ active: false }, {}, 'token_inactive'],
    [{ iss: 'https://a' }, { issuer: 'https://a' }, 'accepted'],
    [{ iss: 'https://a/' }, { issuer: 'https://a' }, 'token_of_another_issuer'],
    [{}, { issuer: 'https://a' }, 'accepted'],
    [{ aud: 'x' }, { audience: ['x'] }, 'accepted'],
    [{ aud: ['w', 'x'] }, { audience: ['x', 'y'] }, 'accepted'],
    [{ aud: 'xy' }, { audience: ['x'] }, 'token_for_another_audience'],
    [{}, { audience: ['x'] }, 'token_for_another_audience'],
    [{ scope: 'a b' }, { scope: ['b', 'a'] }, 'accepted'],
    [{ scope: 'read:all' }, { scope: ['read'] }, 'scope_insufficient'],
    [{ scope: 'Read' }, { scope: ['read'] }, 'scope_insufficient'],
    [{}, { scope: ['read'] }, 'scope_insufficient'],
    [{ exp: 1 }, {}, 'accepted'],
  ])('%j against %j is %s', (members, required, expected) => {
    expect(judge(members, required)).toBe(expected);
  });
});

describe('RFC 7800 §3', () => {
  it.each([
    { cnf: { jkt: 'x' } },
    { cnf: { 'x5t#S256': 'x' } },
    { cnf: null },
    { cnf: {} },
    { token_type: 'DPoP' },
    { token_type: 'N_A' },
  ])('%j is never taken for a bearer token', (members) => {
    expect(judge(members)).toBe('token_bound_to_key');
  });

  it.each(['Bearer', 'bearer'])('a token_type of %s is one', (type) => {
    expect(judge({ token_type: type })).toBe('accepted');
  });
});
