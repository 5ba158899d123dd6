import { describe, expect, it } from 'vitest';
import type { AcceptedToken } from './accepted-token.ts';
import { checkRequirements, type Requirement, requiredScopes } from './requirement.ts';

const TOKEN: AcceptedToken = {
  validatedBy: 'signature',
  issuer: 'https://id.example',
  clientId: 'c',
  subject: 'c',
  subjectIsClient: true,
  scope: ['read', 'read:all'],
  audience: ['a'],
  authorizationDetails: [
    { type: 'account', actions: ['read', 'list'], locations: ['https://a'], currency: 'EUR' },
    { type: 'account', actions: ['close'], identifier: '7' },
  ],
  actors: [],
  jti: 'j',
  issuedAt: 1,
  expiresAt: 2,
  confirmation: undefined,
  claims: {},
  responseHeaders: {},
};

const judge = (operation: Requirement, always?: Requirement): string => {
  const refusal = checkRequirements(TOKEN, always, operation);
  if (refusal === undefined) return 'enough';
  return refusal.reason === 'scope_insufficient'
    ? `needs ${refusal.required.join(' ')}`
    : refusal.reason;
};

describe('RFC 6749 §3.3 scopes', () => {
  it.each<readonly [Requirement, string]>([
    [{}, 'enough'],
    [{ scope: 'read' }, 'enough'],
    [{ scope: ['read', 'read:all'] }, 'enough'],
    [{ scope: 'read write' }, 'needs read write'],
    [{ scope: 'rea' }, 'needs rea'],
    [{ scope: 'Read' }, 'needs Read'],
    [{ scope: 'read:al' }, 'needs read:al'],
    [{ anyScope: 'write read' }, 'enough'],
    [{ anyScope: 'write admin' }, 'needs write'],
    [{ scope: 'x', anyScope: 'write admin' }, 'needs x write'],
    [{ scope: 'x', anyScope: 'write read' }, 'needs x read'],
  ])('%j: %s', (requirement, expected) => {
    expect(judge(requirement)).toBe(expected);
  });

  it('what every operation needs is needed too, and the challenge names both', () => {
    expect(judge({ scope: 'read' }, { scope: 'read:all' })).toBe('enough');
    expect(judge({ scope: 'a b' }, { scope: 'a' })).toBe('needs a b');
  });

  it.each<readonly [Requirement | undefined, Requirement | undefined, string]>([
    [undefined, undefined, ''],
    [{ boundTo: 'dpop' }, {}, ''],
    [undefined, { scope: 'read write' }, 'read write'],
    [{ scope: ['read'] }, { scope: 'write read' }, 'read write'],
    [{ scope: 'read' }, { anyScope: 'write admin' }, 'read write'],
  ])('for %j and %j a caller without a token has to ask for %j', (always, operation, scopes) => {
    expect(requiredScopes(always, operation).join(' ')).toBe(scopes);
  });

  it.each([
    { scope: '' },
    { scope: 'a  b' },
    { scope: ['a b'] },
    { anyScope: 'a"' },
    { anyScope: [] },
  ])('%j can never be met', (requirement) => {
    expect(() => judge(requirement)).toThrow(TypeError);
  });
});

describe('RFC 9396 §2 authorization details', () => {
  const where = (detail: Readonly<Record<string, unknown>>) => detail['currency'] === 'EUR';
  it.each<readonly [NonNullable<Requirement['authorizationDetails']>[number], string]>([
    [{ type: 'account' }, 'enough'],
    [{ type: 'payment' }, 'authorization_details_insufficient'],
    [{ type: 'account', actions: ['read', 'list'] }, 'enough'],
    // One detail has to allow it all: two that allow a half each were granted for two things.
    [{ type: 'account', actions: ['read', 'close'] }, 'authorization_details_insufficient'],
    [{ type: 'account', actions: ['close'], identifier: '7' }, 'enough'],
    [{ type: 'account', actions: ['read'], identifier: '7' }, 'authorization_details_insufficient'],
    [{ type: 'account', locations: ['https://a'] }, 'enough'],
    [{ type: 'account', privileges: ['x'] }, 'authorization_details_insufficient'],
    [{ type: 'account', actions: ['read'], where }, 'enough'],
    [{ type: 'account', actions: ['close'], where }, 'authorization_details_insufficient'],
  ])('%j: %s', (required, expected) => {
    expect(judge({ authorizationDetails: [required] })).toBe(expected);
  });
});
