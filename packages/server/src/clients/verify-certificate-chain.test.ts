import { X509Certificate } from 'node:crypto';
import { numericDate } from '@tessera/protocol';
import { describe, expect, it, vi } from 'vitest';
import {
  type CertificateRequest,
  der,
  ecKeys,
  extension,
  type Issued,
  issueAuthority,
  issueCertificate,
  issueLeaf,
  rsaKeys,
} from '../../test/certificates.ts';
import { type Certificate, readCertificate } from './read-certificate.ts';
import { INTERMEDIATES_MAX, verifyCertificateChain } from './verify-certificate-chain.ts';

const NOW = numericDate(Math.floor(Date.now() / 1000));

function read({ der: bytes }: Issued): Certificate {
  const certificate = readCertificate(bytes);
  if (certificate === undefined) throw new Error('no certificate');
  return certificate;
}

const root = issueAuthority('root');
const keys = ecKeys();

const verify = (leaf: Issued, intermediates: Issued[] = [], authorities = [root], now = NOW) => {
  const verified = verifyCertificateChain(
    read(leaf),
    intermediates.map(read),
    authorities.map(read),
    now,
  );
  return verified.ok ? 'trusted' : verified.refusal.reason;
};

const leafWith = (request: Partial<CertificateRequest>, issuer = root) =>
  issueLeaf(issuer, { keys, ...request });

