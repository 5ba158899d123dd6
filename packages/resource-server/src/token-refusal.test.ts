import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChallengeDetails,
  describeTokenRefusal,
  formatBearerChallenge,
  type TokenRefusal,
} from './token-refusal.ts';

/* Shows RFC 9110 §5.6.4. */

const challengeOf = (refusal: TokenRefusal, details?: ChallengeDetails) => {
  const { status, headers, body } = describeTokenRefusal(refusal, details);
  return [status, headers['www-authenticate'], body.error];
};

describe('RFC 6750 §3', () => {
  it('without a token the challenge has no error code', () => {
    expect(challengeOf({ reason: 'token_missing' })).toEqual([401, 'Bearer', undefined]);
    expect(challengeOf({ reason: 'token_missing' }, { realm: 'config' })).toEqual([
      401,
      'Bearer realm="config"',
      undefined,
    ]);
  });

  it('a malformed request is 400 invalid_request', () => {
    expect(challengeOf({ reason: 'token_malformed' })).toEqual([
      400,
      'Bearer error="invalid_request", error_description="The Authorization header is malformed"',
      'invalid_request',
    ]);
  });

  it('a missing scope is 403 with the scope that is required', () => {
    const refusal = {
      reason: 'scope_insufficient',
      required: ['read', 'write'],
      clientId: 'c',
    } as const;
    expect(challengeOf(refusal)).toEqual([
      403,
      'Bearer error="insufficient_scope", error_description="The access token lacks a scope", scope="read write"',
      'insufficient_scope',
    ]);
  });

  it('all tokens that are no good are answered alike', () => {
    const answers = (
      [
        'token_inactive',
        'token_of_another_issuer',
        'token_for_another_audience',
        'token_bound_to_key',
      ] as const
    ).map((reason) => JSON.stringify(describeTokenRefusal({ reason })));
    expect(new Set(answers).size).toBe(1);
  });

  it('RFC 9728 §5.1 every challenge says where the metadata of the API is', () => {
    const resourceMetadata = 'https://api.example/.well-known/oauth-protected-resource';
    const refusals: readonly TokenRefusal[] = [
      { reason: 'token_missing' },
      { reason: 'token_inactive' },
      { reason: 'scope_insufficient', required: ['write'], clientId: 'a' },
    ];
    for (const refusal of refusals) {
      const [, challenge] = challengeOf(refusal, { resourceMetadata });
      expect(challenge).toContain(`resource_metadata="${resourceMetadata}"`);
    }
  });

  it('what can not be asked about is 503 with Retry-After, and no challenge', () => {
    expect(describeTokenRefusal({ reason: 'authorization_server_unreachable' })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1', 'cache-control': 'no-store' },
    });
  });

  it.each([
    [undefined, '1'],
    [0, '0'],
    [7, '7'],
    [86_400, '60'],
  ])('a Retry-After of %j is passed on as %s', (retryAfter, passed) => {
    const refusal = { reason: 'authorization_server_refused', status: 429, retryAfter } as const;
    expect(describeTokenRefusal(refusal).headers['retry-after']).toBe(passed);
  });

  it('whatever the values, a challenge is one header of quoted strings', () => {
    const value = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
    fc.assert(
      fc.property(value, value, (realm, scope) => {
        const challenge = formatBearerChallenge({ realm, error: 'invalid_token', scope });
        expect(challenge).toMatch(
          /^Bearer (?:\w+="(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"(?:, (?!$))?)+$/,
        );
        expect(new Headers({ 'www-authenticate': challenge }).get('www-authenticate')).toBe(
          challenge,
        );
      }),
    );
  });

  it('quotes and line breaks in a realm forge nothing', () => {
    expect(formatBearerChallenge({ realm: 'a", error="x\r\nSet-Cookie: y' })).toBe(
      'Bearer realm="a\\", error=\\"x??Set-Cookie: y"',
    );
  });
});
