import type { IncomingMessage, ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../test/authorization-server.ts';
import { secretBasic } from './authentication/secret-basic.ts';
import { OAuthError, UnexpectedAnswerError, UnreachableError } from './oauth-error.ts';
import { requestToken, type TokenRequest } from './request-token.ts';

/* Shows RFC 6749 App. A.12. */

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let listening: Listening;
let answer: Answer;
const forms: string[] = [];

beforeAll(async () => {
  listening = await listen((request, response) => {
    let form = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      form += chunk;
    });
    request.on('end', () => {
      forms.push(form);
      answer(request, response);
    });
  });
});
afterAll(() => listening.close());
beforeEach(() => {
  forms.length = 0;
});

const JSON_TYPE = { 'content-type': 'application/json' };

const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(value));
  };

const ask = (more: Partial<TokenRequest> = {}) =>
  requestToken({
    server: { issuer: listening.url, token_endpoint: `${listening.url}/token` },
    clientId: 'c',
    authenticate: secretBasic('s'),
    ...more,
  });

const GRANTED = { access_token: 'a', token_type: 'Bearer', expires_in: 60 };

describe('RFC 6749 §4.4.2 the request', () => {
  it('is a form with the grant type, and scope and every resource when there are any', async () => {
    answer = json(GRANTED);
    await ask();
    await ask({ scope: ['read', 'write'], resource: ['https://a.example', 'https://b.example'] });
    expect(forms).toEqual([
      'grant_type=client_credentials',
      'grant_type=client_credentials&scope=read+write&resource=https%3A%2F%2Fa.example&resource=https%3A%2F%2Fb.example',
    ]);
  });

  it('RFC 9396 §2 tells in detail what the token shall permit', async () => {
    answer = json(GRANTED);
    await ask({ authorizationDetails: [{ type: 'payment', limit: 5 }] });
    expect(new URLSearchParams(forms[0]).get('authorization_details')).toBe(
      '[{"type":"payment","limit":5}]',
    );
  });

  it('RFC 8705 §5 goes to the address for certificates when the connection shows one', async () => {
    answer = json(GRANTED);
    const server = {
      issuer: listening.url,
      token_endpoint: 'http://127.0.0.1:1/token',
      mtls_endpoint_aliases: { token_endpoint: `${listening.url}/mtls` },
    };
    await ask({ server, mutualTls: true });
    expect(forms).toHaveLength(1);
    await expect(ask({ server })).rejects.toThrow(UnreachableError);
  });

  it.each(['', ' ', 'a  b', 'a"b', 'é'])('is not sent with a scope of %j', async (scope) => {
    await expect(ask({ scope })).rejects.toThrow(TypeError);
    await expect(ask({ scope: [scope] })).rejects.toThrow(TypeError);
    expect(forms).toEqual([]);
  });

  it('is not sent to another machine without TLS', async () => {
    const server = { issuer: 'http://a.example', token_endpoint: 'http://a.example/token' };
    await expect(ask({ server })).rejects.toThrow('is not https');
  });

  it('does not follow a redirect', async () => {
    answer = (_request, response) => response.writeHead(307, { location: '/elsewhere' }).end();
    await expect(ask()).rejects.toMatchObject({ name: 'UnexpectedAnswerError', status: 307 });
    expect(forms).toHaveLength(1);
  });
});

