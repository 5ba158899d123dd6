import { describe, expect, it } from 'vitest';
import {
  json,
  type Members,
  newKey,
  nowSeconds,
  proveFor,
  signJwt,
  thumbprintOf,
} from '../test/issuer.ts';
import { issuerOfEachTest, present } from '../test/open-api.ts';
import type { IntrospectionOptions } from './options.ts';
import type { ResourceServer } from './resource-server.ts';

const { issuer, openApi } = issuerOfEachTest();
const AUDIENCE = 'https://api.example/orders';

const ask = (more: Partial<IntrospectionOptions> = {}): ResourceServer =>
  openApi({ introspection: { clientId: 'api', clientSecret: 's%:x', ...more } });

/** The issuer says this of every token. */
const say = (members: Members): void => {
  const whole = { active: true, aud: AUDIENCE, client_id: 'client-1', ...members };
  issuer().pages.set('/introspect', json(whole));
};

const questions = (): number => issuer().asked.filter((path) => path === '/introspect').length;

describe('RFC 7662 §2 an opaque token', () => {
  it('is admitted with what the authorization server says of it', async () => {
    const heard: Members[] = [];
    issuer().pages.set('/introspect', ({ body, headers }) => {
      heard.push({ body, authorization: headers['authorization'] });
      return json({ active: true, aud: AUDIENCE, client_id: 'c', sub: 'c', scope: 'read', x: 1 });
    });
    const headers = { authorization: 'Bearer opaque' };
    expect(
      await ask().admit({ method: 'GET', url: '/', headers }, { scope: 'read' }),
    ).toMatchObject({
      ok: true,
      value: {
        validatedBy: 'introspection',
        issuer: issuer().url,
        clientId: 'c',
        subjectIsClient: true,
        scope: ['read'],
        claims: { x: 1 },
      },
    });
    const authorization = `Basic ${btoa('api:s%25%3Ax')}`;
    expect(heard).toEqual([{ body: 'token=opaque&token_type_hint=access_token', authorization }]);
  });

  const said: readonly (readonly [Members, string])[] = [
    [{ active: false }, '401 token_inactive'],
    [{ iss: 'https://x.example' }, '401 token_of_another_issuer'],
    [{ aud: undefined }, '401 token_for_another_audience'],
    [{ aud: 'https://x.example' }, '401 token_for_another_audience'],
    [{ aud: ['https://x.example', AUDIENCE] }, 'admitted'],
    [{ token_type: 'bearer' }, 'admitted'],
    [{ token_type: 'N_A' }, '401 confirmation_unsupported'],
    [{ token_type: 'DPoP' }, '401 confirmation_unsupported'],
    [{ cnf: {} }, '401 confirmation_unsupported'],
    [{ cnf: { jkt: thumbprintOf(newKey()) } }, '401 bound_token_as_bearer'],
    [{ authorization_details: 'x' }, '503 authorization_server_answer_malformed'],
    [{ active: 'true' }, '503 authorization_server_answer_malformed'],
    [{ exp: nowSeconds() - 5 }, 'admitted'],
  ];
  it.each(said)('of which is said %j: %s', async (members, expected) => {
    say(members);
    expect(await present(ask(), 'opaque')).toBe(expected);
  });

  it('that is bound to a key needs its proof', async () => {
    const key = newKey();
    say({ cnf: { jkt: thumbprintOf(key) }, token_type: 'DPoP' });
    const headers = { authorization: 'DPoP opaque', dpop: proveFor(key, 'opaque') };
    expect(await present(ask(), 'opaque', undefined, { headers })).toBe('admitted');
  });

  it('is refused where nobody may be asked', async () => {
    expect(await present(openApi(), 'opaque')).toBe('401 token_not_jwt');
    expect(issuer().asked).toEqual([]);
  });

  it('that has not the form of one is asked about by nobody', async () => {
    say({});
    for (const tokens of ['opaque', 'all'] as const)
      for (const [token, refusal] of [
        ['a=b', '400 token_malformed'],
        ['a&token_type_hint=b', '400 token_malformed'],
        ['a, Bearer b', '400 authorization_repeated'],
      ] as const)
        expect(await present(ask({ tokens }), token)).toBe(refusal);
    expect(questions()).toBe(0);
  });

  it('a JWT is judged here, unless all are asked about', async () => {
    say({});
    expect(await present(ask(), issuer().sign())).toBe('admitted');
    expect(questions()).toBe(0);
    expect(await present(ask({ tokens: 'all' }), issuer().sign())).toBe('admitted');
    expect(questions()).toBe(1);
    say({ active: false });
    expect(await present(ask({ tokens: 'all' }), issuer().sign())).toBe('401 token_inactive');
  });
});

