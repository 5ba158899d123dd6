import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readForm } from '../parameters.ts';
import { seconds } from '../time.ts';
import type { Allowance, ApiAllowance } from './allowance.ts';
import { decideClientCredentials } from './client-credentials-grant.ts';

const api = (
  identifier: string,
  scopes: readonly string[],
  over: Partial<ApiAllowance> = {},
): ApiAllowance => ({
  identifier,
  scopes: new Set(scopes),
  withheldScopes: [],
  detailTypes: new Map(),
  tokenFormat: 'jwt',
  signingAlgorithm: 'ES256',
  accessTokenLifetime: seconds(3600),
  tokenBinding: 'optional',
  ...over,
});

/** The realm's default API first, then two others that the client was granted. */
const ALLOWANCE: Allowance = {
  clientId: 'myClient',
  clientType: 'confidential',
  providerGrantTypes: ['client_credentials'],
  clientGrantTypes: ['client_credentials'],
  apis: [
    api('urn:default', ['write', 'read']),
    api('urn:mail', ['mail.send', 'shared'], {
      tokenFormat: 'opaque',
      signingAlgorithm: 'RS256',
      accessTokenLifetime: seconds(600),
    }),
    api('urn:store', ['store.read', 'shared'], { accessTokenLifetime: seconds(300) }),
  ],
  tokenBindings: ['optional'],
  defaultScopes: ['write'],
};

function decide(body: string, over: Partial<Allowance> = {}) {
  const form = readForm(body);
  if (!form.ok) throw new Error(`the form is refused: ${form.refusal.reason}`);
  return decideClientCredentials({ ...ALLOWANCE, ...over }, form.value);
}

describe('§4.4.2 a request that is granted', () => {
  test('§4.4.2 the token speaks for the client, to the API of its scope', () => {
    expect(decide('scope=write')).toEqual({
      ok: true,
      value: {
        grantType: 'client_credentials',
        clientId: 'myClient',
        subject: 'myClient',
        actors: [],
        audience: ['urn:default'],
        scope: ['write'],
        tokenFormat: 'jwt',
        signingAlgorithm: 'ES256',
        lifetime: 3600,
        tokenBindings: ['optional', 'optional'],
        expiresBy: undefined,
      },
    });
  });

  test.each([
    ['scope=write+read', ['urn:default'], ['write', 'read']],
    ['scope=read+write+read', ['urn:default'], ['read', 'write']],
    ['scope=mail.send', ['urn:mail'], ['mail.send']],
    ['scope=mail.send+shared', ['urn:mail'], ['mail.send', 'shared']],
    ['', ['urn:default'], ['write']],
    ['scope=', ['urn:default'], ['write']],
    ['resource=urn:default', ['urn:default'], ['write']],
    ['scope=shared&resource=urn:store', ['urn:store'], ['shared']],
    ['scope=shared&resource=urn:store&resource=urn:store', ['urn:store'], ['shared']],
    ['scope=shared&resource=urn:store&resource=urn:mail', ['urn:store', 'urn:mail'], ['shared']],
    [
      'scope=mail.send+store.read&resource=urn:mail&resource=urn:store',
      ['urn:mail', 'urn:store'],
      ['mail.send', 'store.read'],
    ],
  ])('§4.4.2 %j is for %j with %j', (body, audience, scope) => {
    expect(decide(body)).toMatchObject({ ok: true, value: { audience, scope } });
  });

  test('§4.4.2 the settings of the API hold', () => {
    expect(decide('scope=mail.send')).toMatchObject({
      value: { tokenFormat: 'opaque', signingAlgorithm: 'RS256', lifetime: 600 },
    });
  });

  test('§2 for several APIs the shortest life and the format that can be recalled hold', () => {
    expect(decide('scope=shared&resource=urn:store&resource=urn:mail')).toMatchObject({
      value: { tokenFormat: 'opaque', signingAlgorithm: 'ES256', lifetime: 300 },
    });
  });
});

