import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../test/authorization-server.ts';
import { json, startEndpoint } from '../test/token-endpoint.ts';
import { authorizeRequest } from './authorize-request.ts';
import { type Dpop, dpop, dpopKey } from './dpop.ts';
import { type FetchWithTokenOptions, fetchWithToken } from './fetch-with-token.ts';
import type { WantedToken } from './request-token.ts';
import type { TokenSource } from './token-source.ts';

/* Shows RFC 6750 §2.1, RFC 9449 §7.1, §9 and RFC 9110 §15.4. */

const { endpoint: api } = startEndpoint();

/** Another origin that must never see a token. */
let stranger: Listening;
const overheard: (string | undefined)[] = [];
beforeAll(async () => {
  stranger = await listen((request, response) => {
    overheard.push(request.headers.authorization);
    response.end('stranger');
  });
});
afterAll(() => stranger.close());

let prover: Dpop;
beforeEach(async () => {
  prover = await dpop(await dpopKey());
  api.answer = json({});
  overheard.length = 0;
});

/** A source whose tokens tell how many were refused before. */
function source(key?: Dpop) {
  const invalidated: string[] = [];
  const wanted: WantedToken[] = [];
  const tokens: TokenSource = {
    async token(asked = {}) {
      asked.signal?.throwIfAborted();
      wanted.push(asked);
      return `at${invalidated.length}`;
    },
    invalidate: (token) => invalidated.push(token) < 3,
    forget: () => {},
    dpop: key,
  };
  return { ...tokens, invalidated, wanted };
}

const call = (tokens: TokenSource, more: Partial<FetchWithTokenOptions> = {}) =>
  fetchWithToken(tokens, { origins: [api.url], ...more });

const shown = () => api.seen.map(({ headers }) => headers.authorization);
const proof = (index: number) => decodeJwt(String(api.seen[index]?.headers['dpop']));
const challenge = (text: string, headers: Record<string, string> = {}) =>
  json({}, 401, { 'www-authenticate': text, ...headers });

describe('a call of an API', () => {
  it('RFC 6750 §2.1 shows a bearer token, in place of whatever was there', async () => {
    const init = { method: 'PUT', headers: { authorization: 'Basic x', 'x-a': 'b' }, body: 'x' };
    expect((await call(source())(`${api.url}/orders?x=1`, init)).status).toBe(200);
    expect(api.seen[0]).toMatchObject({ method: 'PUT', path: '/orders?x=1', body: 'x' });
    expect(api.seen[0]?.headers).toMatchObject({ authorization: 'Bearer at0', 'x-a': 'b' });
  });

  it('RFC 9449 §7.1 shows the token and a proof of it', async () => {
    await call(source(prover))(new URL(`${api.url}/orders?x=1`), { method: 'delete' });
    expect(shown()).toEqual(['DPoP at0']);
    expect(proof(0)).toMatchObject({
      htm: 'DELETE',
      htu: `${api.url}/orders`,
      ath: createHash('sha256').update('at0').digest('base64url'),
    });
  });

  it('asks the source for the token that it was made for', async () => {
    const tokens = source();
    await call(tokens, { scope: 'read', resource: api.url })(api.url);
    expect(tokens.wanted[0]).toMatchObject({ scope: 'read', resource: api.url });
  });

  it('takes a Request, too', async () => {
    const request = new Request(`${api.url}/a`, {
      method: 'POST',
      headers: { 'content-type': 'text/x', 'x-a': 'b' },
      body: 'body',
    });
    await call(source())(request);
    expect(api.seen[0]).toMatchObject({ method: 'POST', body: 'body' });
    expect(api.seen[0]?.headers).toMatchObject({ 'content-type': 'text/x', 'x-a': 'b' });
  });

  it('ends with the signal of the caller', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(call(source())(api.url, { signal })).rejects.toThrow('enough');
    await expect(call(source())(new Request(api.url, { signal }))).rejects.toThrow('enough');
    expect(api.seen).toEqual([]);
  });
});

