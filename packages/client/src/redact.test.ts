import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { json, startEndpoint } from '../test/token-endpoint.ts';
import { clientSecretJwt } from './authentication/client-secret-jwt.ts';
import { secretBasic } from './authentication/secret-basic.ts';
import { secretPost } from './authentication/secret-post.ts';
import { dpop, dpopKey } from './dpop.ts';
import { jwtBearer } from './grants/jwt-bearer.ts';
import { tokenExchange } from './grants/token-exchange.ts';
import { printable } from './redact.ts';
import { requestToken, type TokenRequest } from './request-token.ts';
import { revokeToken } from './revoke-token.ts';

const { endpoint } = startEndpoint();

const SECRET = 'p:a+s %s&w=or~d-and-it-is-long-enough';

/** A server that repeats all that it was sent, as some do in their descriptions. */
const parrot: typeof endpoint.answer = (response, { form, body, headers }) => {
  const heard = [...form.values(), body, headers.authorization, headers['dpop']].join(' ');
  json({ error: 'invalid_client', error_description: heard }, 401)(response);
};

const caught = async (outcome: Promise<unknown>): Promise<string> => {
  const error = await outcome.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ error: 'invalid_client' });
  const { message, stack, cause } = error as Error;
  return [message, stack, String(cause), JSON.stringify(error)].join('\n');
};

const ask = (more: Partial<TokenRequest>) =>
  requestToken({
    server: endpoint.server,
    clientId: 'c',
    authenticate: secretBasic(SECRET),
    ...more,
  });

describe('an error', () => {
  it.each<[string, Partial<TokenRequest>, readonly string[]]>([
    ['client_secret_basic', {}, [SECRET, 'p%3Aa', btoa('c:')]],
    ['client_secret_post', { authenticate: secretPost(SECRET) }, [SECRET]],
    ['client_secret_jwt', { authenticate: clientSecretJwt(SECRET) }, ['eyJ']],
    ['an assertion', { grant: jwtBearer(() => 'opaque-assertion') }, ['opaque-assertion']],
    [
      'a token exchange',
      {
        grant: tokenExchange({
          subjectToken: () => 'tess_subject',
          actorToken: () => 'tess_actor',
        }),
      },
      ['tess_subject', 'tess_actor'],
    ],
  ])('of %s repeats nothing secret that the server repeated', async (_, request, secrets) => {
    endpoint.answer = parrot;
    const words = await caught(ask(request));
    for (const secret of secrets) expect(words).not.toContain(secret);
    expect(words).toContain('[redacted]');
  });

  it('of a bound token does not repeat the proof', async () => {
    endpoint.answer = parrot;
    const words = await caught(ask({ dpop: await dpop(await dpopKey()) }));
    expect(words).not.toContain('eyJ');
  });

  it('of a revocation does not repeat the token', async () => {
    endpoint.answer = parrot;
    const server = { ...endpoint.server, revocation_endpoint: `${endpoint.url}/revoke` };
    const call = { server, clientId: 'c', authenticate: secretBasic(SECRET), token: 'tess_token' };
    expect(await caught(revokeToken(call))).not.toContain('tess_token');
  });

  it('of an authentication that nobody foresaw is an error all the same', async () => {
    endpoint.answer = parrot;
    const authenticate = () => ({ headers: { authorization: 'Basic %%%' }, parameters: {} });
    expect(await caught(ask({ authenticate }))).toContain('invalid_client');
  });
});

it('whatever a server says, it is one printable line without what was secret', () => {
  const secret = fc.string({
    unit: fc.constantFrom(...'abcXYZ019-_.~'),
    minLength: 4,
    maxLength: 40,
  });
  const noise = fc.string({ unit: fc.constantFrom(...'ab[]ey.J\0\r\né \u2028'), maxLength: 600 });
  fc.assert(
    fc.property(secret, noise, noise, (hidden, before, after) => {
      fc.pre(!'[redacted]'.includes(hidden));
      const words = printable(`${before}${hidden}${after}`, [hidden]);
      expect(words).toMatch(/^[\x20-\x7e]{0,500}$/);
      expect(words).not.toContain(hidden);
    }),
  );
});
