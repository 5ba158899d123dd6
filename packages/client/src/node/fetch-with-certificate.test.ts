import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueAuthority, issueLeaf } from '../../../server/test/certificates.ts';
import { clientCertificate } from '../authentication/client-certificate.ts';
import { requestToken } from '../request-token.ts';
import { fetchWithCertificate } from './fetch-with-certificate.ts';

const authority = issueAuthority('TLS');
const client = issueLeaf(authority, { subject: [['CN', 'shown']] });
const renewed = issueLeaf(authority, { subject: [['CN', 'renewed']] });
const host = issueLeaf(authority, { dnsNames: ['localhost'], usages: ['serverAuth'] });
const shown = { cert: client.pem, key: client.keyPem, ca: authority.pem };

let server: Server;
let address: string;
let connections = 0;

beforeAll(async () => {
  const options = { key: host.keyPem, cert: host.pem, ca: authority.pem, requestCert: true };
  server = createServer({ ...options, rejectUnauthorized: true }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      if (request.url === '/empty') return response.writeHead(204).end();
      if (request.url === '/moved') return response.writeHead(302, { location: '/' }).end();
      if (request.url === '/strange') return response.writeHead(999).end();
      if (request.url === '/half')
        return response.writeHead(200).write('half', () => request.socket.destroy());
      const type = request.headers['content-type'];
      response.writeHead(200, { 'content-type': 'application/json', 'x-two': ['a', 'b'] }).end(
        JSON.stringify({
          ...(request.url === '/token'
            ? { access_token: subject.CN, token_type: 'Bearer', expires_in: 60, body }
            : { subject: { ...subject }, body, method: request.method, type }),
        }),
      );
      return undefined;
    });
  });
  server.on('secureConnection', () => connections++);
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
  address = `https://localhost:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const told = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe('RFC 8705 §2 a connection that shows a certificate', () => {
  it('believes no server that nobody answers for', async () => {
    const { ca: _, ...alone } = shown;
    await expect(fetchWithCertificate(alone)(address, {})).rejects.toThrow(/certificate/);
  });

  it('carries the request and the answer as they are', async () => {
    const fetch = fetchWithCertificate(shown);
    const answer = await fetch(address, { method: 'POST', body: 'a=b', headers: { accept: 'x' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-two')).toBe('a, b');
    expect(await told(answer)).toEqual({ subject: { CN: 'shown' }, body: 'a=b', method: 'POST' });
    expect((await fetch(`${address}empty`, {})).status).toBe(204);
    expect((await fetch(`${address}moved`, { redirect: 'follow' })).status).toBe(302);
  });

  it('RFC 9110 §15 rejects for a status that is none, and goes on', async () => {
    const fetch = fetchWithCertificate(shown);
    await expect(fetch(`${address}strange`, {})).rejects.toThrow(RangeError);
    expect((await fetch(address, {})).status).toBe(200);
  });

  it.each([
    ['bytes', () => new TextEncoder().encode('a=b'), undefined],
    ['a form', () => new URLSearchParams({ a: 'b' }), /^application\/x-www-form-urlencoded/],
    ['a blob', () => new Blob(['a=b'], { type: 'text/x' }), /^text\/x/],
    ['a stream', () => new Blob(['a=b']).stream(), undefined],
  ])('carries %s', async (_, body, type) => {
    const answer = await fetchWithCertificate(shown)(address, { method: 'PUT', body: body() });
    const { body: arrived, type: told_ } = await told(answer);
    expect(arrived).toBe('a=b');
    if (type === undefined) expect(told_).toBeUndefined();
    else expect(told_).toMatch(type);
  });

  it('is kept for the next request, and made anew when the certificate is', async () => {
    let now = shown;
    const fetch = fetchWithCertificate(async () => now);
    await told(await fetch(address, {}));
    const before = connections;
    for (let times = 0; times < 5; times++) await told(await fetch(address, {}));
    expect(connections).toBe(before);
    now = { ...shown, cert: renewed.pem, key: renewed.keyPem };
    expect(await told(await fetch(address, {}))).toMatchObject({ subject: { CN: 'renewed' } });
    expect(connections).toBe(before + 1);
  });

  it('ends when the caller gives up, and breaks when the server does', async () => {
    const fetch = fetchWithCertificate(shown);
    await expect(fetch(address, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    await expect((await fetch(`${address}half`, {})).text()).rejects.toThrow();
  });

  it('gets a token, at the address that the server has for certificates', async () => {
    const issued = await requestToken({
      server: {
        issuer: 'https://localhost',
        token_endpoint: 'https://127.0.0.1:1/',
        mtls_endpoint_aliases: { token_endpoint: `${address}token` },
      },
      clientId: 'c',
      authenticate: clientCertificate(),
      mutualTls: true,
      fetch: fetchWithCertificate(shown),
    });
    expect(issued.accessToken).toBe('shown');
  });
});
