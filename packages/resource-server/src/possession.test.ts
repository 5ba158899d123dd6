import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Members, newKey, nowSeconds, proveFor, thumbprintOf } from '../test/issuer.ts';
import { issuerOfEachTest, present } from '../test/open-api.ts';
import { resourceServer as onNode } from './node.ts';
import type { PresentedRequest } from './presented-request.ts';
import type { ResourceServer } from './resource-server.ts';
import { resourceServer as onTheWeb } from './web.ts';

/* Shows RFC 9449 §4.3, §7.2, §11.1 and RFC 7800 §3. */

const { issuer, openApi } = issuerOfEachTest();
const key = newKey();
const bound = (more: Members = {}): string =>
  issuer().sign({ cnf: { jkt: thumbprintOf(key) }, ...more });

const withProof = (token: string, ...proofs: readonly string[]): Partial<PresentedRequest> => ({
  headers: { authorization: `DPoP ${token}`, dpop: proofs },
});

const prove = (api: ResourceServer, token: string, claims: Members = {}, header: Members = {}) =>
  present(api, token, undefined, withProof(token, proveFor(key, token, claims, header)));

describe.each([
  ['node', onNode],
  ['web', onTheWeb],
] as const)('RFC 9449 §7.1 on %s', (_platform, resourceServer) => {
  it('a bound token is admitted with a proof of its key for this request', async () => {
    const api = openApi({}, resourceServer);
    const token = bound();
    expect(await prove(api, token)).toBe('admitted');
    expect(await prove(api, token, { htu: 'HTTPS://API.example:443/orders/1' })).toBe('admitted');
  });

  const wrong: readonly (readonly [Members, Members, string])[] = [
    [{ htm: 'POST' }, {}, 'proof_method_wrong'],
    [{ htm: 'get' }, {}, 'proof_method_wrong'],
    [{ htu: 'https://api.example/orders/2' }, {}, 'proof_target_wrong'],
    [{ htu: 'https://evil.example/orders/1' }, {}, 'proof_target_wrong'],
    [{ htu: undefined }, {}, 'proof_malformed'],
    [{ ath: undefined }, {}, 'proof_hash_wrong'],
    [{ ath: createHash('sha256').update('x').digest('base64url') }, {}, 'proof_hash_wrong'],
    [{ iat: nowSeconds() - 100 }, {}, 'proof_not_fresh'],
    [{ iat: nowSeconds() + 100 }, {}, 'proof_not_fresh'],
    [{ jti: undefined }, {}, 'proof_malformed'],
    [{ jti: 'x'.repeat(300) }, {}, 'proof_malformed'],
    [{}, { typ: 'JWT' }, 'proof_type_wrong'],
    [{}, { alg: 'none' }, 'proof_algorithm_unsupported'],
    [{}, { alg: 'HS256' }, 'proof_algorithm_unsupported'],
    [{}, { jwk: newKey().jwk }, 'proof_key_wrong'],
    [{}, { jwk: key.privateKey.export({ format: 'jwk' }) }, 'proof_key_private'],
  ];
  it.each(wrong)('a proof with %j and %j is none', async (claims, header, reason) => {
    expect(await prove(openApi({}, resourceServer), bound(), claims, header)).toBe(`401 ${reason}`);
  });

  it('a proof of another key is for another token', async () => {
    const token = bound();
    const api = openApi({}, resourceServer);
    const proof = proveFor(newKey(), token);
    expect(await present(api, token, undefined, withProof(token, proof))).toBe(
      '401 proof_key_wrong',
    );
  });

  it('a proof whose signature is of another text is none', async () => {
    const token = bound();
    const [header, claims] = proveFor(key, token).split('.');
    const [, , signature] = proveFor(key, token).split('.');
    const proof = `${header}.${claims}.${signature}`;
    const api = openApi({}, resourceServer);
    expect(await present(api, token, undefined, withProof(token, proof))).toBe(
      '401 proof_signature_wrong',
    );
  });

  it('§9 with nonces a proof needs the one that the API gave, and is told the next', async () => {
    let now = Date.now();
    const api = openApi({ dpop: { nonces: true }, clock: () => now }, resourceServer);
    const token = bound();
    const admit = (nonce?: string) =>
      api.admit({
        method: 'GET',
        url: '/orders/1',
        ...withProof(token, proveFor(key, token, { nonce, iat: Math.floor(now / 1000) })),
      } as PresentedRequest);
    const first = await admit();
    if (first.ok) throw new Error('admitted without a nonce');
    expect(first.refusal.headers['www-authenticate']).toContain('error="use_dpop_nonce"');
    const nonce = first.refusal.headers['dpop-nonce'] ?? '';
    expect(await admit(nonce)).toMatchObject({ ok: true, value: { responseHeaders: {} } });
    expect(await admit(`${nonce}x`)).toMatchObject({
      ok: false,
      refusal: { cause: { reason: 'proof_nonce_wrong' }, headers: { 'dpop-nonce': nonce } },
    });
    now += 125_000;
    const later = await admit(nonce);
    expect(later).toMatchObject({ ok: true });
    expect(later.ok && later.value.responseHeaders['dpop-nonce']).toMatch(/^[\w-]{43}$/);
    expect(later.ok && later.value.responseHeaders['dpop-nonce']).not.toBe(nonce);
    now += 250_000;
    expect(await admit(nonce)).toMatchObject({
      refusal: { cause: { reason: 'proof_nonce_wrong' } },
    });
  });

  it('RFC 8705 §3 a token with x5t#S256 is admitted over the connection of its certificate', async () => {
    const certificate = randomBytes(300);
    const thumbprint = createHash('sha256').update(certificate).digest('base64url');
    const token = issuer().sign({ cnf: { 'x5t#S256': thumbprint } });
    const api = openApi({}, resourceServer);
    const over = (der: Uint8Array | undefined) =>
      present(api, token, undefined, { peerCertificate: () => der });
    expect(await over(certificate)).toBe('admitted');
    expect(await over(randomBytes(300))).toBe('401 certificate_wrong');
    expect(await over(undefined)).toBe('401 certificate_missing');
    expect(await present(api, token)).toBe('401 certificate_missing');
  });
});

