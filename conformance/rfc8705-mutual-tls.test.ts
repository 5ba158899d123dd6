import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CertificateRequest,
  type Issued,
  issueAuthority,
  issueCertificate,
  issueLeaf,
} from '../packages/server/test/certificates.ts';
import { findFreePort } from '../packages/server/test/free-port.ts';
import {
  askOverTls,
  type CertificateProxy,
  type Identity,
  openCertificateProxy,
  type TlsAnswer,
} from './certificate-proxy.ts';
import { CLIENT_CREDENTIALS, type ClientCredentials, refusal } from './realm.ts';
import { newKey, proofOf, thumbprintOf } from './signed.ts';
import { onEachDatabase, type World } from './world.ts';

/* Shows RFC 8705 §2, §2.1, §2.1.2, §2.2, §3, §3.2, §5, §6.5, §7.5 and RFC 9440 §2.2, §2.3, §2.4, §4. */

const DAY = 86_400_000;
const LOOPBACK = Uint8Array.of(127, 0, 0, 1);

const root = issueAuthority('clients');
const foreign = issueAuthority('other clients');
const serverRoot = issueAuthority('servers');
const server = issueLeaf(serverRoot, { ipAddresses: [LOOPBACK], usages: ['serverAuth'] });
const tls = { certificate: server.pem, key: server.keyPem, ca: serverRoot.pem };

const identityOf = (issued: Issued, ...above: readonly Issued[]): Identity => ({
  certificate: [issued, ...above].map(({ pem }) => pem).join(''),
  key: issued.keyPem,
});

const FAILED = refusal(400, 'invalid_client', 'Client authentication failed');

type TokenAddress = { readonly token_endpoint: string };