describe('RFC 7662 §2.1 how the API proves itself', () => {
  it('any method of client authentication will do', async () => {
    const heard: string[] = [];
    issuer().pages.set('/introspect', ({ body }) => {
      heard.push(body);
      return json({ active: true, aud: AUDIENCE });
    });
    const authenticate = async ({
      endpoint,
      clientId,
    }: {
      endpoint: string;
      clientId: string;
    }) => ({
      headers: {},
      parameters: { client_id: clientId, client_assertion: `for ${new URL(endpoint).pathname}` },
    });
    expect(await present(ask({ clientSecret: undefined, authenticate }), 'opaque')).toBe(
      'admitted',
    );
    expect(heard[0]).toContain('client_id=api&client_assertion=for+%2Fintrospect');
  });

  it('one that fails is 503', async () => {
    const authenticate = () => Promise.reject(new Error('no key'));
    expect(await present(ask({ clientSecret: undefined, authenticate }), 'opaque')).toBe(
      '503 own_credentials_unavailable',
    );
  });
});

describe('RFC 7662 §4 no token is let through unseen', () => {
  it('nobody listens: 503, and again good when somebody does', async () => {
    say({});
    const api = ask();
    expect(await present(api, 'opaque')).toBe('admitted');
    issuer().up = false;
    expect(await present(api, 'opaque')).toBe('503 authorization_server_unreachable');
    issuer().up = true;
    expect(await present(api, 'opaque')).toBe('admitted');
  });

  it.each([400, 401, 403, 404, 429, 500, 503, 204, 302])('a status of %d: 503', async (status) => {
    issuer().pages.set('/introspect', { status, body: '' });
    expect(await present(ask(), 'opaque')).toBe('503 authorization_server_refused');
  });

  it.each([
    ['no JSON', '{"active":true'],
    ['a text', '"active"'],
    ['no active', '{"client_id":"c"}'],
    ['a member twice', '{"active":false,"active":true}'],
    ['nothing', ''],
  ])('%s: 503', async (_what, body) => {
    issuer().pages.set('/introspect', { type: 'application/json', body });
    expect(await present(ask(), 'opaque')).toBe('503 authorization_server_answer_malformed');
  });

  it('more than is read: 503', async () => {
    say({ pad: 'x'.repeat(300_000) });
    expect(await present(ask(), 'opaque')).toBe('503 authorization_server_unreachable');
  });

  it('of many who show one token at once, one asks', async () => {
    say({});
    const api = ask({ cacheSeconds: 60 });
    const all = await Promise.all(Array.from({ length: 50 }, () => present(api, 'opaque')));
    expect(new Set(all)).toEqual(new Set(['admitted']));
    expect(await present(api, 'opaque')).toBe('admitted');
    expect(questions()).toBe(1);
  });
});

describe('RFC 9701 §5 a signed answer', () => {
  const answer = (claims: Members = {}, header: Members = {}, key = issuer().key): void => {
    const body = signJwt(
      { typ: 'token-introspection+jwt', alg: 'ES256', kid: key.kid, ...header },
      {
        iss: issuer().url,
        aud: 'api',
        iat: nowSeconds(),
        token_introspection: { active: true, aud: AUDIENCE, client_id: 'c' },
        ...claims,
      },
      key,
    );
    issuer().pages.set('/introspect', { type: 'application/token-introspection+jwt', body });
  };

  it('is asked for and verified', async () => {
    answer();
    expect(await present(ask({ signed: true }), 'opaque')).toBe('admitted');
    answer({ token_introspection: { active: false } });
    expect(await present(ask({ signed: true }), 'opaque')).toBe('401 token_inactive');
  });

  it('by another key, of another issuer, for another asker, or old, is none', async () => {
    const forged = newKey();
    const wrong: readonly (() => void)[] = [
      () => answer({}, { kid: issuer().key.kid }, forged),
      () => answer({ iss: 'https://x.example' }),
      () => answer({ aud: 'another' }),
      () => answer({ iat: nowSeconds() - 200 }),
      () => answer({ iat: nowSeconds() + 200 }),
      () => answer({ token_introspection: undefined }),
      () => answer({}, { typ: 'at+jwt' }),
      () => answer({}, { alg: 'none' }),
      () => say({}),
    ];
    for (const prepare of wrong) {
      prepare();
      expect(await present(ask({ signed: true }), 'opaque')).toBe(
        '503 authorization_server_answer_malformed',
      );
    }
  });

  it('§8.1 is no access token', async () => {
    answer();
    const page = issuer().pages.get('/introspect');
    const token = typeof page === 'object' ? page.body : '';
    expect(await present(openApi(), token)).toBe('401 token_type_wrong');
  });
});