describe('a request that is refused', () => {
  const refused = challenge('Basic realm="x", Bearer realm="y", error="invalid_token"');

  it('RFC 6750 §3.1 is sent once more with a new token', async () => {
    api.answer = (response) => (api.seen.length < 2 ? refused(response) : json({})(response));
    const tokens = source();
    expect((await call(tokens)(api.url, { method: 'POST', body: 'x' })).status).toBe(200);
    expect(tokens.invalidated).toEqual(['at0']);
    expect(shown()).toEqual(['Bearer at0', 'Bearer at1']);
    expect(api.seen.map(({ body }) => body)).toEqual(['x', 'x']);
  });

  it('RFC 6750 §3.1 again is returned', async () => {
    api.answer = refused;
    expect((await call(source())(api.url)).status).toBe(401);
    expect(api.seen).toHaveLength(2);
  });

  it('whose next token would be the same is returned', async () => {
    api.answer = refused;
    const tokens = { ...source(), invalidate: () => false };
    expect((await call(tokens)(api.url)).status).toBe(401);
    expect(api.seen).toHaveLength(1);
  });

  it.each([
    [401, 'Bearer realm="x"'],
    [401, 'Bearer realm="x", error="insufficient_scope"'],
    [401, 'Basic realm="x", error="invalid_token"'],
    [401, 'Bearer realm="error=invalid_token"'],
    [403, 'Bearer error="invalid_token"'],
  ])('for another reason (%i %s) is returned, and the token is kept', async (status, text) => {
    api.answer = json({}, status, { 'www-authenticate': text });
    const tokens = source();
    expect((await call(tokens)(api.url)).status).toBe(status);
    expect(tokens.invalidated).toEqual([]);
    expect(api.seen).toHaveLength(1);
  });

  it.each([
    ['of the web', () => new Blob(['x']).stream()],
    ['of Node', () => Readable.from(['x'])],
  ])('and whose body is a stream %s is returned: the stream is gone', async (_, body) => {
    api.answer = refused;
    const init = { method: 'POST', body: body(), duplex: 'half' } as RequestInit;
    expect((await call(source())(api.url, init)).status).toBe(401);
    expect(api.seen).toHaveLength(1);
  });

  it.each([
    ['bytes', () => new TextEncoder().encode('a=b')],
    ['a buffer', () => new TextEncoder().encode('a=b').buffer],
    ['a form', () => new URLSearchParams({ a: 'b' })],
    ['a blob', () => new Blob(['a=b'])],
  ])('and whose body is %s is sent again as it was', async (_, body) => {
    api.answer = (response) => (api.seen.length < 2 ? refused(response) : json({})(response));
    expect((await call(source())(api.url, { method: 'POST', body: body() })).status).toBe(200);
    expect(api.seen.map(({ body: arrived }) => arrived)).toEqual(['a=b', 'a=b']);
  });

  it('and is a Request has its body sent again, up to 1 MiB', async () => {
    api.answer = (response) => (api.seen.length < 2 ? refused(response) : json({})(response));
    const text = 'x'.repeat(1024 * 1024);
    const small = new Request(api.url, { method: 'POST', body: text });
    expect((await call(source())(small)).status).toBe(200);
    expect(api.seen.map(({ body }) => body.length)).toEqual([text.length, text.length]);

    api.seen.length = 0;
    const large = new Request(api.url, { method: 'POST', body: `${text}y` });
    expect((await call(source())(large)).status).toBe(401);
    expect(api.seen.map(({ body }) => body.length)).toEqual([text.length + 1]);
  });
});

describe('RFC 9449 §9 a nonce that the API wants', () => {
  const wants = (nonce: string) =>
    challenge('DPoP error="use_dpop_nonce", algs="ES256"', { 'dpop-nonce': nonce });

  it('comes with the second attempt, and with every one from then on', async () => {
    api.answer = (response, { headers }) =>
      decodeJwt(String(headers['dpop']))['nonce'] === 'api'
        ? json({})(response)
        : wants('api')(response);
    const send = call(source(prover));
    expect((await send(api.url, { method: 'POST', body: 'x' })).status).toBe(200);
    expect((await send(api.url)).status).toBe(200);
    expect(api.seen).toHaveLength(3);
    expect(proof(0).jti).not.toBe(proof(1).jti);
  });

  it('is the newest that any answer brought', async () => {
    api.answer = json({}, 200, { 'dpop-nonce': 'rotated' });
    const send = call(source(prover));
    await send(api.url);
    await send(api.url);
    expect(proof(1)['nonce']).toBe('rotated');
  });

  it('is tried once, and a refused token after it once, too', async () => {
    api.answer = (response) =>
      api.seen.length % 2 === 1
        ? wants(`n${api.seen.length}`)(response)
        : challenge('DPoP error="invalid_token"')(response);
    expect((await call(source(prover))(api.url)).status).toBe(401);
    expect(api.seen).toHaveLength(3);
  });

  it('without a key is nothing that can be given', async () => {
    api.answer = wants('api');
    expect((await call(source())(api.url)).status).toBe(401);
    expect(api.seen).toHaveLength(1);
  });
});