/** The same rules, wherever TLS ends. */
function shareRules(world: World, reach: () => number) {
  const { alpha } = world;
  let subjects = 0;

  const trust = ({ pem }: Issued) =>
    world.administration.perform('POST', '/api/realms/alpha/trusted-authorities', {
      name: `authority ${++subjects}`,
      certificate: pem,
    });

  async function register(
    certificate: Readonly<Record<string, string>>,
    members: Readonly<Record<string, unknown>> = {},
  ): Promise<ClientCredentials> {
    const client = await alpha.registerClient(members);
    const path = `/api/realms/alpha/clients/${client.clientId}/certificates`;
    await world.administration.perform('POST', path, certificate);
    return client;
  }

  /** A client and a certificate of a subject that no other has. */
  async function registerSubject(request: Partial<CertificateRequest> = {}) {
    const name = `client ${++subjects}`;
    const client = await register({ subjectDn: `CN=${name},O=Example` });
    const subject = [['O', 'Example'] as const, ['CN', name] as const];
    return { client, subject, leaf: issueLeaf(root, { subject, ...request }) };
  }

  const post = (
    endpoint: string,
    identity: Identity | undefined,
    form: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TlsAnswer> =>
    askOverTls(reach(), serverRoot.pem, identity, {
      path: `${alpha.path}/${endpoint}`,
      body: new URLSearchParams(form).toString(),
      headers,
    });

  const ask = (
    identity: Identity | undefined,
    clientId?: string,
    rest: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TlsAnswer> =>
    post(
      'access_token',
      identity,
      {
        ...CLIENT_CREDENTIALS,
        scope: 'read',
        ...(clientId !== undefined && { client_id: clientId }),
        ...rest,
      },
      headers,
    );

  const tokenOf = ({ status, json }: TlsAnswer): string => {
    expect({ status, json }).toMatchObject({ status: 200 });
    return (json as { access_token: string }).access_token;
  };

  beforeAll(() => trust(root));

  describe('RFC 8705 §2.1 tls_client_auth', () => {
    it('§2.1 the right certificate and client_id get a token that is bound to it (188)', async () => {
      const { client, leaf } = await registerSubject();
      const token = tokenOf(await ask(identityOf(leaf), client.clientId));
      expect(decodeJwt(token)['cnf']).toEqual({ 'x5t#S256': leaf.thumbprint });
    });

    it('§2.1 so they do with what stands between, and not without it (188)', async () => {
      const { client, subject } = await registerSubject();
      const middle = issueAuthority('between', { issuer: root });
      const leaf = issueLeaf(middle, { subject });
      tokenOf(await ask(identityOf(leaf, middle), client.clientId));
      expect(await ask(identityOf(leaf), client.clientId)).toMatchObject(FAILED);
    });

    it('RFC 8705 §2 without client_id nobody is meant (189)', async () => {
      const { leaf } = await registerSubject();
      expect(await ask(identityOf(leaf))).toMatchObject(FAILED);
    });

    it('§2.1 no certificate, and that of another client, are refused (190)', async () => {
      const { client } = await registerSubject();
      const other = await registerSubject();
      expect(await ask(undefined, client.clientId)).toMatchObject(FAILED);
      expect(await ask(identityOf(other.leaf), client.clientId)).toMatchObject(FAILED);
    });

    it.each<[string, Partial<CertificateRequest>, Issued]>([
      ['of an authority that is not trusted', {}, foreign],
      ['that has ended', { notAfter: new Date(Date.now() - DAY / 2) }, root],
      ['that has not begun', { notBefore: new Date(Date.now() + DAY) }, root],
      ['for servers alone', { usages: ['serverAuth'] }, root],
    ])('§2.1 one %s is refused (190)', async (_, request, issuer) => {
      const { client, subject } = await registerSubject();
      const leaf = issueLeaf(issuer, { subject, ...request });
      expect(await ask(identityOf(leaf), client.clientId)).toMatchObject(FAILED);
    });

    it('§2.1 an unknown client is refused in the same words (190)', async () => {
      const { leaf } = await registerSubject();
      expect(await ask(identityOf(leaf), 'nobody')).toEqual(
        await ask(identityOf(issueLeaf(foreign)), (await registerSubject()).client.clientId),
      );
    });

    it.each<[string, string, Partial<CertificateRequest>, Partial<CertificateRequest>]>([
      [
        'subjectDn',
        'cn=Billing  EU, O=example',
        {
          subject: [
            ['O', 'Example'],
            ['CN', 'billing eu'],
          ],
        },
        {
          subject: [
            ['CN', 'billing eu'],
            ['O', 'Example'],
          ],
        },
      ],
      ['sanDns', 'a.example.com', { dnsNames: ['A.EXAMPLE.com'] }, { dnsNames: ['*.example.com'] }],
      [
        'sanUri',
        'https://example.com/a',
        { uris: ['https://example.com/a'] },
        { uris: ['https://example.com/A'] },
      ],
      [
        'sanIp',
        '2001:db8::7',
        { ipAddresses: [Buffer.from('20010db8000000000000000000000007', 'hex')] },
        { ipAddresses: [LOOPBACK] },
      ],
      ['sanEmail', 'a@example.com', { emails: ['a@EXAMPLE.COM'] }, { emails: ['A@example.com'] }],
    ])(
      'RFC 8705 §2.1.2 %s %s matches one and not the other (191, 192)',
      async (kind, value, right, wrong) => {
        const client = await register({ [kind]: value });
        const rightLeaf = issueLeaf(root, right);
        const wrongLeaf = issueLeaf(root, wrong);
        tokenOf(await ask(identityOf(rightLeaf), client.clientId));
        expect(await ask(identityOf(wrongLeaf), client.clientId)).toMatchObject(FAILED);
      },
    );

    it('§2.1.2 a name with NUL in it, or that only looks like two, is another (192)', async () => {
      const { client } = await registerSubject();
      const name = `client ${subjects}`;
      for (const value of [`${name}\0.example.com`, `${name},O=Example`, `${name}/O=Example`]) {
        const leaf = issueLeaf(root, {
          subject: [
            ['O', 'Example'],
            ['CN', value],
          ],
        });
        expect(await ask(identityOf(leaf), client.clientId)).toMatchObject(FAILED);
      }
    });

    it('§2.1 what is registered is one name, written as RFC 4514 has it (192, 193)', async () => {
      const client = await alpha.registerClient();
      const path = `/api/realms/alpha/clients/${client.clientId}/certificates`;
      for (const body of [
        { subjectDn: 'CN=a', sanDns: 'a.example.com' },
        { subjectDn: '/O=Example/CN=a' },
        { sanDns: '*.example.com' },
        {},
      ]) {
        const { status } = await world.administration.call('POST', path, body);
        expect(status).toBe(400);
      }
    });

    it('§2.1 the same subject below the authority of another realm is another (194)', async () => {
      const { client, subject } = await registerSubject();
      const bravo = await world.createRealm(`bravo-${++subjects}`);
      await world.administration.perform('POST', `/api/realms/${bravo.name}/trusted-authorities`, {
        name: 'other',
        certificate: foreign.pem,
      });
      const leaf = issueLeaf(foreign, { subject });
      expect(await ask(identityOf(leaf, foreign), client.clientId)).toMatchObject(FAILED);
    });

    it('X509-SVID §2 a workload has one name, in a trust domain that is registered (201)', async () => {
      const client = await register({ sanUri: 'spiffe://example.com/billing/*' });
      const withUris = (...uris: string[]) => identityOf(issueLeaf(root, { uris }));
      tokenOf(await ask(withUris('spiffe://example.com/billing/eu'), client.clientId));
      for (const uris of [
        ['spiffe://example.org/billing/eu'],
        ['spiffe://example.com/shipping'],
        ['spiffe://example.com/billing/eu', 'https://example.com'],
      ])
        expect(await ask(withUris(...uris), client.clientId)).toMatchObject(FAILED);
    });
  });

  describe('RFC 8705 §2.2 self_signed_tls_client_auth', () => {
    const selfSigned = () => issueCertificate({ subject: [['CN', 'own']] });

    it('§2.2 the registered certificate is believed, another is not (195)', async () => {
      const own = selfSigned();
      const client = await register({ certificate: own.pem });
      const token = tokenOf(await ask(identityOf(own), client.clientId));
      expect(decodeJwt(token)['cnf']).toEqual({ 'x5t#S256': own.thumbprint });
      expect(await ask(identityOf(selfSigned()), client.clientId)).toMatchObject(FAILED);
    });

    it('§2.2 so is the x5c of a registered key (195)', async () => {
      const own = selfSigned();
      const client = await alpha.registerClient();
      const jwk = {
        ...own.keys.publicKey.export({ format: 'jwk' }),
        x5c: [own.der.toString('base64')],
      };
      const path = `/api/realms/alpha/clients/${client.clientId}/keys`;
      await world.administration.perform('POST', path, { jwk });
      tokenOf(await ask(identityOf(own), client.clientId));
      expect(await ask(identityOf(selfSigned()), client.clientId)).toMatchObject(FAILED);
    });
  });

  describe('RFC 8705 §2.2.2 certificates that the client publishes', () => {
    let published: readonly unknown[] = [];
    const publisher = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys: published }));
    });
    beforeAll(() => new Promise<void>((done) => publisher.listen(0, '127.0.0.1', done)));
    afterAll(() => publisher.close());

    it('§2.2.2 a new one is found by asking again, one that was never there is refused (195)', async () => {
      const jwkOf = ({ keys, der }: Issued) => ({
        ...keys.publicKey.export({ format: 'jwk' }),
        x5c: [der.toString('base64')],
      });
      const [first, second, third] = ['first', 'second', 'third'].map((name) =>
        issueCertificate({ subject: [['CN', name]] }),
      ) as [Issued, Issued, Issued];
      const client = await alpha.registerClient();
      const path = `/api/realms/alpha/clients/${client.clientId}/keys`;
      const { port } = publisher.address() as AddressInfo;
      const jwksUri = `http://127.0.0.1:${port}/${client.clientId}`;
      await world.administration.perform('POST', path, { jwksUri });
      published = [jwkOf(first)];
      tokenOf(await ask(identityOf(first), client.clientId));
      published = [jwkOf(second)];
      tokenOf(await ask(identityOf(second), client.clientId));
      expect(await ask(identityOf(third), client.clientId)).toMatchObject(FAILED);
    });
  });

  describe('RFC 8705 §3 tokens that are bound', () => {
    it('§3 a client whose tokens are bound gets none without a certificate (196)', async () => {
      const client = await alpha.registerClient({ tokenBinding: 'certificate' });
      const secret = { client_secret: client.secret };
      const answer = await ask(undefined, client.clientId, secret);
      expect(answer).toMatchObject(refusal(400, 'invalid_request'));
      const leaf = issueLeaf(foreign);
      const token = tokenOf(await ask(identityOf(leaf), client.clientId, secret));
      expect(decodeJwt(token)['cnf']).toEqual({ 'x5t#S256': leaf.thumbprint });
    });

    it('RFC 8705 §3.2 introspection says what a token is bound to (197, 199)', async () => {
      const { client, leaf } = await registerSubject();
      const identity = identityOf(leaf);
      const token = tokenOf(await ask(identity, client.clientId));
      const named = { token, client_id: client.clientId };
      expect((await post('introspect', identity, named)).json).toMatchObject({
        active: true,
        cnf: { 'x5t#S256': leaf.thumbprint },
      });
      expect((await post('token/revoke', identity, named)).status).toBe(200);
      expect((await post('introspect', identity, named)).json).toEqual({ active: false });
    });

    it('§3 a secret beside a certificate authenticates, and binds nothing by itself (200)', async () => {
      const client = await alpha.registerClient();
      const basic = Buffer.from(`${client.clientId}:${client.secret}`).toString('base64');
      const identity = identityOf(issueLeaf(foreign));
      const headers = { authorization: `Basic ${basic}` };
      const token = tokenOf(await ask(identity, undefined, {}, headers));
      expect(decodeJwt(token)['cnf']).toBeUndefined();
    });

    it('RFC 9449 §5 a proof beside the certificate binds alone, unless both have to (E185, 197)', async () => {
      const key = newKey();
      const { client, leaf } = await registerSubject();
      const { json } = await alpha.read('.well-known/oauth-authorization-server');
      const metadata = json as TokenAddress & { readonly mtls_endpoint_aliases?: TokenAddress };
      const { token_endpoint: target } = metadata.mtls_endpoint_aliases ?? metadata;
      const confirmation = async (scope: string) => {
        const headers = { dpop: proofOf(key, target) };
        const answer = await ask(identityOf(leaf), client.clientId, { scope }, headers);
        expect(answer.json).toMatchObject({ token_type: 'DPoP' });
        return decodeJwt(tokenOf(answer))['cnf'];
      };
      expect(await confirmation('read')).toEqual({ jkt: thumbprintOf(key) });

      const api = await alpha.registerApi({
        identifier: `https://both-${client.clientId}.example.com`,
        scopes: [{ name: `both:${client.clientId}` }],
        tokenBinding: 'dpop',
      });
      await alpha.grant(client, api, [`both:${client.clientId}`]);
      await alpha.changeClient(client, { tokenBinding: 'certificate' });
      expect(await confirmation(`both:${client.clientId}`)).toEqual({
        jkt: thumbprintOf(key),
        'x5t#S256': leaf.thumbprint,
      });
    });
  });

  return { registerSubject, ask, tokenOf };
}

