import { describe, expect, it } from 'vitest';
import { json, type Members, newKey, nowSeconds } from '../test/issuer.ts';
import { issuerOfEachTest, present } from '../test/open-api.ts';
import { resourceServer as onNode } from './node.ts';
import type { ResourceServerOptions } from './options.ts';
import { resourceServer as onTheWeb } from './web.ts';

/* Shows RFC 6750 §3.1, RFC 8725 §3.1, §3.8, §3.11 and RFC 7519 §4.1.4, §4.1.5, §4.1.6. */

const { issuer, openApi } = issuerOfEachTest();

const PLATFORMS = [
  ['node', onNode],
  ['web', onTheWeb],
] as const;

describe.each(PLATFORMS)('RFC 9068 §4 on %s', (_platform, resourceServer) => {
  it('a token of the issuer for this API is admitted, with what it says', async () => {
    const api = openApi({}, resourceServer);
    const detail = { type: 'account', actions: ['read'] };
    const token = issuer().sign({ authorization_details: [detail], extra: 1 });
    for (let time = 0; time < 2; time++)
      expect(
        await api.admit({
          method: 'GET',
          url: '/orders/1',
          headers: new Headers({ authorization: `Bearer ${token}` }),
        }),
      ).toMatchObject({
        ok: true,
        value: {
          validatedBy: 'signature',
          issuer: issuer().url,
          clientId: 'client-1',
          subject: 'client-1',
          subjectIsClient: true,
          scope: ['read', 'write'],
          audience: ['https://api.example/orders'],
          authorizationDetails: [detail],
          claims: { extra: 1 },
          confirmation: undefined,
          responseHeaders: {},
        },
      });
    expect(issuer().asked).toEqual(['/.well-known/oauth-authorization-server', '/jwks']);
  });

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/AT+JWT'])(
    'typ %s is an access token',
    async (typ) => {
      const api = openApi({}, resourceServer);
      expect(await present(api, issuer().sign({}, { typ }))).toBe('admitted');
    },
  );

  it.each([
    undefined,
    'JWT',
    'id',
    'dpop+jwt',
    'token-introspection+jwt',
    'statuslist+jwt',
    'at+jwt;x',
    7,
  ])('typ %j is none', async (typ) => {
    const api = openApi({}, resourceServer);
    expect(await present(api, issuer().sign({}, { typ }))).toBe('401 token_type_wrong');
  });

  it('a signature by another key, or over another text, is refused', async () => {
    const api = openApi({}, resourceServer);
    const { kid } = issuer().key;
    expect(await present(api, issuer().sign({}, { kid }, newKey()))).toBe('401 signature_wrong');
    const [header, , signature] = issuer().sign().split('.');
    const [, claims] = issuer().sign({ scope: 'admin' }).split('.');
    expect(await present(api, `${header}.${claims}.${signature}`)).toBe('401 signature_wrong');
  });
});

describe('RFC 8725 §3.1 the algorithm', () => {
  it.each(['none', 'nOnE', 'HS256', 'RS256', 'ES384', null, ''])(
    '%j is not one for this key',
    async (alg) => {
      const api = openApi();
      expect(await present(api, issuer().sign({}, { alg }))).toMatch(
        /^401 (token_algorithm_not_allowed|token_not_jwt|key_unknown)$/,
      );
    },
  );

  it('is one of those that the API chose', async () => {
    expect(await present(openApi({ algorithms: ['PS256'] }), issuer().sign())).toBe(
      '401 token_algorithm_not_allowed',
    );
  });
});