describe('RFC 9449 §11.1', () => {
  it('a proof is used once, also of many at once', async () => {
    const api = openApi();
    const token = bound();
    const proof = proveFor(key, token);
    const all = await Promise.all(
      Array.from({ length: 10 }, () => present(api, token, undefined, withProof(token, proof))),
    );
    expect(all.filter((one) => one === 'admitted')).toHaveLength(1);
    expect(all.filter((one) => one === '401 proof_replayed')).toHaveLength(9);
  });

  it('a proof that is refused for want of a nonce or a scope is not used up by strangers', async () => {
    const spent: string[] = [];
    const replays = { spend: (id: string) => spent.push(id) > 0 };
    const api = openApi({ dpop: { replays } });
    const token = bound();
    await prove(api, token, { htm: 'POST' });
    await present(api, 'x.y.z', undefined, withProof('x.y.z', proveFor(key, 'x.y.z')));
    await prove(api, issuer().sign({ cnf: { jkt: thumbprintOf(newKey()) } }));
    expect(spent).toEqual([]);
    await prove(api, token);
    expect(spent).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
  });

  it('a store that can not tell is 503', async () => {
    const replays = { spend: () => Promise.reject(new Error('away')) };
    expect(await prove(openApi({ dpop: { replays } }), bound())).toBe('503 replays_unavailable');
  });
});