describe('RFC 8705 §6.5 behind a proxy', () => {
  onEachDatabase(
    (world) => {
      let proxy: CertificateProxy;
      beforeAll(async () => {
        proxy = await openCertificateProxy(tls, () => world.port);
      });
      afterAll(() => proxy.close());
      const { registerSubject, ask, tokenOf } = shareRules(world, () => proxy.port);
      const { alpha } = world;

      const told = ({ der }: Issued) => `:${der.toString('base64')}:`;
      const request = (clientId: string, headers: Readonly<Record<string, string | string[]>>) =>
        alpha.post(
          'access_token',
          { ...CLIENT_CREDENTIALS, scope: 'read', client_id: clientId },
          { headers },
        );

      it('RFC 9440 §2.4 what a client writes into the header ends at the proxy (198)', async () => {
        const { client, leaf } = await registerSubject();
        const headers = { 'client-cert': told(leaf), 'client-cert-chain': told(root) };
        expect(await ask(undefined, client.clientId, {}, headers)).toMatchObject(FAILED);
        const other = identityOf(issueLeaf(root));
        expect(await ask(other, client.clientId, {}, headers)).toMatchObject(FAILED);
        tokenOf(await ask(identityOf(leaf), client.clientId, {}, { 'client-cert': 'x' }));
      });

      it('RFC 9440 §2.4 twice, malformed, or in another spelling it is refused (198)', async () => {
        const { client, leaf } = await registerSubject();
        const { clientId } = client;
        expect((await request(clientId, { 'client-cert': told(leaf) })).status).toBe(200);
        const twice = await request(clientId, { 'client-cert': [told(leaf), told(leaf)] });
        expect(twice).toMatchObject(refusal(400, 'invalid_request'));
        for (const value of ['x', ':AAAA:', leaf.pem.replaceAll('\n', ' '), ':!:'])
          expect(await request(clientId, { 'client-cert': value })).toMatchObject(FAILED);
        for (const name of ['Client_Cert', 'X_SSL_CLIENT_CERT', 'X-SSL-Client-Cert'])
          expect(await request(clientId, { [name]: told(leaf) })).toMatchObject(FAILED);
      });

      it('RFC 8705 §5 the metadata tell the methods, and no aliases where there are none (199)', async () => {
        const { json } = await alpha.read('.well-known/oauth-authorization-server');
        expect(json).toMatchObject({
          tls_client_certificate_bound_access_tokens: true,
          token_endpoint_auth_methods_supported: expect.arrayContaining([
            'tls_client_auth',
            'self_signed_tls_client_auth',
          ]) as unknown,
        });
        expect(json).not.toHaveProperty('mtls_endpoint_aliases');
      });
    },
    {
      environment: {
        TESSERA_CLIENT_CERTIFICATE_HEADER: 'Client-Cert',
        TESSERA_OUTBOUND_ALLOW: '127.0.0.1',
      },
    },
  );
});

