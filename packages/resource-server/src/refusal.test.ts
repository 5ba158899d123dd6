import { describe, expect, it } from 'vitest';
import { type ChallengeDetails, describeRefusal, type Scheme } from './refusal.ts';
import type { TokenRefusal } from './token-refusal.ts';

/* Shows RFC 9110 §11.5. */

const DETAILS: ChallengeDetails = {
  realm: undefined,
  resourceMetadata: undefined,
  bearer: true,
  dpopAlgorithms: undefined,
};

const challengeOf = (
  cause: TokenRefusal,
  details: Partial<ChallengeDetails> = {},
  scheme?: Scheme,
) => {
  const { status, headers, body } = describeRefusal(cause, scheme, { ...DETAILS, ...details });
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

  it('without a token the challenge of every scheme has the scopes that are required', () => {
    const headersOf = (cause: TokenRefusal) =>
      describeRefusal(
        cause,
        undefined,
        { ...DETAILS, dpopAlgorithms: ['ES256'] },
        { scopes: ['read', 'write'] },
      ).headers['www-authenticate'];
    expect(headersOf({ reason: 'token_missing' })).toBe(
      'Bearer scope="read write", DPoP scope="read write", algs="ES256"',
    );
    expect(headersOf({ reason: 'token_expired' })).not.toContain('scope=');
  });

  it('a malformed request is 400 invalid_request', () => {
    expect(challengeOf({ reason: 'token_malformed' })).toEqual([
      400,
      'Bearer error="invalid_request", error_description="The Authorization header is malformed"',
      'invalid_request',
    ]);
  });

  it('a missing scope is 403 with the scope that is required', () => {
    const required = ['read', 'write'];
    expect(challengeOf({ reason: 'scope_insufficient', required, clientId: 'c' })).toEqual([
      403,
      'Bearer error="insufficient_scope", error_description="The access token lacks a scope", scope="read write"',
      'insufficient_scope',
    ]);
  });

  it('all tokens that are no good are answered alike', () => {
    const causes: readonly TokenRefusal[] = [
      { reason: 'token_inactive' },
      { reason: 'token_expired' },
      { reason: 'signature_wrong' },
      { reason: 'key_unknown' },
      { reason: 'claim_missing', claim: 'jti' },
      { reason: 'token_of_another_issuer' },
      { reason: 'token_for_another_audience' },
      { reason: 'token_revoked', clientId: 'c' },
      { reason: 'certificate_wrong', clientId: 'c' },
      { reason: 'bound_token_as_bearer', clientId: 'c' },
    ];
    const answers = causes.map((cause) => {
      const { cause: _, ...answer } = describeRefusal(cause, 'Bearer', DETAILS);
      return JSON.stringify(answer);
    });
    expect(new Set(answers).size).toBe(1);
  });

  it('what can not be judged is 503 with Retry-After, and no challenge', () => {
    const { status, headers } = describeRefusal(
      { reason: 'authorization_server_unreachable' },
      'Bearer',
      DETAILS,
    );
    expect([status, headers]).toEqual([
      503,
      { 'retry-after': '1', 'cache-control': 'no-store', 'content-type': 'application/json' },
    ]);
  });

  it.each([
    [undefined, '1'],
    [0, '0'],
    [7, '7'],
    [86_400, '60'],
  ])('a Retry-After of %j is passed on as %s', (retryAfter, passed) => {
    const cause = { reason: 'authorization_server_refused', status: 429, retryAfter } as const;
    expect(describeRefusal(cause, 'Bearer', DETAILS).headers['retry-after']).toBe(passed);
  });
});

describe('RFC 9728 §5.1', () => {
  it('every challenge says where the metadata of the API is', () => {
    const resourceMetadata = 'https://api.example/.well-known/oauth-protected-resource';
    const causes: readonly TokenRefusal[] = [
      { reason: 'token_missing' },
      { reason: 'token_inactive' },
      { reason: 'scope_insufficient', required: ['write'], clientId: 'a' },
    ];
    for (const cause of causes) {
      const [, challenge] = challengeOf(cause, { resourceMetadata });
      expect(challenge).toContain(`resource_metadata="${resourceMetadata}"`);
    }
  });
});

describe('RFC 9449 §7.1', () => {
  const dpopAlgorithms = ['ES256', 'PS256'];
  const algs = 'algs="ES256 PS256"';

  it('an API that takes proofs says so, and of which algorithms', () => {
    expect(challengeOf({ reason: 'token_missing' }, { dpopAlgorithms })).toEqual([
      401,
      `Bearer, DPoP ${algs}`,
      undefined,
    ]);
  });

  it('one that takes nothing else offers nothing else', () => {
    expect(challengeOf({ reason: 'token_missing' }, { dpopAlgorithms, bearer: false })).toEqual([
      401,
      `DPoP ${algs}`,
      undefined,
    ]);
  });

  it('§7.2 the error is told in the scheme that was tried, which comes first', () => {
    const [, asBearer] = challengeOf(
      { reason: 'bound_token_as_bearer', clientId: 'c' },
      { dpopAlgorithms },
      'Bearer',
    );
    expect(asBearer).toMatch(/^Bearer error="invalid_token", .*", DPoP algs="ES256 PS256"$/);
    const [, asDpop] = challengeOf({ reason: 'proof_hash_wrong' }, { dpopAlgorithms }, 'DPoP');
    expect(asDpop).toMatch(/^DPoP error="invalid_dpop_proof", .*algs="ES256 PS256", Bearer$/);
  });

  it('§9 a nonce goes along where it is wanted', () => {
    const { status, headers } = describeRefusal(
      { reason: 'proof_nonce_missing' },
      'DPoP',
      { ...DETAILS, dpopAlgorithms },
      { nonce: 'n-1' },
    );
    expect([status, headers['dpop-nonce']]).toEqual([401, 'n-1']);
    expect(headers['www-authenticate']).toContain('DPoP error="use_dpop_nonce"');
  });
});
