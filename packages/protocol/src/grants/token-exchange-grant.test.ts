import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TOKEN_EXCHANGE_GRANT, TOKEN_EXCHANGE_MODES } from '../client.ts';
import { numericDate, seconds } from '../time.ts';
import type { Allowance, ApiAllowance } from './allowance.ts';
import type { ExchangedSubject } from './exchanged-token.ts';
import { decideTokenExchange } from './token-exchange-grant.ts';
import type { TokenExchangeRequest } from './token-exchange-request.ts';

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

const ALLOWANCE: Allowance = {
  clientId: 'orders',
  clientType: 'confidential',
  providerGrantTypes: [TOKEN_EXCHANGE_GRANT],
  clientGrantTypes: [TOKEN_EXCHANGE_GRANT],
  apis: [
    api('urn:default', ['write', 'read']),
    api('urn:stock', ['stock.read', 'stock.write', 'read']),
    api('urn:mail', ['mail.send'], { tokenFormat: 'opaque' }),
  ],
  tokenBindings: ['optional'],
  defaultScopes: ['write'],
};

const SUBJECT: ExchangedSubject = {
  subject: 'frontend',
  actors: [],
  scope: ['stock.read', 'mail.send', 'other'],
  expiresAt: numericDate(2_000),
  mayAct: undefined,
};

const REQUEST: TokenExchangeRequest = {
  subjectToken: { text: 't', kind: 'access_token' },
  actorToken: undefined,
  requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
  scope: 'stock.read',
  targets: ['urn:stock'],
};

type Given = {
  readonly request?: Partial<TokenExchangeRequest>;
  readonly subject?: Partial<ExchangedSubject>;
  readonly actor?: string;
  readonly mode?: 'delegation' | 'impersonation';
};

const decide = ({ request, subject, actor, mode = 'delegation' }: Given = {}) =>
  decideTokenExchange(
    ALLOWANCE,
    { ...REQUEST, ...request },
    { ...SUBJECT, ...subject },
    actor,
    mode,
  );

const reasonOf = (given: Given) => {
  const decision = decide(given);
  return decision.ok ? undefined : decision.refusal.reason;
};

describe('RFC 8693 §2 another token about the same subject', () => {
  test('§2 belongs to the client that asked, and names it as the party that acts', () => {
    expect(decide()).toEqual({
      ok: true,
      value: {
        grantType: TOKEN_EXCHANGE_GRANT,
        clientId: 'orders',
        subject: 'frontend',
        actors: ['orders'],
        audience: ['urn:stock'],
        scope: ['stock.read'],
        tokenFormat: 'jwt',
        signingAlgorithm: 'ES256',
        lifetime: 3600,
        tokenBindings: ['optional', 'optional'],
        expiresBy: 2_000,
      },
    });
  });

  test('§2.1 without scope it has all that the subject and the client share at the target', () => {
    expect(decide({ request: { scope: undefined } })).toMatchObject({
      value: { scope: ['stock.read'], audience: ['urn:stock'] },
    });
  });

  test('§2.1 without a target the scopes say which', () => {
    expect(decide({ request: { targets: [] } })).toMatchObject({
      value: { audience: ['urn:stock'] },
    });
    expect(reasonOf({ request: { targets: [], scope: undefined } })).toBe('scope_ambiguous');
  });

  test('§2.1 an assertion says nothing of scopes: those of the client hold', () => {
    const subject = { scope: undefined };
    expect(decide({ subject, request: { scope: 'stock.write' } })).toMatchObject({
      value: { scope: ['stock.write'] },
    });
    expect(decide({ subject, request: { scope: undefined, targets: [] } })).toMatchObject({
      value: { scope: ['write'] },
    });
  });

  test.each<[string, Given, string]>([
    ['a scope that the subject lacks', { request: { scope: 'stock.write' } }, 'scope_not_granted'],
    [
      'a scope that the client lacks',
      { request: { scope: 'other', targets: [] } },
      'scope_not_granted',
    ],
    [
      'a scope of another target',
      { request: { scope: 'mail.send', targets: ['urn:stock'] } },
      'scope_not_granted',
    ],
    ['a target that the client lacks', { request: { targets: ['urn:x'] } }, 'resource_not_granted'],
    [
      'nothing that both have',
      { request: { scope: undefined, targets: ['urn:default'] } },
      'scope_missing',
    ],
    [
      'a JWT where only opaque tokens are taken',
      {
        request: {
          scope: 'mail.send',
          targets: ['urn:mail'],
          requestedTokenType: 'urn:ietf:params:oauth:token-type:jwt',
        },
      },
      'jwt_not_available',
    ],
  ])('§2.2.2 refused: %s', (_, given, reason) => {
    expect(reasonOf(given)).toBe(reason);
  });
});

