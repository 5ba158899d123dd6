/**
 * What it costs an API to judge a token, in processor time: this library beside one bare
 * verification, the least beside it, and others, in turn. It runs alone in a process and prints JSON.
 */
import {
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PresentedRequest, resourceServer } from '@tessera/resource-server';
import { expressjwt } from 'express-jwt';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { SdkCosts, SdkSubject } from './findings.ts';

/** Tokens of one turn, and how often each was seen before is shown again. */
const TOKENS = 500;
const SEEN_TIMES = 10;

const AUDIENCE = 'https://orders.example.com';
const NEED = { scope: 'write' };

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256' };
const jwks = { keys: [jwk] };

async function run(seconds: number, warmUpSeconds: number): Promise<SdkCosts> {
  const server = createServer((request, response) => {
    const document = request.url === '/jwks' ? jwks : { issuer, jwks_uri: `${issuer}/jwks` };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = resourceServer({ issuer, audience: AUDIENCE });
  await api.ready();

  const admit = async (request: PresentedRequest): Promise<void> => {
    const admitted = await api.admit(request, NEED);
    if (!admitted.ok) throw new Error(`refused: ${admitted.refusal.cause.reason}`);
  };
  const bare = verifier(publicKey);
  const floor = leastOf(bare);
  const keys = createLocalJWKSet(jwks);
  const options = { issuer, audience: AUDIENCE, typ: 'at+jwt', algorithms: ['ES256'] };
  const express = expressJwt(issuer);

  const costs = new Map<SdkSubject, number[]>();
  const from = performance.now() + warmUpSeconds * 1000;
  const until = from + seconds * 1000;
  do {
    const tokens = Array.from({ length: TOKENS }, () => signToken(issuer));
    const requests = tokens.map(presentedWith);
    const signed = tokens.map(splitSignature);
    const turn: Readonly<Record<SdkSubject, () => Promise<number>>> = {
      verify: () => costOfEach(signed, bare),
      floor: () => costOfEach(requests, floor),
      new: () => costOfEach(requests, admit),
      seen: () => costOfEach(Array.from({ length: SEEN_TIMES }, () => requests).flat(), admit),
      jose: () => costOfEach(tokens, (token) => jwtVerify(token, keys, options)),
      'express-jwt': () => costOfEach(requests, express),
    };
    const isWarm = performance.now() >= from;
    for (const [subject, measure] of Object.entries(turn) as [
      SdkSubject,
      () => Promise<number>,
    ][]) {
      const cost = await measure();
      if (isWarm) costs.set(subject, [...(costs.get(subject) ?? []), cost]);
    }
  } while (performance.now() < until);
  api.close();
  server.close();
  const median = (subject: SdkSubject): number => medianOf(costs.get(subject) ?? []);
  return {
    verify: median('verify'),
    floor: median('floor'),
    new: median('new'),
    seen: median('seen'),
    jose: median('jose'),
    'express-jwt': median('express-jwt'),
  };
}

function signToken(issuer: string): string {
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: 'at+jwt', alg: 'ES256', kid: jwk.kid };
  const claims = {
    iss: issuer,
    sub: 'jwtClient',
    aud: AUDIENCE,
    client_id: 'jwtClient',
    scope: 'write',
    iat: now,
    exp: now + 3600,
    jti: randomUUID(),
  };
  const input = `${encode(header)}.${encode(claims)}`;
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const presentedWith = (token: string): PresentedRequest => ({
  method: 'GET',
  url: '/orders/1',
  headers: { authorization: `Bearer ${token}` },
});

const PREFIX = 'Bearer '.length;

/** As many as the library remembers. */
const FLOOR_ENTRIES = 10_000;

/**
 * The least that anybody does who is shown a token: find its parts, see whether it was there before,
 * without keeping it, parse, verify, remember. Nothing of what it says is looked at.
 */
function leastOf(bare: (signed: Signed) => void): (request: PresentedRequest) => void {
  const seen = new Map<string, unknown>();
  const salt = randomUUID();
  return ({ headers }) => {
    const token = (headers as { readonly authorization: string }).authorization.slice(PREFIX);
    const key = hash('sha256', salt + token, 'base64url');
    if (seen.has(key)) return;
    const claims = Buffer.from(
      token.slice(token.indexOf('.') + 1, token.lastIndexOf('.')),
      'base64url',
    );
    const parsed: unknown = JSON.parse(claims.toString());
    bare(splitSignature(token));
    if (seen.size >= FLOOR_ENTRIES) seen.clear();
    seen.set(key, parsed);
  };
}

type Signed = readonly [input: Buffer, signature: Buffer];

function splitSignature(token: string): Signed {
  const at = token.lastIndexOf('.');
  return [Buffer.from(token.slice(0, at), 'latin1'), Buffer.from(token.slice(at + 1), 'base64url')];
}

function verifier(key: KeyObject): (signed: Signed) => void {
  const options = {
    key: createPublicKey({ key: key.export({ format: 'jwk' }), format: 'jwk' }),
    dsaEncoding: 'ieee-p1363',
  } as const;
  return ([input, signature]) => {
    if (!verify('sha256', input, options, signature)) throw new Error('not verified');
  };
}

/** Express's middleware without Express: what it costs to run it. */
function expressJwt(issuer: string): (request: PresentedRequest) => Promise<void> {
  const secret = publicKey.export({ format: 'pem', type: 'spki' });
  const middleware = expressjwt({ secret, algorithms: ['ES256'], issuer, audience: AUDIENCE });
  type Arguments = Parameters<typeof middleware>;
  return (request) =>
    new Promise((resolve, reject) => {
      void middleware(request as unknown as Arguments[0], {} as Arguments[1], (fault?: unknown) => {
        if (fault === undefined) resolve();
        else reject(fault instanceof Error ? fault : new Error('refused'));
      });
    });
}

/** Microseconds of processor time for one. */
async function costOfEach<T>(all: readonly T[], work: (one: T) => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (const one of all) {
    const done = work(one);
    if (done instanceof Promise) await done;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / all.length;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const [, , seconds = '8', warmUpSeconds = '3'] = process.argv;
console.log(JSON.stringify(await run(Number(seconds), Number(warmUpSeconds))));
