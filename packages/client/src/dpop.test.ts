import { createHash, generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { decodeJwt, decodeProtectedHeader, EmbeddedJWK, type JWK, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../test/authorization-server.ts';
import { privateKeyJwt } from './authentication/private-key-jwt.ts';
import { type Dpop, dpop, dpopKey } from './dpop.ts';
import { requestToken } from './request-token.ts';

/* Shows RFC 9449 §4, §4.2, §5, §7.1, §8, §8.1 and §8.2. */

type Seen = { readonly proof: string; readonly authorization: string; readonly assertion: string };

let listening: Listening;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let seen: Seen[] = [];
let prover: Dpop;

const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  format: 'jwk',
}) as JWK;

beforeAll(async () => {
  listening = await listen((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({
        proof: String(request.headers['dpop']),
        authorization: String(request.headers.authorization),
        assertion: new URLSearchParams(body).get('client_assertion') ?? '',
      });
      answer(request, response);
    });
  });
});
afterAll(() => listening.close());
beforeEach(async () => {
  seen = [];
  prover = await dpop(await dpopKey());
});

const json = (
  response: ServerResponse,
  status: number,
  value: object,
  headers: Record<string, string> = {},
) =>
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify(value));

const GRANTED = { access_token: 'at', token_type: 'DPoP', expires_in: 60, scope: 'read' };

const ask = (more: object = {}) =>
  requestToken({
    server: { issuer: listening.url, token_endpoint: `${listening.url}/token?x=1` },
    clientId: 'c',
    authenticate: privateKeyJwt({ key: KEY }),
    dpop: prover,
    ...more,
  });

const claims = (index: number) => decodeJwt(seen[index]?.proof ?? '');

describe('§4.2 a proof', () => {
  it('names method and address without query and fragment, and is signed by the key in it', async () => {
    const proof = await prover.prove({ method: 'GET', address: 'https://API.example:443/a?b#c' });
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK);
    expect(protectedHeader).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256' });
    expect(Object.keys(protectedHeader.jwk ?? {}).toSorted()).toEqual(['crv', 'kty', 'x', 'y']);
    expect(payload).toMatchObject({ htm: 'GET', htu: 'https://api.example/a' });
    expect(payload['ath']).toBeUndefined();
    expect(payload.jti).toMatch(/^[\w-]{32}$/);
  });

  it('§7.1 beside a token has its hash', async () => {
    const address = 'https://api.example/';
    const { ath } = decodeJwt(await prover.prove({ method: 'GET', address, accessToken: 'at' }));
    expect(ath).toBe(createHash('sha256').update('at').digest('base64url'));
  });

  it('of a key that was kept is of the same thumbprint, and shows the public half alone', async () => {
    const kept = await dpop(await dpopKey(KEY));
    expect(kept.thumbprint).toBe((await dpop(await dpopKey(KEY))).thumbprint);
    const proof = await kept.prove({ method: 'GET', address: 'https://api.example/' });
    expect(decodeProtectedHeader(proof).jwk).not.toHaveProperty('d');
    const { d: _, ...half } = KEY;
    await expect(dpopKey(half)).rejects.toThrow('not private');
  });
});

describe('§5 a token', () => {
  it.each(['DPoP', 'dpop', 'DPOP'])('of the type %s is one that is bound', async (type) => {
    answer = (_, response) => json(response, 200, { ...GRANTED, token_type: type });
    expect(await ask()).toMatchObject({ accessToken: 'at', tokenType: 'DPoP' });
    expect(claims(0)).toMatchObject({ htm: 'POST', htu: `${listening.url}/token` });
  });

  it('that is not bound is not used when it was to be, nor the other way round', async () => {
    answer = (_, response) => json(response, 200, { ...GRANTED, token_type: 'Bearer' });
    await expect(ask()).rejects.toThrow('token_type');
    answer = (_, response) => json(response, 200, GRANTED);
    await expect(ask({ dpop: undefined })).rejects.toThrow('token_type');
  });
});

describe('§8 a nonce that the authorization server wants', () => {
  const wanting = (nonce: string) => (request: IncomingMessage, response: ServerResponse) => {
    const given = decodeJwt(String(request.headers['dpop']))['nonce'];
    if (given === nonce) json(response, 200, GRANTED, { 'dpop-nonce': 'next' });
    else json(response, 400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': nonce });
  };

  it('comes with the second attempt, which has a new proof and a new assertion', async () => {
    answer = wanting('n1');
    expect(await ask()).toMatchObject({ accessToken: 'at' });
    expect(seen).toHaveLength(2);
    expect([claims(0)['nonce'], claims(1)['nonce']]).toEqual([undefined, 'n1']);
    expect(claims(0).jti).not.toBe(claims(1).jti);
    expect(decodeJwt(seen[0]?.assertion ?? '').jti).not.toBe(
      decodeJwt(seen[1]?.assertion ?? '').jti,
    );
  });

  it('§8.2 is remembered, and the newest one counts', async () => {
    answer = wanting('n1');
    await ask();
    answer = wanting('next');
    await ask();
    expect(seen).toHaveLength(3);
    expect(claims(2)['nonce']).toBe('next');
  });

  it('is asked for once: a server that goes on is refused', async () => {
    answer = (_, response) =>
      json(response, 400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': `n${seen.length}` });
    await expect(ask()).rejects.toMatchObject({ error: 'use_dpop_nonce' });
    expect(seen).toHaveLength(2);
  });

  it.each(['', 'a"b', 'ä', 'x'.repeat(513)])('§8.1 %j is none', async (nonce) => {
    prover.remember('https://api.example', nonce);
    const proof = await prover.prove({ method: 'GET', address: 'https://api.example/' });
    expect(decodeJwt(proof)['nonce']).toBeUndefined();
  });

  it('of one origin is not shown to another, and few are held', async () => {
    for (let i = 0; i < 150; i++) prover.remember(`https://a${i}.example`, 'n');
    const nonceAt = async (address: string) =>
      decodeJwt(await prover.prove({ method: 'GET', address }))['nonce'];
    expect(await nonceAt('https://b.example/')).toBeUndefined();
    expect(await nonceAt('https://a0.example/')).toBeUndefined();
    expect(await nonceAt('https://a149.example/')).toBe('n');
  });
});
