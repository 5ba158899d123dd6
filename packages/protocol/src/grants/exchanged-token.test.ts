import { describe, expect, test } from 'vitest';
import type { TokenFacts } from '../access-token.ts';
import type { Confirmation, Possession } from '../confirmation.ts';
import { numericDate } from '../time.ts';
import { checkActorToken, checkSubjectToken, type ExchangedSubject } from './exchanged-token.ts';

const NOW = numericDate(1_000);
const KEY = 'k'.repeat(43);

const TOKEN: TokenFacts = {
  realm: 'alpha',
  issuer: 'https://as.example',
  jti: 'j',
  clientId: 'frontend',
  subject: 'frontend',
  actors: [],
  audience: ['https://orders.example'],
  scope: ['read'],
  grantType: 'client_credentials',
  confirmation: undefined,
  issuedAt: numericDate(0),
  expiresAt: numericDate(2_000),
};

const exchanger = (
  clientId: string,
  apis: readonly string[] = [],
  possession: Possession = {},
) => ({
  clientId,
  apis,
  possession,
});
const ORDERS = exchanger('orders', ['https://orders.example']);

const reasonOf = (result: { ok: boolean; refusal?: unknown }) =>
  result.ok ? 'ok' : result.refusal;
const check = (token: TokenFacts | undefined, by = ORDERS) =>
  reasonOf(checkSubjectToken(token, by, NOW));

describe('RFC 8693 §2.1 the subject token', () => {
  test('§2.1 gives whom it is about, who acted, its scopes and its end', () => {
    expect(checkSubjectToken({ ...TOKEN, actors: ['x'] }, ORDERS, NOW)).toEqual({
      ok: true,
      value: {
        subject: 'frontend',
        actors: ['x'],
        scope: ['read'],
        expiresAt: 2_000,
        mayAct: undefined,
      },
    });
  });

  test('§5 is exchanged by its own client, by its audience, and by nobody else', () => {
    expect(check(TOKEN, exchanger('frontend'))).toBe('ok');
    expect(check(TOKEN, ORDERS)).toBe('ok');
    expect(check({ ...TOKEN, audience: ['orders'] }, exchanger('orders'))).toBe('ok');
    expect(check(TOKEN, exchanger('thief', ['https://stock.example']))).toEqual({
      reason: 'subject_token_invalid',
      because: 'not for this client',
    });
  });

  test('§2.1 is active', () => {
    expect(check(undefined)).toMatchObject({ reason: 'subject_token_invalid' });
    expect(check({ ...TOKEN, expiresAt: NOW })).toMatchObject({ because: 'expired' });
  });

  test.each<[string, Confirmation, Possession, boolean]>([
    ['the key is shown', { jkt: KEY }, { jkt: KEY }, true],
    ['another key is shown', { jkt: KEY }, { jkt: 'x'.repeat(43) }, false],
    ['no key is shown', { jkt: KEY }, {}, false],
    [
      'the certificate is shown',
      { certificateThumbprint: KEY },
      { certificate: { thumbprint: KEY, authenticated: false } },
      true,
    ],
    ['a key is shown for a certificate', { certificateThumbprint: KEY }, { jkt: KEY }, false],
    ['one of two is shown', { jkt: KEY, certificateThumbprint: KEY }, { jkt: KEY }, false],
  ])('RFC 9449 §5 bound, and its own client exchanges it: %s', (_, confirmation, held, passes) => {
    const bound = { ...TOKEN, confirmation };
    expect(check(bound, exchanger('frontend', [], held)) === 'ok').toBe(passes);
    // An API was shown the key when it was given the token.
    expect(check(bound, { ...ORDERS, possession: held })).toBe('ok');
  });
});

describe('RFC 8693 §2.1 the actor token', () => {
  const subject: ExchangedSubject = {
    subject: 'user',
    actors: [],
    scope: [],
    expiresAt: numericDate(2_000),
    mayAct: undefined,
  };
  const own = { ...TOKEN, clientId: 'orders', subject: 'orders' };
  const checkActor = (token: TokenFacts | undefined, over: Partial<ExchangedSubject> = {}) =>
    reasonOf(checkActorToken(token, ORDERS, { ...subject, ...over }, NOW));

  test('§2.1 proves that its client is there', () => {
    expect(checkActorToken(own, ORDERS, subject, NOW)).toEqual({ ok: true, value: 'orders' });
  });

  test('§4.4 of somebody else is taken only if the subject lets that one act', () => {
    const other = { ...TOKEN, clientId: 'helper', subject: 'helper' };
    expect(checkActor(other)).toEqual({
      reason: 'actor_not_authorized',
      clientId: 'orders',
      actor: 'helper',
    });
    expect(checkActor(other, { mayAct: 'someone' })).toMatchObject({
      reason: 'actor_not_authorized',
    });
    expect(checkActor(other, { mayAct: 'helper' })).toBe('ok');
  });

  test.each<[string, TokenFacts | undefined]>([
    ['unknown or revoked', undefined],
    ['expired', { ...own, expiresAt: NOW }],
    ['about somebody else', { ...own, subject: 'user' }],
    ['one by which somebody acts', { ...own, actors: ['x'] }],
    ['bound to a key that is not shown', { ...own, confirmation: { jkt: KEY } }],
  ])('§2.1 is refused: %s', (_, token) => {
    expect(checkActor(token)).toMatchObject({ reason: 'actor_token_invalid' });
  });
});