describe('the token', () => {
  it('goes to the origins that were named, and to nobody else', async () => {
    const tokens = source();
    const send = call(tokens);
    const others = [
      stranger.url,
      `${api.url.replace('127.0.0.1', 'localhost')}/`,
      'https://a.example',
    ];
    for (const address of others) {
      await expect(send(address)).rejects.toThrow('is not among the origins');
      await expect(send(new Request(address))).rejects.toThrow('is not among the origins');
    }
    expect(tokens.wanted).toEqual([]);
    expect(overheard).toEqual([]);
  });

  it.each([
    ['not https', 'http://api.example'],
    ['no origin', 'https://api.example/path'],
    ['no origin', 'https://user@api.example'],
    ['no origin', 'api.example'],
    ['no origin', 'https://*.example?'],
  ])('goes nowhere that is %s: %s', (words, origin) => {
    expect(() => fetchWithToken(source(), { origins: [origin] })).toThrow(words);
  });

  it('goes to somebody, or the call is a mistake; over plain HTTP where that is allowed', () => {
    expect(() => fetchWithToken(source(), { origins: [] })).toThrow('names nobody');
    const origins = ['http://api.example/'];
    expect(fetchWithToken(source(), { origins, allowHttp: true })).toBeTypeOf('function');
  });
});

describe('RFC 9110 §15.4 a redirect', () => {
  const redirect =
    (status: number, to: string): typeof api.answer =>
    (response, { path }) =>
      path === '/from' ? response.writeHead(status, { location: to }).end() : json({})(response);
  const from = () => `${api.url}/from`;
  const post = { method: 'POST', body: 'x', headers: { 'content-type': 'text/x' } };

  it('within the origin is followed, with a proof of its own', async () => {
    api.answer = redirect(307, '/to?y');
    expect((await call(source(prover))(from(), post)).status).toBe(200);
    expect(api.seen[1]).toMatchObject({ method: 'POST', path: '/to?y', body: 'x' });
    expect(proof(1)).toMatchObject({ htm: 'POST', htu: `${api.url}/to` });
  });

  it.each([
    [303, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [301, 'PUT', 'PUT', 'x'],
    [308, 'PATCH', 'PATCH', 'x'],
  ])('%i makes of %s a %s', async (status, method, next, body) => {
    api.answer = redirect(status, '/to');
    await call(source())(from(), { ...post, method });
    expect(api.seen[1]).toMatchObject({ method: next, body });
    expect(api.seen[1]?.headers['content-type']).toBe(body === '' ? undefined : 'text/x');
  });

  it.each(['/', '//evil.example/', 'http://[', 'https://127.0.0.1/'])(
    'to another origin is returned, and takes the token nowhere (%s)',
    async (to) => {
      const target = to === '/' ? `${stranger.url}/` : to;
      api.answer = redirect(302, target);
      for (const init of [{}, { redirect: 'follow' } as const]) {
        const response = await call(source(prover))(from(), init);
        expect(response.status).toBe(302);
        expect(response.headers.get('location')).toBe(target);
      }
      expect(overheard).toEqual([]);
    },
  );

  it('to another origin is returned even when that one may see tokens: it is another request', async () => {
    api.answer = redirect(307, stranger.url);
    const send = call(source(), { origins: [api.url, stranger.url] });
    expect((await send(from())).status).toBe(307);
    expect(overheard).toEqual([]);
  });

  it('of a stream, of too many, or that is not wanted, is returned', async () => {
    api.answer = redirect(307, '/to');
    const body = new Blob(['x']).stream();
    const stream = { method: 'POST', body, duplex: 'half' } as RequestInit;
    expect((await call(source())(from(), stream)).status).toBe(307);
    expect((await call(source())(from(), { redirect: 'manual' })).status).toBe(307);
    await expect(call(source())(from(), { redirect: 'error' })).rejects.toThrow(TypeError);
    api.answer = redirect(302, '/from');
    api.seen.length = 0;
    expect((await call(source())(from())).status).toBe(302);
    expect(api.seen).toHaveLength(6);
  });
});

describe('headers for a client that is not fetch', () => {
  it('are those of fetch, and what the answer says is learnt from headers of any kind', async () => {
    const address = `${api.url}/orders`;
    const tokens = source(prover);
    const first = await authorizeRequest(tokens, { method: 'get', address, scope: 'read' });
    expect(first.headers['authorization']).toBe('DPoP at0');
    expect(decodeJwt(first.headers['dpop'] ?? '')).toMatchObject({ htm: 'GET', htu: address });
    expect(tokens.wanted[0]).toMatchObject({ scope: 'read' });

    const nonce = { 'DPoP-Nonce': 'n', 'WWW-Authenticate': ['DPoP error="use_dpop_nonce"'] };
    expect(first.learn({ status: 401, headers: nonce })).toBe('use_dpop_nonce');
    const second = await authorizeRequest(tokens, { method: 'GET', address });
    expect(decodeJwt(second.headers['dpop'] ?? '')['nonce']).toBe('n');

    const headers = new Headers({ 'www-authenticate': 'DPoP error="invalid_token"' });
    expect(second.learn({ status: 200, headers })).toBeUndefined();
    expect(second.learn({ status: 401, headers })).toBe('invalid_token');
    expect(tokens.invalidated).toEqual(['at0']);
    expect((await authorizeRequest(source(), { method: 'GET', address })).headers).toEqual({
      authorization: 'Bearer at0',
    });
  });
});
