import { X509Certificate } from 'node:crypto';
import type { PresentedCertificate, VerificationKey } from '@tessera/protocol';
import { numericDate } from '@tessera/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CertificateRequest,
  ecKeys,
  type Issued,
  issueAuthority,
  issueCertificate,
  issueLeaf,
} from '../../test/certificates.ts';
import { createWorld, type World } from '../../test/world.ts';
import type { Material } from '../model/credential.ts';
import { authenticateClient } from './authenticate-client.ts';
import { thumbprintOf } from './thumbprint.ts';

const DAY = 86_400_000;
/** The clock of the world stands still at an instant of its own. */
const validity = (now: number) => ({
  notBefore: new Date(now * 1000 - DAY),
  notAfter: new Date(now * 1000 + DAY),
});

let world: World;
let dates: ReturnType<typeof validity>;
let root: Issued;
let foreign: Issued;

beforeAll(async () => {
  world = await createWorld();
  dates = validity(world.env.clock.now());
  root = issueAuthority('root', dates);
  foreign = issueAuthority('foreign', dates);
  for (const realm of ['alpha', 'bravo']) await world.createRealm(realm);
  await trust('alpha', root);
  await trust('bravo', foreign);
});
afterAll(() => world.close());

const trust = (realm: string, authority: Issued) =>
  world.change((rows) =>
    rows.trustedAuthorities.insert({
      realm,
      id: world.env.random.uuid(),
      name: 'authority',
      certificate: authority.der.toString('base64'),
      thumbprint: authority.thumbprint,
      createdAt: world.env.clock.now(),
      revision: 1,
    }),
  );

const leafOf = (request: Partial<CertificateRequest> = {}, issuer = root): Issued =>
  issueLeaf(issuer, { ...dates, ...request });

let clients = 0;
async function register(material: Material | undefined, given = {}): Promise<string> {
  const clientId = `client-${++clients}`;
  await world.registerClient('alpha', clientId, given);
  if (material !== undefined) await world.addCredential('alpha', clientId, material);
  return clientId;
}

const subject = (subjectKind: string, value: string): Material =>
  ({ kind: 'certificate_subject', subjectKind, subject: value }) as Material;

const registered = ({ der, thumbprint }: Issued): Material => ({
  kind: 'certificate',
  thumbprint,
  certificate: der.toString('base64'),
  notAfter: numericDate(Math.floor(dates.notAfter.getTime() / 1_000)),
});

async function authenticate(
  clientId: string | undefined,
  leaf: Issued,
  chain: Issued[] = [],
  realm = 'alpha',
  address = '192.0.2.1',
): Promise<string> {
  const certificate: PresentedCertificate = {
    leaf: leaf.der,
    chain: chain.map(({ der }) => der),
  };
  const caller = await world.callerOf(realm, address, certificate);
  const client = await authenticateClient(
    world.env,
    caller,
    clientId === undefined ? { method: 'nothing' } : { method: 'client_id_only', clientId },
  );
  return client.ok ? client.value.method : client.refusal.reason;
}