describe('RFC 9440 §4 without trust', () => {
  onEachDatabase(
    (world) => {
      it('§4 the header of a peer that is no trusted proxy is not there (198)', async () => {
        const client = await world.alpha.registerClient({ tokenBinding: 'certificate' });
        const leaf = issueLeaf(root);
        const headers = { 'client-cert': `:${leaf.der.toString('base64')}:` };
        const form = { ...CLIENT_CREDENTIALS, scope: 'read' };
        const asked = { as: client, headers, from: '192.0.2.1' };
        const answer = await world.alpha.post('access_token', form, asked);
        expect(answer).toMatchObject(
          refusal(400, 'invalid_request', 'A client certificate is required'),
        );
      });
    },
    {
      environment: {
        TESSERA_CLIENT_CERTIFICATE_HEADER: 'Client-Cert',
        TESSERA_TRUSTED_PROXIES: '192.0.2.1',
      },
    },
  );
});

const mtlsPort = await findFreePort();

describe('RFC 8705 §5 where TLS ends at the server', () => {
  onEachDatabase(
    (world) => {
      const { ask, registerSubject, tokenOf } = shareRules(world, () => mtlsPort);

      it('§5 the aliases are published, and work as they are (199)', async () => {
        const { json } = await world.alpha.read('.well-known/oauth-authorization-server');
        const base = `https://127.0.0.1:${mtlsPort}${world.alpha.path}`;
        expect(json).toMatchObject({
          token_endpoint: `${world.alpha.issuer}/access_token`,
          mtls_endpoint_aliases: {
            token_endpoint: `${base}/access_token`,
            introspection_endpoint: `${base}/introspect`,
            revocation_endpoint: `${base}/token/revoke`,
          },
        });
        const { client, leaf } = await registerSubject();
        const token = tokenOf(await ask(identityOf(leaf), client.clientId));
        expect(decodeJwt(token)['iss']).toBe(world.alpha.issuer);
      });

      it('§5 the usual address asks nobody for a certificate (199)', async () => {
        const { client, leaf } = await registerSubject();
        const answer = await askOverTls(world.port, serverRoot.pem, identityOf(leaf), {
          path: `${world.alpha.path}/access_token`,
          body: new URLSearchParams({
            ...CLIENT_CREDENTIALS,
            client_id: client.clientId,
          }).toString(),
        });
        expect(answer).toMatchObject(FAILED);
      });
    },
    {
      tls,
      environment: { TESSERA_MTLS_PORT: String(mtlsPort), TESSERA_OUTBOUND_ALLOW: '127.0.0.1' },
    },
  );
});
