import type { RequestListener } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../test/authorization-server.ts';
import { introspectionGuard } from './introspection-guard.ts';
import { describeTokenRefusal } from './token-refusal.ts';

let listening: Listening;
let answer: RequestListener;
const asked: string[] = [];

beforeAll(async () => {
  listening = await listen((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
});
afterAll(() => listening.close());

const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(value));
  };

const open = (more: Readonly<Record<string, unknown>> = {}) =>
  introspectionGuard({
    introspectionEndpoint: `${listening.url}/introspect`,
    clientId: 'api',
    clientSecret: 'secret',
    ...more,
  });

/** What the caller would get: status and reason. */
const verify = async (more: Readonly<Record<string, unknown>> = {}) => {
  const verified = await open(more).verifyAccessToken('Bearer a');
  return verified.ok
    ? [200, undefined]
    : [describeTokenRefusal(verified.refusal).status, verified.refusal.reason];
};

describe('no token is let through unseen', () => {
  it('nothing listens: 503', async () => {
    const closed = await listen(() => {});
    await closed.close();
    const expected = [503, 'authorization_server_unreachable'];
    expect(await verify({ introspectionEndpoint: closed.url })).toEqual(expected);
    expect(await verify({ introspectionEndpoint: undefined, issuer: closed.url })).toEqual(
      expected,
    );
  });

  it('no answer in time: 503', async () => {
    answer = () => {};
    const from = performance.now();
    expect(await verify({ timeoutSeconds: 0.1 })).toEqual([
      503,
      'authorization_server_unreachable',
    ]);
    expect(performance.now() - from).toBeLessThan(2000);
  });

  it.each([400, 401, 403, 404, 429, 500, 503, 204, 302])('a status of %d: 503', async (status) => {
    answer = (_request, response) => response.writeHead(status, { location: '/ok' }).end();
    expect(await verify()).toEqual([503, 'authorization_server_refused']);
  });

  it.each([
    ['no JSON', '{"active":true'],
    ['a text', '"active"'],
    ['active as text', '{"active":"true"}'],
    ['no active', '{"client_id":"c"}'],
    ['nothing', ''],
    ['more than is read', JSON.stringify({ active: true, x: 'x'.repeat(300_000) })],
  ])('%s: 503', async (_what, body) => {
    answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    expect(await verify()).toEqual([503, 'authorization_server_answer_malformed']);
  });

  it('a page that is not JSON: 503', async () => {
    answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('{"active":true}');
    expect(await verify()).toEqual([503, 'authorization_server_answer_malformed']);
  });

  it("the API's own credentials can not be made: 503", async () => {
    const authenticate = () => Promise.reject(new Error('no key'));
    expect(await verify({ clientSecret: undefined, authenticate })).toEqual([
      503,
      'own_credentials_unavailable',
    ]);
  });

  it('the Retry-After of the server is passed on', async () => {
    answer = json({}, 429, { 'retry-after': '9' });
    const verified = await open().verifyAccessToken('Bearer a');
    expect(!verified.ok && describeTokenRefusal(verified.refusal).headers['retry-after']).toBe('9');
  });
});

describe('RFC 8414 §3.3', () => {
  it('a server that names another issuer is not asked', async () => {
    answer = json({
      issuer: 'https://evil.example',
      introspection_endpoint: `${listening.url}/introspect`,
    });
    asked.length = 0;
    expect(await verify({ introspectionEndpoint: undefined, issuer: listening.url })).toEqual([
      503,
      'authorization_server_answer_malformed',
    ]);
    expect(asked).toEqual(['/.well-known/oauth-authorization-server']);
  });

  it('the endpoint is discovered once, however many ask', async () => {
    asked.length = 0;
    answer = (request, response) =>
      request.url === '/introspect'
        ? json({ active: true })(request, response)
        : json({
            issuer: listening.url,
            introspection_endpoint: `${listening.url}/introspect`,
          })(request, response);
    const guard = introspectionGuard({
      issuer: listening.url,
      clientId: 'api',
      clientSecret: 'secret',
    });
    const all = await Promise.all([1, 2, 3].map(() => guard.verifyAccessToken('Bearer a')));
    expect(all.every((verified) => verified.ok)).toBe(true);
    expect(asked.filter((path) => path !== '/introspect')).toHaveLength(1);
  });
});

describe('options that can never work are told at once', () => {
  it.each([
    { introspectionEndpoint: 'http://a.example/introspect' },
    { introspectionEndpoint: undefined, issuer: 'http://a.example' },
    { introspectionEndpoint: undefined, issuer: 'https://a.example?x' },
    { requiredScope: 'a  b' },
    { requiredScope: ['a b'] },
  ])('%j', (more) => {
    expect(() => open(more)).toThrow(TypeError);
  });
});

describe('RFC 6750 §3.1', () => {
  it('whatever the header, the answer is a documented one, and nothing is thrown', async () => {
    answer = json({ active: false });
    const guard = open();
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((text) => `Bearer ${text}`),
      fc.stringMatching(/^[Bb]earer +[A-Za-z0-9._~+/-]{1,20}={0,2}$/),
      fc.constant(undefined),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(anything, fc.array(fc.string()), fc.constant([])),
        fc.option(fc.oneof(fc.webQueryParameters(), fc.constant('access_token=a')), {
          nil: undefined,
        }),
        async (authorization, query) => {
          const verified = await guard.verifyAccessToken({ authorization, query });
          expect(verified.ok).toBe(false);
          if (verified.ok) return;
          const { status, headers } = describeTokenRefusal(verified.refusal);
          expect([400, 401]).toContain(status);
          expect(headers['www-authenticate']).toMatch(/^Bearer( |$)/);
        },
      ),
      { numRuns: 200 },
    );
  });
});