describe('RFC 5280 §6.1 a path to an authority of the realm', () => {
  it('§6.1 one step is a path', () => {
    expect(verify(leafWith({}))).toBe('trusted');
  });

  it('RFC 8705 §2.1 a certificate of another authority is not trusted', () => {
    expect(verify(leafWith({}, issueAuthority('other')))).toBe('certificate_untrusted');
  });

  it('RFC 8705 §2.1 with no authority nothing is trusted', () => {
    expect(verify(leafWith({}), [], [])).toBe('certificate_untrusted');
  });

  it('§6.1 an authority of the same name and another key is another authority', () => {
    expect(verify(leafWith({}, issueAuthority('root')))).toBe('certificate_untrusted');
  });

  it('§6.1 of two authorities of one name the one with the key counts', () => {
    expect(verify(leafWith({}), [], [issueAuthority('root'), root])).toBe('trusted');
  });

  it('§6.1 the answer is the authority, so that a client can be held to one', () => {
    const other = read(issueAuthority('other'));
    const mine = read(root);
    const verified = verifyCertificateChain(read(leafWith({})), [], [other, mine], NOW);
    expect(verified).toEqual({ ok: true, value: mine });
  });

  it('§6.1 intermediates are found in any order, and others beside them do no harm', () => {
    const upper = issueAuthority('upper', { issuer: root });
    const lower = issueAuthority('lower', { issuer: upper });
    const leaf = leafWith({}, lower);
    expect(verify(leaf, [lower, upper])).toBe('trusted');
    expect(verify(leaf, [issueAuthority('x'), upper, lower])).toBe('trusted');
    expect(verify(leaf, [lower])).toBe('certificate_untrusted');
    expect(verify(leaf, [], [upper])).toBe('certificate_untrusted');
    expect(verify(leaf, [lower], [upper])).toBe('trusted');
  });

  it('§6.1 what a caller sends along is never trusted by itself', () => {
    const own = issueAuthority('own');
    expect(verify(leafWith({}, own), [own])).toBe('certificate_untrusted');
    expect(verify(issueCertificate({ subject: [['CN', 'a']], keys }), [root])).toBe(
      'certificate_untrusted',
    );
  });

  it('§6.1 a certificate signed by a client is not trusted', () => {
    const client = leafWith({});
    expect(verify(leafWith({}, client), [client])).toBe('certificate_untrusted');
    const bold = leafWith({ isAuthority: false, keyUsage: [0, 5] });
    expect(verify(leafWith({}, bold), [bold])).toBe('certificate_untrusted');
  });

  it('§6.1 an authority without the right to sign certificates signs none', () => {
    const limited = issueAuthority('limited', { issuer: root, keyUsage: [6] });
    expect(verify(leafWith({}, limited), [limited])).toBe('certificate_untrusted');
  });

  it('§6.1 a certificate whose content was changed is not trusted', () => {
    const { der: bytes } = leafWith({ dnsNames: ['a.example.com'] });
    const at = bytes.indexOf('a.example.com');
    const changed = Buffer.from(bytes);
    changed.write('b', at);
    expect(verify({ ...root, der: changed })).toBe('certificate_untrusted');
  });

  it('RFC 5280 §6.1.4 a path is no longer than its authorities allow', () => {
    const short = issueAuthority('short', { pathLength: 0 });
    const lower = issueAuthority('lower', { issuer: short });
    expect(verify(leafWith({}, short), [], [short])).toBe('trusted');
    expect(verify(leafWith({}, lower), [lower], [short])).toBe('certificate_untrusted');
    const renewed = issueAuthority('short', { issuer: short, keys: ecKeys() });
    expect(verify(leafWith({}, renewed), [renewed], [short])).toBe('trusted');
  });

  it('§6.1 more intermediates than five are refused', () => {
    const chain = [issueAuthority('0', { issuer: root })];
    for (let i = 1; i <= INTERMEDIATES_MAX; i++)
      chain.push(issueAuthority(`${i}`, { issuer: chain.at(-1) ?? root }));
    const [last] = chain.slice(-1);
    const [fifth] = chain.slice(-2);
    expect(verify(leafWith({}, fifth), chain.slice(0, -1))).toBe('trusted');
    expect(verify(leafWith({}, last), chain)).toBe('certificate_untrusted');
  });

  it('§6.1 authorities that have all issued each other cost sixteen signatures', () => {
    const pair = ecKeys();
    const issuer = issueAuthority('loop', { keys: pair });
    const tangled = Array.from({ length: INTERMEDIATES_MAX }, () =>
      issueAuthority('loop', { issuer, keys: pair }),
    );
    const verified = vi.spyOn(X509Certificate.prototype, 'verify');
    expect(verify(leafWith({}, issuer), tangled)).toBe('certificate_untrusted');
    expect(verified).toHaveBeenCalledTimes(16);
    verified.mockRestore();
  });

  it('§6.1 authorities that have issued each other end', () => {
    const pairs = Array.from({ length: INTERMEDIATES_MAX }, () => ecKeys());
    const [first = keys] = pairs;
    const issuer = issueAuthority('loop', { keys: first });
    const tangled = pairs.map((pair) => issueAuthority('loop', { issuer, keys: pair }));
    expect(verify(leafWith({}, issuer), tangled)).toBe('certificate_untrusted');
  });
});

describe('RFC 5280 §4.1.2.5 the time of a certificate', () => {
  const hour = 3_600_000;
  const past = {
    notBefore: new Date(Date.now() - 2 * hour),
    notAfter: new Date(Date.now() - hour),
  };
  const future = {
    notBefore: new Date(Date.now() + hour),
    notAfter: new Date(Date.now() + 2 * hour),
  };

  it('§4.1.2.5 one that has ended, or has not begun, is refused', () => {
    expect(verify(leafWith(past))).toBe('certificate_expired');
    expect(verify(leafWith(future))).toBe('certificate_not_yet_valid');
  });

  it('§4.1.2.5 so is one below an authority that has ended or not begun', () => {
    const old = issueAuthority('old', { issuer: root, ...past });
    expect(verify(leafWith({}, old), [old])).toBe('certificate_expired');
    const coming = issueAuthority('coming', future);
    expect(verify(leafWith({}, coming), [], [coming])).toBe('certificate_not_yet_valid');
  });

  it('§4.1.2.5 both ends belong to it', () => {
    const leaf = leafWith(future);
    const { notBefore, notAfter } = read(leaf).facts;
    expect(verify(leaf, [], [root], notBefore)).toBe('trusted');
    expect(verify(leaf, [], [root], notAfter)).toBe('trusted');
    expect(verify(leaf, [], [root], numericDate(notAfter + 1))).toBe('certificate_expired');
  });
});

