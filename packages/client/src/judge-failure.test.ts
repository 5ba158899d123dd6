import { describe, expect, it } from 'vitest';
import { judgeFailure } from './judge-failure.ts';
import { OAuthError, UnexpectedAnswerError, UnreachableError } from './oauth-error.ts';

const refusal = (status: number, error: string, retryAfter?: number) =>
  new OAuthError({ status, error, retryAfter });
const page = (status: number, retryAfter?: number) =>
  new UnexpectedAnswerError('x', { status, retryAfter });

describe('RFC 6749 §5.2 asking again', () => {
  it.each([
    new UnreachableError('x'),
    page(500),
    page(502),
    page(504),
    page(408),
    page(429),
    refusal(503, 'temporarily_unavailable'),
    refusal(429, 'slow_down'),
    refusal(500, 'server_error'),
  ])('may help after %s', (error) => {
    expect(judgeFailure(error)).toEqual({ kind: 'transient', wait: undefined });
  });

  it('waits for as long as the server said', () => {
    expect(judgeFailure(page(503, 7))).toEqual({ kind: 'transient', wait: 7 });
    expect(judgeFailure(refusal(429, 'slow_down', 0))).toEqual({ kind: 'transient', wait: 0 });
  });

  it.each([
    refusal(400, 'invalid_scope'),
    refusal(400, 'invalid_grant'),
    refusal(403, 'access_denied'),
    // A server that says so with this status does not mean it: RFC 6749 §5.2 has no such code.
    refusal(400, 'temporarily_unavailable'),
    page(404),
    page(200),
    page(307),
  ])('does not help after %s', (error) => {
    expect(judgeFailure(error)).toEqual({ kind: 'refused', whom: 'request' });
  });

  it.each([400, 401])('as a client that is not believed (%i) helps nothing at all', (status) => {
    const verdict = judgeFailure(refusal(status, 'invalid_client'));
    expect(verdict).toEqual({ kind: 'refused', whom: 'client' });
  });

  it.each([new TypeError('x'), 'x', undefined])('is not tried after %s', (error) => {
    expect(judgeFailure(error)).toEqual({ kind: 'fault' });
  });
});
