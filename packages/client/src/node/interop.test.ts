import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueAuthority, issueLeaf } from '../../../server/test/certificates.ts';
import { type Listening, startAuthorizationServer } from '../../test/authorization-server.ts';
import { clientCertificate } from '../authentication/client-certificate.ts';
import { discover } from '../discover.ts';
import { introspectToken } from '../introspect-token.ts';
import { tokenSource } from '../token-source.ts';
import { fetchWithCertificate } from './fetch-with-certificate.ts';

const authority = issueAuthority('TLS');
const host = issueLeaf(authority, { dnsNames: ['localhost'], usages: ['serverAuth'] });

let listening: Listening;
beforeAll(async () => {
  const { pem: cert, keyPem: key } = host;
  listening = await startAuthorizationServer({ cert, key, ca: authority.pem });
});
afterAll(() => listening.close());

const open = (subject: string) => {
  const {
    pem: cert,
    keyPem: key,
    thumbprint,
  } = issueLeaf(authority, { subject: [['CN', subject]] });
  const fetch = fetchWithCertificate({ cert, key, ca: authority.pem });
  const client = { clientId: 'shown', authenticate: clientCertificate(), mutualTls: true, fetch };
  return { client, thumbprint };
};

describe('against an authorization server that somebody else wrote', () => {
  it('RFC 8705 §2 a certificate gets a token that is bound to it', async () => {
    const { client, thumbprint } = open('shown');
    const token = await tokenSource({ ...client, issuer: listening.url, scope: 'read' }).token();
    const server = await discover(listening.url, client);
    expect(await introspectToken({ ...client, server, token })).toMatchObject({
      active: true,
      members: { cnf: { 'x5t#S256': thumbprint } },
    });
  });

  it('RFC 8705 §2 the certificate of somebody else gets none', async () => {
    const { client } = open('other');
    await expect(tokenSource({ ...client, issuer: listening.url }).token()).rejects.toMatchObject({
      error: 'invalid_client',
    });
  });
});