describe('RFC 8693 §1.1 who acts', () => {
  const actorsOf = (given: Given) => {
    const decision = decide(given);
    return decision.ok ? decision.value.actors : decision.refusal.reason;
  };

  test('§1.1 only a client that may impersonate is not named', () => {
    expect(actorsOf({ mode: 'impersonation' })).toEqual([]);
    expect(actorsOf({ mode: 'impersonation', actor: 'orders' })).toEqual(['orders']);
  });

  test('§4.1 who acts now stands before those who acted', () => {
    expect(actorsOf({ subject: { actors: ['gateway'] } })).toEqual(['orders', 'gateway']);
    expect(actorsOf({ subject: { actors: ['gateway'] }, mode: 'impersonation' })).toEqual([
      'gateway',
    ]);
  });

  test('§4.1 whoever acts already, or for itself, is not named again', () => {
    expect(actorsOf({ subject: { actors: ['orders', 'gateway'] } })).toEqual(['orders', 'gateway']);
    expect(actorsOf({ subject: { subject: 'orders' } })).toEqual([]);
  });

  test('§4.1 a chain has five parties at most', () => {
    const actors = ['a', 'b', 'c', 'd'];
    expect(actorsOf({ subject: { actors } })).toEqual(['orders', ...actors]);
    expect(actorsOf({ subject: { actors: [...actors, 'e'] } })).toBe('actors_too_many');
  });

  test('§4.4 may_act names the only one who may act', () => {
    const subject = { mayAct: 'helper' };
    expect(actorsOf({ subject })).toBe('actor_not_authorized');
    expect(actorsOf({ subject, mode: 'impersonation' })).toBe('actor_not_authorized');
    expect(actorsOf({ subject, actor: 'helper' })).toEqual(['helper']);
    expect(actorsOf({ subject: { mayAct: 'orders' } })).toEqual(['orders']);
  });
});

test('§2 nothing is ever exchanged for more, elsewhere, for longer or for another', () => {
  const names = ['write', 'read', 'stock.read', 'stock.write', 'mail.send', 'other'];
  const targets = ['urn:default', 'urn:stock', 'urn:mail', 'urn:x'];
  fc.assert(
    fc.property(
      fc.subarray(names),
      fc.option(fc.subarray(names, { minLength: 1 }), { nil: undefined }),
      fc.subarray(targets),
      fc.array(fc.constantFrom('a', 'b', 'orders'), { maxLength: 6 }),
      fc.constantFrom(...TOKEN_EXCHANGE_MODES),
      (held, scope, asked, actors, mode) => {
        const decision = decide({
          subject: { scope: held, actors },
          request: { scope: scope?.join(' '), targets: asked },
          mode,
        });
        if (!decision.ok) return;
        const { value } = decision;
        const audience = ALLOWANCE.apis.filter(({ identifier }) =>
          value.audience.includes(identifier),
        );
        expect(audience).toHaveLength(value.audience.length);
        if (asked.length > 0) expect(asked).toEqual(expect.arrayContaining([...value.audience]));
        expect(value.scope.length).toBeGreaterThan(0);
        for (const token of value.scope) {
          expect(held).toContain(token);
          expect(audience.some(({ scopes }) => scopes.has(token))).toBe(true);
        }
        expect(value.expiresBy).toBe(SUBJECT.expiresAt);
        expect(value.subject).toBe(SUBJECT.subject);
        expect(value.actors.slice(value.actors.length - actors.length)).toEqual(actors);
        expect(value.actors.length).toBeLessThanOrEqual(5);
      },
    ),
  );
});
