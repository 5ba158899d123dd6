import { once } from 'node:events';
import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { fastify } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { type Issued, issueAuthority, issueLeaf, rsaKeys } from '../../test/certificates.ts';
import { CERTIFICATE_FORMATS, type CertificateFormat } from './certificate-header.ts';
import { type CertificateSource, certificateReader } from './certificate-reader.ts';
import { describeTls, listenForCertificates, renewKeyPair } from './listener.ts';

const root = issueAuthority('root');
const middle = issueAuthority('middle', { issuer: root });
const leaf = issueLeaf(middle);
/** An RSA key, with which weak ciphers would be possible. */
const server = issueLeaf(root, {
  dnsNames: ['localhost'],
  usages: ['serverAuth'],
  keys: rsaKeys(2048),
  keyUsage: [0, 2],
});
const keyPair = { certificate: server.pem, key: server.keyPem };

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/* Shows RFC 8941 §3.3.5. */

/** A server that tells what it has read of its caller. */
async function open(source: CertificateSource, tls: boolean) {
  const read = certificateReader(source);
  const app = fastify(tls ? ({ https: describeTls(keyPair) } as object) : {});
  app.get('/', (request) => {
    const certificate = read(request);
    if (!certificate.ok) return certificate.refusal.reason;
    if (certificate.value === undefined) return 'none';
    return [certificate.value.leaf, ...certificate.value.chain].map((der) => nameOf(der)).join(' ');
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  opened.push(() => app.close());
  return { app, url };
}

const KNOWN = { root, middle, leaf, server };
const nameOf = (der: Uint8Array): string =>
  Object.entries(KNOWN).find(([, issued]) => issued.der.equals(der))?.[0] ?? 'unknown';

const ask = (url: string, headers: OutgoingHttpHeaders | string[] = {}): Promise<string> =>
  new Promise((done, failed) => {
    const request = httpRequest(url, { headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => done(text));
    });
    request.on('error', failed).end();
  });

const asking = (url: string, options: RequestOptions): Promise<string> =>
  new Promise((done, failed) => {
    const given = { ca: root.pem, servername: 'localhost', agent: false, ...options };
    const request = httpsRequest(url, given, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => done(text));
    });
    request.on('error', failed).end();
  });

const byteSequence = ({ der }: Issued): string => `:${der.toString('base64')}:`;

const WRITTEN: Readonly<Record<CertificateFormat, string>> = {
  rfc9440: byteSequence(leaf),
  'url-encoded-pem': encodeURIComponent(leaf.pem),
  'base64-der': leaf.der.toString('base64'),
  xfcc: `By=spiffe://x/y;Hash=abc;Cert="${encodeURIComponent(leaf.pem)}";Subject="CN=\\"a\\",O=b;c";URI=spiffe://x/a;URI=spiffe://x/b`,
};

const LOOPBACK = ['127.0.0.0/8'];
const HEADER = { trustedProxies: LOOPBACK, clientCertificateHeader: 'Client-Cert' };