describe('RFC 9068 §4 the claims', () => {
  const wrong: readonly (readonly [Members, string])[] = [
    [{ iss: 'https://other.example' }, 'token_of_another_issuer'],
    [{ iss: undefined }, 'claim_missing'],
    [{ aud: 'https://api.example' }, 'token_for_another_audience'],
    [{ aud: [] }, 'claim_malformed'],
    [{ aud: undefined }, 'claim_missing'],
    [{ exp: undefined }, 'claim_missing'],
    [{ exp: nowSeconds() - 40 }, 'token_expired'],
    [{ exp: 'x' }, 'claim_malformed'],
    [{ nbf: nowSeconds() + 100 }, 'token_not_yet_valid'],
    [{ iat: nowSeconds() + 100 }, 'token_issued_in_future'],
    [{ iat: undefined }, 'claim_missing'],
    [{ sub: undefined }, 'claim_missing'],
    [{ sub: '' }, 'claim_malformed'],
    [{ client_id: undefined }, 'claim_missing'],
    [{ client_id: ['a'] }, 'claim_malformed'],
    [{ jti: undefined }, 'claim_missing'],
    [{ scope: ['read'] }, 'claim_malformed'],
    [{ scope: 'a  b' }, 'claim_malformed'],
    [{ authorization_details: 'x' }, 'claim_malformed'],
    [{ act: 'x' }, 'claim_malformed'],
  ];
  it.each(wrong)('%j: %s', async (claims, reason) => {
    expect(await present(openApi(), issuer().sign(claims))).toBe(`401 ${reason}`);
  });

  it.each<Members>([
    { aud: ['https://x.example', 'https://api.example/orders'] },
    { exp: nowSeconds() - 10 },
    { nbf: nowSeconds() + 10, iat: nowSeconds() + 10 },
    { scope: undefined },
  ])('%j is as good', async (claims) => {
    expect(await present(openApi(), issuer().sign(claims))).toBe('admitted');
  });

  it('an issuer with a slash more is another', async () => {
    expect(await present(openApi(), issuer().sign({ iss: `${issuer().url}/` }))).toBe(
      '401 token_of_another_issuer',
    );
    expect(issuer().asked).toEqual([]);
  });

  it('a token seen before ends when its time is over', async () => {
    let now = Date.now();
    const api = openApi({ clock: () => now });
    const token = issuer().sign();
    expect(await present(api, token)).toBe('admitted');
    now += 629_000;
    expect(await present(api, token)).toBe('admitted');
    now += 2_000;
    expect(await present(api, token)).toBe('401 token_expired');
  });

  it('a token seen before is judged anew for what each request needs', async () => {
    const api = openApi();
    const token = issuer().sign({ scope: 'read' });
    expect(await present(api, token, { scope: 'read' })).toBe('admitted');
    expect(await present(api, token, { scope: 'write' })).toBe('403 scope_insufficient');
    expect(await present(api, token, { boundTo: 'any' })).toBe('401 token_not_bound');
    expect(await present(api, token, {}, { url: '/?access_token=x' })).toBe('400 token_repeated');
    const headers = { authorization: `DPoP ${token}` };
    expect(await present(api, token, {}, { headers })).toBe('401 token_not_bound');
    expect(await present(api, token, { scope: 'read' })).toBe('admitted');
  });

  it('what is like a token seen before is another', async () => {
    const api = openApi();
    const token = issuer().sign();
    expect(await present(api, token)).toBe('admitted');
    const [header, claims, signature = ''] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ scope: 'admin' })).toString('base64url');
    expect(await present(api, `${header}.${forged}.${signature}`)).toBe('401 claim_missing');
    expect(await present(api, `${token}=`)).toBe('401 token_not_jwt');
    expect(await present(api, `${token}, Bearer x`)).toBe('400 authorization_repeated');
    expect(await present(api, `${token} x`)).toBe('400 token_malformed');
    expect(await present(api, `${header}.${claims}`)).toBe('401 token_not_jwt');
  });

  it('RFC 6750 §3 who has no token is told which scopes are required', async () => {
    const api = openApi({ require: { scope: 'api' }, dpop: false });
    const without = { method: 'GET', url: '/', headers: {} };
    expect(await api.admit(without, { scope: 'read' })).toMatchObject({
      refusal: { status: 401, headers: { 'www-authenticate': 'Bearer scope="api read"' } },
    });
    await expect(api.admit(without, { scope: '"' })).rejects.toThrow(TypeError);
  });

  it('a client that acts for another is told from one that acts for itself', async () => {
    const api = openApi();
    const ofUser = issuer().sign({ sub: 'user-1', act: { sub: 'client-1' } });
    expect(await present(api, ofUser, { subject: 'client' })).toBe('403 subject_not_allowed');
    expect(await present(api, ofUser, { subject: 'other' })).toBe('admitted');
    expect(await present(api, issuer().sign(), { subject: 'client' })).toBe('admitted');
    expect(await present(api, issuer().sign(), { subject: 'other' })).toBe(
      '403 subject_not_allowed',
    );
  });
});