describe('RFC 5280 §4.2.1.12 what a certificate is for', () => {
  it('§4.2.1.12 one for servers alone is refused; any, and none named, are not', () => {
    expect(verify(leafWith({ usages: ['serverAuth'] }))).toBe('certificate_usage_wrong');
    expect(verify(leafWith({ usages: ['serverAuth', 'clientAuth'] }))).toBe('trusted');
    expect(verify(leafWith({ usages: ['any'] }))).toBe('trusted');
    expect(verify(issueCertificate({ subject: [['CN', 'a']], issuer: root, keys }))).toBe(
      'trusted',
    );
  });

  it('§4.2.1.12 an authority for servers alone makes no clients', () => {
    const servers = issueAuthority('servers', { issuer: root, usages: ['serverAuth'] });
    expect(verify(leafWith({}, servers), [servers])).toBe('certificate_usage_wrong');
  });

  it('§4.2.1.3 a key that may not sign proves nothing', () => {
    expect(verify(leafWith({ keyUsage: [2] }))).toBe('certificate_usage_wrong');
    expect(verify(leafWith({ keyUsage: [4] }))).toBe('trusted');
  });

  it('§4.2 a critical extension that is not understood is refused, wherever it stands', () => {
    const odd = [extension('1.2.3.4', true, der(0x05))];
    expect(verify(leafWith({ extensions: odd }))).toBe('certificate_unsupported');
    const authority = issueAuthority('odd', { extensions: odd });
    expect(verify(leafWith({}, authority), [], [authority])).toBe('certificate_unsupported');
  });

  it.each([true, false])(
    '§4.2.1.10 name constraints are not passed over, critical: %s',
    (critical) => {
      const subtree = der(0x30, der(0x82, Buffer.from('example.com')));
      const extensions = [extension('2.5.29.30', critical, der(0x30, der(0xa0, subtree)))];
      const authority = issueAuthority('limited', { extensions });
      expect(verify(leafWith({}, authority), [], [authority])).toBe('certificate_unsupported');
    },
  );
});

describe('what is strong enough', () => {
  it.each([
    ['RSA of 2048 bits', rsaKeys(2048), 'trusted'],
    ['RSA of 1024 bits', rsaKeys(1024), 'certificate_weak'],
    ['P-384', ecKeys('P-384'), 'trusted'],
    ['secp256k1', ecKeys('secp256k1'), 'certificate_weak'],
    ['P-224', ecKeys('P-224'), 'certificate_weak'],
  ] as const)('a client with %s: %s', (_, pair, expected) => {
    expect(verify(leafWith({ keys: pair }))).toBe(expected);
  });

  it('an authority with a short key is not trusted', () => {
    const weak = issueAuthority('weak', { keys: rsaKeys(1024) });
    expect(verify(leafWith({}, weak), [], [weak])).toBe('certificate_untrusted');
  });

  it('SHA-1 is refused, RSASSA-PSS with SHA-256 is not', () => {
    const rsa = issueAuthority('rsa', { keys: rsaKeys(2048) });
    expect(verify(leafWith({ hash: 'sha1' }))).toBe('certificate_weak');
    expect(verify(leafWith({ hash: 'sha1' }, rsa), [], [rsa])).toBe('certificate_weak');
    expect(verify(leafWith({ hash: 'pss' }, rsa), [], [rsa])).toBe('trusted');
    const middle = issueAuthority('middle', { issuer: root, hash: 'sha1' });
    expect(verify(leafWith({}, middle), [middle])).toBe('certificate_untrusted');
  });
});