describe('RFC 8705 §2.1 a certificate of a registered subject', () => {
  it('§2.1 is believed below an authority of the realm', async () => {
    const clientId = await register(subject('subject_dn', 'CN=client'));
    expect(await authenticate(clientId, leafOf())).toBe('tls_client_auth');
  });

  it('RFC 8705 §2 is not looked at where the client allows other addresses alone', async () => {
    const allowedAddresses = ['203.0.113.0/24'];
    const leaf = leafOf();
    for (const material of [subject('subject_dn', 'CN=client'), registered(leaf)]) {
      const clientId = await register(material, { allowedAddresses });
      expect(await authenticate(clientId, leaf)).toBe('address_not_allowed');
      expect(await authenticate(clientId, leaf, [], 'alpha', '203.0.113.9')).toMatch(
        /client_auth$/,
      );
    }
    const open = await register(undefined, {
      type: 'public',
      authenticationMethod: 'none',
      allowedAddresses,
    });
    expect(await authenticate(open, leaf)).toBe('address_not_allowed');
    expect(await authenticate(open, leaf, [], 'alpha', '203.0.113.9')).toBe('none');
  });

  it('RFC 8705 §2 says nothing without a client_id', async () => {
    expect(await authenticate(undefined, leafOf())).toBe('client_id_missing');
  });

  it.each([
    ['san_dns', 'a.example.com', { dnsNames: ['A.example.com'] }],
    ['san_uri', 'spiffe://example.com/a', { uris: ['spiffe://example.com/a'] }],
    ['san_ip', '192.0.2.7', { ipAddresses: [Uint8Array.of(192, 0, 2, 7)] }],
    ['san_email', 'a@example.com', { emails: ['a@EXAMPLE.com'] }],
  ])('RFC 8705 §2.1.2 is found by %s, and by no other', async (kind, value, names) => {
    const clientId = await register(subject(kind, value));
    expect(await authenticate(clientId, leafOf(names))).toBe('tls_client_auth');
    expect(await authenticate(clientId, leafOf())).toBe('certificate_subject_wrong');
    const other = leafOf({ subject: [['CN', value]] });
    expect(await authenticate(clientId, other)).toBe('certificate_subject_wrong');
  });

  it('§2.1 with the same subject below the authority of another realm is refused', async () => {
    const clientId = await register(subject('subject_dn', 'CN=client'));
    expect(await authenticate(clientId, leafOf({}, foreign))).toBe('certificate_untrusted');
    expect(await authenticate(clientId, leafOf({}, foreign), [foreign])).toBe(
      'certificate_untrusted',
    );
  });

  it('§2.1 is believed with what stands between, and no longer without', async () => {
    const clientId = await register(subject('subject_dn', 'CN=client'));
    const middle = issueAuthority('middle', { issuer: root, ...dates });
    const leaf = leafOf({}, middle);
    expect(await authenticate(clientId, leaf, [middle])).toBe('tls_client_auth');
    expect(await authenticate(clientId, leaf)).toBe('certificate_untrusted');
  });

  it('§2.1 that signed itself is refused', async () => {
    const clientId = await register(subject('subject_dn', 'CN=client'));
    const own = issueCertificate({ subject: [['CN', 'client']], ...dates });
    expect(await authenticate(clientId, own)).toBe('certificate_untrusted');
  });

  it('§2.1 of another client is refused, and so is one in another realm', async () => {
    const clientId = await register(subject('subject_dn', 'CN=client'));
    const other = leafOf({ subject: [['CN', 'other']] });
    expect(await authenticate(clientId, other)).toBe('certificate_subject_wrong');
    expect(await authenticate(clientId, leafOf(), [], 'bravo')).toBe('client_unknown');
  });

  it('§2.1 a newly trusted authority counts at once', async () => {
    const clientId = await register(subject('subject_dn', 'CN=client'));
    const later = issueAuthority('later', dates);
    expect(await authenticate(clientId, leafOf({}, later))).toBe('certificate_untrusted');
    await trust('alpha', later);
    expect(await authenticate(clientId, leafOf({}, later))).toBe('tls_client_auth');
  });

  it('§2.1 a client that is strict about another method is refused', async () => {
    const clientId = await register(subject('subject_dn', 'CN=client'), {
      strictAuthenticationMethod: true,
      authenticationMethod: 'private_key_jwt',
    });
    expect(await authenticate(clientId, leafOf())).toBe('authentication_method_not_registered');
  });

  it('§2.1 a disabled client is refused, and one without a certificate', async () => {
    const disabled = await register(subject('subject_dn', 'CN=client'), { enabled: false });
    expect(await authenticate(disabled, leafOf())).toBe('client_disabled');
    expect(await authenticate(await register(undefined), leafOf())).toBe('certificate_unknown');
  });

  it('§2.1 what is no certificate is refused, whoever it is of', async () => {
    const clientId = await register(subject('subject_dn', 'CN=client'));
    const broken = { ...root, der: Buffer.from('300102', 'hex') };
    expect(await authenticate(clientId, broken)).toBe('certificate_malformed');
    expect(await authenticate('nobody', broken)).toBe('certificate_malformed');
  });

  it('RFC 6749 §2.1 a public client names itself, whatever certificate is around it', async () => {
    const clientId = await register(undefined, { type: 'public' });
    expect(await authenticate(clientId, leafOf())).toBe('none');
  });
});

describe('RFC 8705 §2.2 a certificate that is registered itself', () => {
  const selfSigned = (request: Partial<CertificateRequest> = {}): Issued =>
    issueCertificate({ subject: [['CN', 'own']], ...dates, ...request });

  it('§2.2 is believed whoever signed it', async () => {
    const own = selfSigned();
    const clientId = await register(registered(own));
    expect(await authenticate(clientId, own)).toBe('self_signed_tls_client_auth');
    const foreignLeaf = leafOf({}, foreign);
    const other = await register(registered(foreignLeaf));
    expect(await authenticate(other, foreignLeaf)).toBe('self_signed_tls_client_auth');
  });

  it('§2.2 another of the same subject, or of the same key, is another', async () => {
    const keys = ecKeys();
    const clientId = await register(registered(selfSigned({ keys })));
    expect(await authenticate(clientId, selfSigned())).toBe('certificate_unknown');
    expect(await authenticate(clientId, selfSigned({ keys }))).toBe('certificate_unknown');
  });

  it('§2.2 ends when it says so', async () => {
    const old = selfSigned({ notAfter: new Date(world.env.clock.now() * 1000 - 1000) });
    expect(await authenticate(await register(registered(old)), old)).toBe('certificate_expired');
    const weak = selfSigned({ keys: ecKeys('secp256k1') });
    expect(await authenticate(await register(registered(weak)), weak)).toBe('certificate_weak');
  });

  it('RFC 8705 §2.2.2 the x5c of a registered key is such a certificate, the key alone is none', async () => {
    const own = selfSigned();
    const jwk = new X509Certificate(own.der).publicKey.export({ format: 'jwk' });
    const key = { ...jwk, x5c: [own.der.toString('base64')] } as VerificationKey;
    const thumbprint = thumbprintOf(key);
    const clientId = await register({ kind: 'public_key', key, thumbprint });
    expect(await authenticate(clientId, own)).toBe('self_signed_tls_client_auth');
    const bare = jwk as VerificationKey;
    const other = await register({ kind: 'public_key', key: bare, thumbprint });
    expect(await authenticate(other, own)).toBe('certificate_unknown');
  });
});