describe('RFC 8414 §3 the keys', () => {
  it('are fetched once, however many tokens come at once', async () => {
    const api = openApi();
    const tokens = Array.from({ length: 20 }, () => issuer().sign());
    const all = await Promise.all(tokens.map((token) => present(api, token)));
    expect(new Set(all)).toEqual(new Set(['admitted']));
    expect(issuer().asked).toHaveLength(2);
  });

  it('a key that is not known is looked for once, and again after the cool-down', async () => {
    let now = Date.now();
    const api = openApi({ clock: () => now });
    expect(await present(api, issuer().sign())).toBe('admitted');
    issuer().asked.length = 0;
    for (let time = 0; time < 5; time++)
      expect(await present(api, issuer().sign({}, {}, newKey()))).toBe('401 key_unknown');
    expect(issuer().asked).toHaveLength(0);
    now += 11_000;
    issuer().rotate();
    expect(await present(api, issuer().sign())).toBe('admitted');
    expect(issuer().asked).toEqual(['/jwks']);
    for (let time = 0; time < 5; time++)
      expect(await present(api, issuer().sign({}, {}, newKey()))).toBe('401 key_unknown');
    expect(issuer().asked).toEqual(['/jwks']);
  });

  it('a key that is no longer published takes the tokens with it that were seen before', async () => {
    let now = Date.now();
    const api = openApi({ clock: () => now });
    const token = issuer().sign({ exp: nowSeconds() + 9000 });
    expect(await present(api, token)).toBe('admitted');
    issuer().rotate();
    expect(await present(api, token)).toBe('admitted');
    now += 301_000;
    await present(api, token);
    await expect.poll(() => issuer().asked.filter((path) => path === '/jwks').length).toBe(2);
    await expect.poll(() => present(api, token)).toBe('401 key_unknown');
  });

  it('serve through an outage, but not for ever', async () => {
    let now = Date.now();
    const api = openApi({ clock: () => now, keys: { usableSeconds: 3600 } });
    const token = issuer().sign({ exp: nowSeconds() + 90_000 });
    expect(await present(api, token)).toBe('admitted');
    issuer().up = false;
    now += 3_500_000;
    expect(await present(api, token)).toBe('admitted');
    expect(await present(api, issuer().sign())).toBe('401 token_expired');
    now += 200_000;
    expect(await present(api, token)).toBe('503 authorization_server_unreachable');
    issuer().up = true;
    now += 2_000;
    expect(await present(api, token)).toBe('admitted');
  });

  it('that can not be had at the start are 503, and are asked for again a second later', async () => {
    let now = Date.now();
    issuer().up = false;
    const api = openApi({ clock: () => now });
    await expect(api.ready()).rejects.toThrow('can not be reached');
    const all = await Promise.all([1, 2, 3].map(() => present(api, issuer().sign())));
    expect(new Set(all)).toEqual(new Set(['503 authorization_server_unreachable']));
    issuer().up = true;
    expect(await present(api, issuer().sign())).toBe('503 authorization_server_unreachable');
    now += 1_000;
    expect(await present(api, issuer().sign())).toBe('admitted');
    await api.ready();
  });

  const NO_KEYS: readonly (readonly [string, () => unknown])[] = [
    ['another issuer', () => ({ issuer: 'https://x.example', jwks_uri: `${issuer().url}/jwks` })],
    ['no jwks_uri', () => ({ issuer: issuer().url })],
    ['plain http', () => ({ issuer: issuer().url, jwks_uri: 'http://x.example/jwks' })],
    ['no keys there', () => ({ issuer: issuer().url, jwks_uri: `${issuer().url}/nowhere` })],
    ['too many keys', () => ({ issuer: issuer().url, jwks_uri: `${issuer().url}/large` })],
  ];
  it.each(NO_KEYS)('metadata with %s give none', async (_what, document) => {
    issuer().pages.set('/.well-known/oauth-authorization-server', json(document()));
    const pad = 'x'.repeat(300_000);
    issuer().pages.set('/large', json({ keys: [issuer().key.jwk], pad }));
    const told: string[] = [];
    const api = openApi({ onUnavailable: ({ message }) => told.push(message) });
    expect(await present(api, issuer().sign())).toMatch(/^503 authorization_server_/);
    expect(told).not.toHaveLength(0);
  });

  it('no answer in time is none', async () => {
    const never = () => new Promise<Response>((_resolve, reject) => void reject);
    const api = openApi({
      timeoutSeconds: 0.05,
      fetch: (_address, { signal }) =>
        Promise.race([
          never(),
          new Promise<Response>((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(new Error('aborted')));
          }),
        ]),
    });
    expect(await present(api, issuer().sign())).toBe('503 authorization_server_unreachable');
  });
});

describe('options that can never work are told at once', () => {
  it.each<Partial<ResourceServerOptions>>([
    { issuer: 'http://a.example' },
    { issuer: 'https://a.example?x' },
    { endpoints: { jwksUri: 'http://a.example/jwks' } },
    { audience: [] },
    { audience: '' },
    { audience: [undefined as unknown as string] },
    { algorithms: [] },
    { algorithms: ['HS256' as 'ES256'] },
    { clockTolerance: 61 },
    { clockTolerance: -1 },
    { require: { scope: 'a  b' } },
    { require: { anyScope: ['a b'] } },
    { require: { anyScope: [] } },
    { keys: { usableSeconds: -1 } },
    { status: { pollSeconds: -1 } },
    { status: { whenUnavailable: { staleFor: Number.POSITIVE_INFINITY } } },
    { introspection: { clientId: 'c', clientSecret: 's', cacheSeconds: Number.NaN } },
    { audience: 'urn:api', dpop: {} },
    { publicUrl: 'api.example' },
    { dpop: { nonces: true, nonceSecret: new Uint8Array(16) } },
    { introspection: { clientId: 'c' } },
    { introspection: { clientId: 'c', clientSecret: 's', authenticate: () => NOTHING } },
    { audience: 'urn:api', resource: {} },
  ])('%j', (more) => {
    expect(() => openApi(more)).toThrow(TypeError);
  });
});

const NOTHING = { headers: {}, parameters: {} };
