import { describe, expect, test } from 'vitest';
import type { TokenFacts } from './access-token.ts';
import { later, numericDate, seconds } from './time.ts';
import { describeTokenResponse } from './token-response.ts';

/* Shows RFC 6749 §4.4.3. */

const NOW = numericDate(1000);

const token = (lifetime: number, scope: readonly string[]): TokenFacts => ({
  realm: 'alpha',
  issuer: 'https://as.example/alpha',
  jti: 'jti-1',
  clientId: 'myClient',
  subject: 'myClient',
  actors: [],
  audience: ['https://api.example/'],
  scope,
  grantType: 'client_credentials',
  confirmation: undefined,
  issuedAt: NOW,
  expiresAt: later(NOW, seconds(lifetime)),
});

describe('§5.1 the answer', () => {
  test('§5.1 has these members in this order, and no refresh token', () => {
    expect(JSON.stringify(describeTokenResponse('t0k3n', token(3600, ['write']), NOW))).toBe(
      '{"access_token":"t0k3n","scope":"write","token_type":"Bearer","expires_in":3599}',
    );
  });

  test('§5.1 without scope has no empty one', () => {
    const answer = describeTokenResponse('t', token(3600, []), NOW);
    expect(JSON.stringify(answer)).not.toContain('scope');
  });

  test.each([
    [3600, 3599],
    [2, 1],
    [1, 1],
  ])('§5.1 a lifetime of %d is told as %d: whole, positive, never late', (lifetime, told) => {
    expect(describeTokenResponse('t', token(lifetime, ['a']), NOW).expires_in).toBe(told);
  });
});