describe('§4.4 a request that is refused', () => {
  const reasonOf = (body: string, over: Partial<Allowance> = {}) => {
    const decision = decide(body, over);
    return decision.ok ? undefined : decision.refusal.reason;
  };

  test('§4.4 the client is public, whatever else it may', () => {
    expect(reasonOf('scope=write', { clientType: 'public' })).toBe('client_public');
  });

  test.each([
    ['§3.3 an unknown scope', 'scope=nothing', 'scope_not_granted'],
    ['§3.3 a scope in other letters', 'scope=Write', 'scope_not_granted'],
    ['§3.3 one unknown scope among known ones', 'scope=write+nothing', 'scope_not_granted'],
    ['§3.3 openid, which nobody registered', 'scope=openid', 'scope_not_granted'],
    ['§3.3 a malformed scope', 'scope=write++read', 'scope_malformed'],
    ['§2 an unknown resource', 'resource=urn:other', 'resource_not_granted'],
    ['§2 a resource that differs by a slash', 'resource=urn:default/', 'resource_not_granted'],
    ['§2 one unknown resource of two', 'resource=urn:mail&resource=x', 'resource_not_granted'],
    ['§2 a scope of another resource', 'scope=write&resource=urn:mail', 'scope_not_granted'],
    ['§3 scopes of two APIs without a resource', 'scope=write+mail.send', 'scope_ambiguous'],
    ['§3 a scope that two APIs have', 'scope=shared', 'scope_ambiguous'],
    ['§3.3 no scope where no default applies', 'resource=urn:mail', 'scope_missing'],
  ])('%s', (_, body, reason) => {
    expect(reasonOf(body)).toBe(reason);
  });

  test('§3.3 no scope is asked for and there is no default', () => {
    expect(reasonOf('', { defaultScopes: [] })).toBe('scope_missing');
  });

  test('§3.3 a default that the client was never granted is not given', () => {
    expect(reasonOf('', { defaultScopes: ['nothing'] })).toBe('scope_missing');
    expect(decide('', { defaultScopes: ['nothing', 'read'] })).toMatchObject({
      value: { scope: ['read'] },
    });
  });

  test('§3.3 the refusal names the scopes that were not granted, and only those', () => {
    expect(decide('scope=write+x+y')).toEqual({
      ok: false,
      refusal: { reason: 'scope_not_granted', clientId: 'myClient', scope: ['x', 'y'] },
    });
  });

  test('§4.4.2 a client without any API gets nothing', () => {
    expect(reasonOf('', { apis: [] })).toBe('scope_missing');
    expect(reasonOf('scope=write', { apis: [] })).toBe('scope_not_granted');
    expect(reasonOf('resource=urn:default', { apis: [] })).toBe('resource_not_granted');
  });
});

test('§4.4.2 nothing is ever granted that the client does not hold at the audience', () => {
  const names = ['write', 'read', 'mail.send', 'shared', 'store.read', 'x'];
  const resources = ['urn:default', 'urn:mail', 'urn:store', 'urn:other'];
  fc.assert(
    fc.property(
      fc.option(fc.subarray(names), { nil: undefined }),
      fc.subarray(resources),
      fc.subarray(names),
      (scope, resource, defaultScopes) => {
        const single = new Map(
          scope === undefined || scope.length === 0 ? [] : [['scope', scope.join(' ')]],
        );
        const decision = decideClientCredentials(
          { ...ALLOWANCE, defaultScopes },
          {
            single,
            resource,
            audience: [],
          },
        );
        if (!decision.ok) return;
        const audience = ALLOWANCE.apis.filter((each) =>
          decision.value.audience.includes(each.identifier),
        );
        expect(audience).toHaveLength(decision.value.audience.length);
        for (const token of decision.value.scope)
          expect(audience.some((each) => each.scopes.has(token))).toBe(true);
        for (const each of audience)
          expect(decision.value.lifetime).toBeLessThanOrEqual(each.accessTokenLifetime);
      },
    ),
  );
});