describe('RFC 9440 §2 a certificate that a proxy tells of', () => {
  it.each(Object.entries(WRITTEN) as [CertificateFormat, string][])(
    '§2.2 %s is read',
    async (clientCertificateFormat, value) => {
      const { url } = await open({ ...HEADER, clientCertificateFormat }, false);
      expect(await ask(url, { 'client-cert': value })).toBe('leaf');
    },
  );

  it('RFC 9440 §2.3 the chain has a header of its own', async () => {
    const { url } = await open(HEADER, false);
    const chain = [middle, root].map(byteSequence).join(', ');
    const headers = { 'client-cert': byteSequence(leaf), 'client-cert-chain': chain };
    expect(await ask(url, headers)).toBe('leaf middle root');
    expect(await ask(url, { 'client-cert-chain': chain })).toBe('certificate_malformed');
  });

  it('RFC 7468 §5.1 what comes behind the first certificate is its chain', async () => {
    const pem = encodeURIComponent(`${leaf.pem}\n${middle.pem}`);
    const encoded = await open({ ...HEADER, clientCertificateFormat: 'url-encoded-pem' }, false);
    expect(await ask(encoded.url, { 'client-cert': pem })).toBe('leaf middle');
    const xfcc = await open({ ...HEADER, clientCertificateFormat: 'xfcc' }, false);
    const value = `Cert="${encodeURIComponent(leaf.pem)}";Chain="${pem}"`;
    expect(await ask(xfcc.url, { 'client-cert': value })).toBe('leaf middle');
  });

  it('§4 anybody but a trusted proxy tells nothing (198)', async () => {
    const { url } = await open({ ...HEADER, trustedProxies: ['192.0.2.0/24'] }, false);
    expect(await ask(url, { 'client-cert': byteSequence(leaf) })).toBe('none');
    const pretending = { 'client-cert': byteSequence(leaf), 'x-forwarded-for': '192.0.2.1' };
    expect(await ask(url, pretending)).toBe('none');
  });

  it('§4 without a header in the settings nothing is told (198)', async () => {
    const { url } = await open({ trustedProxies: LOOPBACK }, false);
    for (const name of ['client-cert', 'x-forwarded-client-cert', 'x-ssl-client-cert'])
      expect(await ask(url, { [name]: WRITTEN.rfc9440 })).toBe('none');
  });

  it('§2.4 a header that comes twice is refused, one of another spelling is none (198)', async () => {
    const { url } = await open(HEADER, false);
    const value = byteSequence(leaf);
    const twice = ['host', 'x', 'Client-Cert', value, 'client-cert', value];
    expect(await ask(url, twice)).toBe('certificate_repeated');
    const chains = ['host', 'x', 'Client-Cert', value, 'Client-Cert-Chain', value];
    expect(await ask(url, [...chains, 'client-cert-chain', value])).toBe('certificate_repeated');
    expect(await ask(url, { Client_Cert: value })).toBe('none');
    expect(await ask(url, { 'client-cert': '' })).toBe('none');
  });

  it.each([
    ['rfc9440', leaf.der.toString('base64')],
    ['rfc9440', '::'],
    ['rfc9440', `${WRITTEN.rfc9440}, ${WRITTEN.rfc9440}`],
    ['rfc9440', ':%%:'],
    ['url-encoded-pem', `${leaf.pem.replaceAll('\n', '')}x`],
    ['url-encoded-pem', encodeURIComponent(leaf.pem).slice(0, -20)],
    ['url-encoded-pem', `x${encodeURIComponent(leaf.pem)}`],
    ['url-encoded-pem', encodeURIComponent(leaf.pem.repeat(7))],
    ['url-encoded-pem', '%'],
    ['base64-der', 'a'],
    ['base64-der', 'not base64'],
    ['base64-der', WRITTEN.rfc9440],
    ['xfcc', `${WRITTEN.xfcc},${WRITTEN.xfcc}`],
    ['xfcc', 'Hash=abc'],
    ['xfcc', `Cert="${encodeURIComponent(leaf.pem)}`],
    ['xfcc', `${WRITTEN.xfcc};Cert="x"`],
    ['xfcc', `Cert="${encodeURIComponent(leaf.pem)}";Chain="${encodeURIComponent(middle.pem)}"`],
  ] as [CertificateFormat, string][])(
    '§2.1 %s: what is none is malformed, example %# (198)',
    async (format, value) => {
      const { url } = await open({ ...HEADER, clientCertificateFormat: format }, false);
      expect(await ask(url, { 'client-cert': value })).toBe('certificate_malformed');
    },
  );

  it('§2.1 whatever is told, the answer is a certificate or none, in little time', () => {
    const parts = fc.constantFrom(':', 'AAAA', '=', 'Cert=', '"', ';', ',', '%0A', '-----', '\\');
    const text = fc.oneof(
      fc.string(),
      fc.array(parts, { maxLength: 2_000 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (value) => {
        for (const read of Object.values(CERTIFICATE_FORMATS)) read(value, value);
      }),
    );
    const started = performance.now();
    for (const part of ['%0A', 'A=', 'Cert="', '\\"', ':', ' '])
      for (const read of Object.values(CERTIFICATE_FORMATS)) read(part.repeat(16_384), undefined);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('RFC 8705 §6.5 a certificate that TLS has seen', () => {
  const openMtls = async (source: CertificateSource = { trustedProxies: [] }) => {
    const { app, url } = await open(source, true);
    const place = { host: '127.0.0.1', port: 0 };
    const mtls = await listenForCertificates(app, keyPair, place);
    opened.unshift(() => mtls.close());
    return { app, plain: url, mtls };
  };
  const withLeaf = { cert: leaf.pem + middle.pem, key: leaf.keyPem };

  it('§6.5 the certificate of the connection is the caller’s, with its chain', async () => {
    const { mtls } = await openMtls();
    expect(await asking(mtls.url, withLeaf)).toMatch(/^leaf middle/);
    expect(await asking(mtls.url, {})).toBe('none');
    expect(await asking(mtls.url, { cert: root.pem, key: root.keyPem })).toBe('root');
  });

  it('§5 the other listener asks nobody for a certificate (199)', async () => {
    const { plain } = await openMtls();
    expect(await asking(plain, withLeaf)).toBe('none');
  });

  it('§6.5 the certificate of a trusted proxy is not that of its callers', async () => {
    const { mtls } = await openMtls(HEADER);
    expect(await asking(mtls.url, withLeaf)).toBe('none');
    const headers = { 'client-cert': byteSequence(root) };
    expect(await asking(mtls.url, { ...withLeaf, headers })).toBe('root');
  });

  it('§6.5 a header next to a certificate of TLS counts for nothing', async () => {
    const { mtls } = await openMtls({ ...HEADER, trustedProxies: ['192.0.2.1'] });
    const headers = { 'client-cert': byteSequence(root) };
    expect(await asking(mtls.url, { ...withLeaf, headers })).toMatch(/^leaf/);
    expect(await asking(mtls.url, { headers })).toBe('none');
  });

  it('RFC 9325 §3.1.1 TLS 1.2 is the least, RFC 9325 §4.2 with forward secrecy', async () => {
    const { plain, mtls } = await openMtls();
    for (const url of [plain, mtls.url]) {
      expect(await asking(url, { maxVersion: 'TLSv1.2' })).toBe('none');
      const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' };
      await expect(asking(url, old as RequestOptions)).rejects.toThrow();
      const static_ = { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256:AES128-SHA' };
      await expect(asking(url, static_ as RequestOptions)).rejects.toThrow();
    }
  });

  it('RFC 9325 §3.5 a connection stays with the certificate that it began with', async () => {
    const { mtls } = await openMtls();
    const { port } = new URL(mtls.url);
    const socket = connect({
      port: Number(port),
      host: '127.0.0.1',
      servername: 'localhost',
      ca: root.pem,
      maxVersion: 'TLSv1.2',
      ...withLeaf,
    });
    await once(socket, 'secureConnect');
    const refused = new Promise((done) => {
      socket.on('error', done).on('close', done);
      socket.renegotiate({ rejectUnauthorized: false }, done);
    });
    expect(await refused).toBeInstanceOf(Error);
    socket.destroy();
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'over %s no session is resumed, which would know the first certificate alone',
    async (maxVersion) => {
      const { mtls } = await openMtls();
      const options = {
        port: Number(new URL(mtls.url).port),
        host: '127.0.0.1',
        servername: 'localhost',
        ca: root.pem,
        maxVersion,
        ...withLeaf,
      };
      const first = connect(options);
      let session: Buffer | undefined;
      first.on('session', (told: Buffer) => {
        session = told;
      });
      await once(first, 'secureConnect');
      first.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
      await once(first.resume(), 'close');
      const second = connect({ ...options, ...(session !== undefined && { session }) });
      await once(second, 'secureConnect');
      expect(second.isSessionReused()).toBe(false);
      second.destroy();
    },
  );

  it('a renewed certificate is shown to new connections', async () => {
    const { app, plain, mtls } = await openMtls();
    const other = issueAuthority('other root');
    const renewed = issueLeaf(other, { dnsNames: ['localhost'], usages: ['serverAuth'] });
    renewKeyPair(app, { certificate: renewed.pem, key: renewed.keyPem });
    mtls.renew({ certificate: renewed.pem, key: renewed.keyPem });
    for (const url of [plain, mtls.url]) {
      await expect(asking(url, {})).rejects.toThrow();
      expect(await asking(url, { ca: other.pem })).toBe('none');
    }
    expect(await asking(mtls.url, { ...withLeaf, ca: other.pem })).toMatch(/^leaf/);
  });
});