describe('RFC 9449 §7.2', () => {
  it('a bound token is no bearer token, with a proof or without', async () => {
    const api = openApi();
    const token = bound();
    expect(await present(api, token)).toBe('401 bound_token_as_bearer');
    const headers = { authorization: `Bearer ${token}`, dpop: proveFor(key, token) };
    expect(await present(api, token, undefined, { headers })).toBe('401 bound_token_as_bearer');
  });

  it('a token without a key is no DPoP token', async () => {
    expect(await prove(openApi(), issuer().sign())).toBe('401 token_not_bound');
  });

  it('no proof, or more than one, is none', async () => {
    const api = openApi();
    const token = bound();
    const proof = proveFor(key, token);
    const other = proveFor(key, token);
    expect(await present(api, token, undefined, withProof(token))).toBe('401 proof_missing');
    for (const proofs of [[proof, other], [`${proof}, ${other}`], [`${proof},${other}`]])
      expect(await present(api, token, undefined, withProof(token, ...proofs))).toBe(
        '401 proof_repeated',
      );
  });

  it('an API without proofs takes no bound token and offers none', async () => {
    const api = openApi({ dpop: false });
    expect(await prove(api, bound())).toBe('401 confirmation_unsupported');
    expect(await api.admit({ method: 'GET', url: '/', headers: {} })).toMatchObject({
      refusal: { headers: { 'www-authenticate': 'Bearer' } },
    });
  });

  it('an API may want every token bound', async () => {
    const api = openApi({ require: { boundTo: 'any' } });
    expect(await present(api, issuer().sign())).toBe('401 token_not_bound');
    expect(await prove(api, bound())).toBe('admitted');
    expect(await prove(openApi({ require: { boundTo: 'certificate' } }), bound())).toBe(
      '401 token_not_bound',
    );
  });
});

describe('RFC 9449 §4.3 the address of the request', () => {
  const at = (api: ResourceServer, url: string, htu: string) => {
    const token = bound();
    const proof = proveFor(key, token, { htu });
    return present(api, token, undefined, { url, ...withProof(token, proof) });
  };

  it.each([
    ['https://api.example/v1', '/orders/1', 'https://api.example/v1/orders/1'],
    ['https://api.example/v1/', '/orders/1?x=1', 'https://api.example/v1/orders/1'],
    ['https://api.example', 'http://internal:8080/orders', 'https://api.example/orders'],
    ['https://api.example', '/', 'https://api.example/'],
    ['https://api.example', '/a%7Eb', 'https://api.example/a~b'],
  ])('is below %s, whatever %s says of it', async (publicUrl, url, htu) => {
    expect(await at(openApi({ publicUrl }), url, htu)).toBe('admitted');
  });

  it('is never what the caller says of the host', async () => {
    const url = 'https://evil.example/orders/1';
    expect(await at(openApi(), url, url)).toBe('401 proof_target_wrong');
  });

  it('may be found by a function', async () => {
    const api = openApi({
      publicUrl: ({ url }) => url.replace(/^\/internal/, 'https://a.example'),
    });
    expect(await at(api, '/internal/1', 'https://a.example/1')).toBe('admitted');
    expect(await at(openApi({ publicUrl: () => undefined }), '/1', 'https://a.example/1')).toBe(
      '401 proof_target_wrong',
    );
  });
});

describe('RFC 7800 §3.1 a confirmation that can not be checked here', () => {
  const jkt = thumbprintOf(key);
  it.each<Members>([
    { cnf: { jwk: key.jwk } },
    { cnf: { kid: 'x' } },
    { cnf: {} },
    { cnf: null },
    { cnf: 'x' },
    { cnf: [] },
    { cnf: { jkt: jkt.slice(1) } },
    { cnf: { jkt: `${jkt}=` } },
    { cnf: { jkt: 7 } },
    { cnf: { jkt: null } },
    { cnf: { 'x5t#S256': 'x' } },
    { cnf: { jkt, 'x5t#S256': null } },
  ])('%j is never taken for none', async (claims) => {
    expect(await present(openApi(), issuer().sign(claims))).toBe('401 confirmation_unsupported');
  });

  it('a token with two keys needs both', async () => {
    const certificate = randomBytes(100);
    const thumbprint = createHash('sha256').update(certificate).digest('base64url');
    const token = bound({ cnf: { jkt, 'x5t#S256': thumbprint } });
    const api = openApi();
    expect(await prove(api, token)).toBe('401 certificate_missing');
    const peerCertificate = () => certificate;
    expect(await present(api, token, undefined, { peerCertificate })).toBe(
      '401 bound_token_as_bearer',
    );
    const whole = { ...withProof(token, proveFor(key, token)), peerCertificate };
    expect(await present(api, token, undefined, whole)).toBe('admitted');
  });
});