describe('RFC 6749 §5.1 the answer', () => {
  it('without scope grants what was asked for, without expires_in says nothing of the end', async () => {
    answer = json({ access_token: 'a', token_type: 'bearer' });
    expect(await ask({ scope: 'read' })).toEqual({
      accessToken: 'a',
      tokenType: 'Bearer',
      expiresIn: undefined,
      scope: ['read'],
    });
  });

  it('RFC 9396 §7 tells what was granted in detail', async () => {
    const authorizationDetails = [{ type: 'payment', limit: 3 }];
    answer = json({ ...GRANTED, authorization_details: authorizationDetails });
    expect(await ask()).toMatchObject({ scope: [], authorizationDetails });
  });

  it('with a smaller scope grants the smaller one', async () => {
    answer = json({ ...GRANTED, scope: 'read' });
    expect((await ask({ scope: 'read write' })).scope).toEqual(['read']);
  });

  it.each([
    ['authorization_details', 'all'],
    ['authorization_details', [{ limit: 5 }]],
    ['authorization_details', [null]],
    ['access_token', undefined],
    ['access_token', ''],
    ['access_token', 1],
    ['access_token', 'a\r\nb'],
    ['access_token', 'é'],
    ['token_type', undefined],
    ['token_type', 'DPoP'],
    ['token_type', null],
    ['expires_in', '60'],
    ['expires_in', -1],
    ['expires_in', 1.5],
    ['expires_in', null],
    ['scope', ['read']],
    ['scope', 'a  b'],
  ])('with a %s of %j is not used', async (member, value) => {
    answer = json({ ...GRANTED, [member]: value });
    const refused = await ask().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UnexpectedAnswerError);
    expect(String(refused)).toContain(member);
  });

  it.each([
    ['no JSON type', 'text/plain', JSON.stringify(GRANTED)],
    ['no JSON', 'application/json', '{"access_token":'],
    ['a list', 'application/json', `[${JSON.stringify(GRANTED)}]`],
    ['nothing', 'application/json', ''],
  ])('with %s is not used', async (_what, type, body) => {
    answer = (_request, response) => response.writeHead(200, { 'content-type': type }).end(body);
    await expect(ask()).rejects.toThrow(UnexpectedAnswerError);
  });

  it('is not read beyond its limit', async () => {
    answer = json({ ...GRANTED, padding: 'x'.repeat(300_000) });
    await expect(ask()).rejects.toThrow('more than can be read');
  });
});

describe('RFC 6749 §5.2 a refusal', () => {
  it('is one OAuthError with all that was told', async () => {
    answer = json({ error: 'temporarily_unavailable', error_description: 'Later' }, 429, {
      'retry-after': '7',
      'x-request-id': 'r1',
    });
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OAuthError);
    expect(error).toMatchObject({
      message: 'temporarily_unavailable: Later',
      status: 429,
      error: 'temporarily_unavailable',
      error_description: 'Later',
      retryAfter: 7,
      requestId: 'r1',
    });
  });

  it('is one printable line, whatever was sent', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 600 }),
        async (words) => {
          answer = json({ error: words, error_description: words }, 400);
          const error = await ask().catch((thrown: unknown) => thrown);
          expect((error as Error).message).toMatch(/^[\x20-\x7e]{1,1100}$/);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('without an error code is no refusal, but keeps its status and Retry-After', async () => {
    answer = (_request, response) =>
      response.writeHead(502, { 'retry-after': '3' }).end('<h1>Bad gateway</h1>');
    await expect(ask()).rejects.toMatchObject({
      name: 'UnexpectedAnswerError',
      status: 502,
      retryAfter: 3,
    });
  });
});

describe('when nothing is answered', () => {
  it('a closed port is an UnreachableError', async () => {
    const closed = await listen(() => {});
    await closed.close();
    const server = { issuer: closed.url, token_endpoint: `${closed.url}/token` };
    await expect(ask({ server })).rejects.toThrow(UnreachableError);
  });

  it('a connection that breaks is an UnreachableError', async () => {
    answer = (request) => request.socket.destroy();
    await expect(ask()).rejects.toThrow(UnreachableError);
  });

  it.each([
    ['an answer that never begins', () => {}],
    [
      'an answer that never ends',
      (_request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, JSON_TYPE).write('{');
      },
    ],
  ])('%s is given up in time', async (_what, silence) => {
    answer = silence;
    const error = await ask({ timeoutSeconds: 0.1 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreachableError);
    expect((error as Error).cause).toEqual(new Error('no answer within 0.1 s'));
  });

  it('the caller may give up earlier, with its own reason', async () => {
    answer = () => {};
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const waiting = ask({ signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    await expect(waiting).rejects.toBe(reason);
    await expect(ask({ signal: controller.signal })).rejects.toBe(reason);
  });
});
