import { type ResourceServer, resourceServer } from '@tessera/resource-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Issued,
  issueAuthority,
  issueCertificate,
  issueLeaf,
} from '../../packages/server/test/certificates.ts';
import { askOverTls, type Identity } from '../certificate-proxy.ts';
import { AUDIENCE, INVALID_TOKEN } from './api.ts';
import { FRAMEWORKS, listen, PREFIX, type RunningApi } from './frameworks.ts';
import { type Issuer, openIssuer } from './issuer.ts';

/* Shows RFC 8705 §3, §3.1. */

const identityOf = ({ pem, keyPem }: Issued): Identity => ({ certificate: pem, key: keyPem });

const authority = issueAuthority('servers');
const own = issueLeaf(authority, {
  ipAddresses: [Uint8Array.of(127, 0, 0, 1)],
  usages: ['serverAuth'],
});

/** One that an authority vouches for, and one that nobody does: both are keys that were shown. */
const issued = issueLeaf(issueAuthority('clients'));
const selfSigned = issueCertificate({ subject: [['CN', 'robot']] });

describe.each(FRAMEWORKS)('$name', (framework) => {
  let issuer: Issuer;
  let server: ResourceServer;
  let secured: RunningApi;
  let plain: RunningApi;

  beforeAll(async () => {
    issuer = await openIssuer(AUDIENCE);
    server = resourceServer({
      issuer: issuer.url,
      audience: AUDIENCE,
      resource: {},
      allowHttp: true,
    });
    secured = await listen(await framework.open(server), identityOf(own));
    plain = await listen(await framework.open(server));
  });
  afterAll(async () => {
    server.close();
    await secured.close();
    await plain.close();
    await issuer.close();
  });

  const boundTo = ({ thumbprint }: Issued): string =>
    issuer.token({ cnf: { 'x5t#S256': thumbprint } });

  const present = (token: string, shown?: Issued, scheme = 'Bearer') =>
    askOverTls(secured.port, authority.pem, shown && identityOf(shown), {
      path: `${PREFIX}/certificate`,
      method: 'GET',
      headers: { authorization: `${scheme} ${token}` },
    });

  describe('RFC 8705 §3 a token that is bound to a certificate', () => {
    it('is good with the certificate, whoever signed that', async () => {
      for (const certificate of [issued, selfSigned])
        expect(await present(boundTo(certificate), certificate)).toMatchObject({ status: 200 });
    });

    it('is worth nothing with another, or without one (O298)', async () => {
      expect(await present(boundTo(issued), selfSigned)).toMatchObject(INVALID_TOKEN);
      expect(await present(boundTo(issued))).toMatchObject(INVALID_TOKEN);
    });

    it('is no DPoP token', async () => {
      expect(await present(boundTo(issued), issued, 'DPoP')).toMatchObject({ status: 401 });
    });

    it('is refused where nobody can see a certificate (O297)', async () => {
      const response = await fetch(`http://127.0.0.1:${plain.port}${PREFIX}/token`, {
        headers: { authorization: `Bearer ${boundTo(issued)}` },
      });
      expect(response.status).toBe(401);
    });

    it('what a header says of a certificate is the word of the caller (O298)', async () => {
      const told = `:${issued.der.toString('base64')}:`;
      for (const name of ['client-cert', 'x-client-cert', 'x-ssl-client-cert', 'ssl-client-cert']) {
        const response = await fetch(`http://127.0.0.1:${plain.port}${PREFIX}/token`, {
          headers: { authorization: `Bearer ${boundTo(issued)}`, [name]: told },
        });
        expect(response.status).toBe(401);
      }
    });

    it.each(['A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(43)}=`, 1, null, ['x']])(
      'a thumbprint of %j is that of no certificate (O297)',
      async (thumbprint) => {
        const token = issuer.token({ cnf: { 'x5t#S256': thumbprint } });
        expect(await present(token, issued)).toMatchObject(INVALID_TOKEN);
      },
    );

    it('an unbound token is not enough where a certificate is asked for', async () => {
      expect(await present(issuer.token(), issued)).toMatchObject({ status: 401 });
    });
  });
});
