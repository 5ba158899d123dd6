import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CERTIFICATE_SUBJECT_KINDS,
  type CertificateFacts,
  type CertificateSubject,
  matchesSubject,
  readCertificateSubject,
} from './client-certificate.ts';
import { parseDistinguishedName } from './distinguished-name.ts';
import { numericDate } from './time.ts';

const FACTS: CertificateFacts = {
  subject: parseDistinguishedName('CN=billing,O=Example,C=GB') ?? [],
  dnsNames: ['Billing.example.com', '*.example.org'],
  uris: ['https://example.com/billing'],
  ipAddresses: ['c0000207', '20010db8000000000000000000000007'],
  emails: ['Billing@Example.com'],
  isAuthority: false,
  notBefore: numericDate(0),
  notAfter: numericDate(1),
  thumbprint: '',
};

const matches = (kind: CertificateSubject['kind'], value: string, given = {}): boolean =>
  matchesSubject({ ...FACTS, ...given }, { kind, value });

/* Shows RFC 1034 §3.5, RFC 4343 §3 and RFC 5280 §7.5. */

describe('RFC 8705 §2.1.2 the one name that is registered', () => {
  test.each([
    ['subject_dn', 'cn=Billing,o=example,c=gb'],
    ['san_dns', 'billing.EXAMPLE.com'],
    ['san_uri', 'https://example.com/billing'],
    ['san_ip', '192.0.2.7'],
    ['san_ip', '2001:db8::7'],
    ['san_ip', '2001:0DB8:0:0::0007'],
    ['san_ip', '::ffff:192.0.2.7'],
    ['san_email', 'Billing@EXAMPLE.com'],
  ] as const)('§2.1.2 %s %s matches', (kind, value) => {
    expect(matches(kind, value)).toBe(true);
  });

  test.each([
    ['subject_dn', 'C=GB,O=Example,CN=billing'],
    ['subject_dn', 'CN=billing'],
    ['subject_dn', ''],
    ['san_dns', 'example.com'],
    ['san_dns', 'a.example.org'],
    ['san_uri', 'https://example.com/Billing'],
    ['san_uri', 'https://example.com/billing/'],
    ['san_ip', '192.0.2.8'],
    ['san_ip', '::192.0.2.7'],
    ['san_ip', '192.0.2.07'],
    ['san_email', 'billing@example.com'],
    ['san_email', 'example.com'],
  ] as const)('§2.1.2 %s %s does not match', (kind, value) => {
    expect(matches(kind, value)).toBe(false);
  });

  test('§2.1.2 the name of one kind is never found in another', () => {
    const bare = { ...FACTS, subject: [], dnsNames: [], uris: [], ipAddresses: [], emails: [] };
    for (const kind of CERTIFICATE_SUBJECT_KINDS)
      for (const value of ['billing.example.com', 'spiffe://example.com/a', '', '192.0.2.7'])
        expect(matchesSubject(bare, { kind, value })).toBe(false);
    expect(matches('san_dns', '192.0.2.7', { ipAddresses: ['c0000207'], dnsNames: [] })).toBe(
      false,
    );
  });

  test.each([
    ['subject_dn', 'CN=a'],
    ['san_dns', 'a'],
    ['san_dns', '_spiffe.a-b.example'],
    ['san_uri', 'urn:example:a'],
    ['san_uri', 'spiffe://example.com/a'],
    ['san_uri', 'spiffe://example.com/a/*'],
    ['san_uri', 'spiffe://example.com/*'],
    ['san_ip', '::1'],
    ['san_email', 'a+b@example.com'],
  ] as const)('§2.1.2 %s %s can be registered', (kind, value) => {
    expect(readCertificateSubject(kind, value)).toEqual({ ok: true, value: { kind, value } });
  });

  test.each([
    ['subject_dn', ''],
    ['subject_dn', '/CN=a'],
    ['san_dns', ''],
    ['san_dns', '*.example.com'],
    ['san_dns', 'example.com.'],
    ['san_dns', 'a..b'],
    ['san_dns', '-a'],
    ['san_dns', 'a b'],
    ['san_dns', 'bücher.example'],
    ['san_dns', `${'a'.repeat(63)}.`.repeat(4).concat('a')],
    ['san_uri', 'example.com/a'],
    ['san_uri', 'https://example.com/a b'],
    ['san_uri', 'spiffe://Example.com/a'],
    ['san_uri', 'spiffe://example.com'],
    ['san_uri', 'spiffe://example.com/a*'],
    ['san_uri', 'SPIFFE://example.com/a'],
    ['san_ip', '192.0.2.0/24'],
    ['san_ip', '1.2.3'],
    ['san_email', 'a'],
    ['san_email', 'a@b@c'],
    ['san_email', '@example.com'],
    ['san_uri', `urn:${'a'.repeat(2_048)}`],
  ] as const)('§2.1.2 %s %j can not be registered', (kind, value) => {
    expect(readCertificateSubject(kind, value).ok).toBe(false);
  });

  test('§2.1.2 whatever is registered or presented, the answer is yes or no', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('*', 'a@', '::', 'CN=*'));
    fc.assert(
      fc.property(
        fc.constantFrom(...CERTIFICATE_SUBJECT_KINDS),
        text,
        text,
        (kind, value, name) => {
          readCertificateSubject(kind, value);
          const given = { dnsNames: [name], uris: [name], emails: [name], ipAddresses: [name] };
          if (matches(kind, value, { ...given, subject: [] }))
            expect(name.length).toBe(value.length);
        },
      ),
    );
  });
});

describe('X509-SVID §2 a SPIFFE ID is the only URI of its certificate', () => {
  const id = 'spiffe://example.com/billing/eu';

  test.each([
    [id, [id], true],
    ['spiffe://example.com/billing/*', [id], true],
    ['spiffe://example.com/*', [id], true],
    ['spiffe://example.com/bill/*', [id], false],
    ['spiffe://example.com/billing/eu/*', [id], false],
    ['spiffe://example.com/billing', [id], false],
    ['spiffe://example.org/*', [id], false],
    ['spiffe://example.co/*', [id], false],
    [id, [id, 'spiffe://example.com/other'], false],
    [id, [id, 'https://example.com'], false],
    [id, [id, id], false],
    [id, [], false],
    ['spiffe://example.com/*', ['spiffe://example.com'], false],
    ['spiffe://example.com/*', ['spiffe://example.com/'], false],
    ['spiffe://example.com/*', ['spiffe://example.com/a/../b'], false],
    ['spiffe://example.com/*', ['spiffe://example.com/*'], false],
    ['spiffe://example.com/*', ['spiffe://example.com/a?b'], false],
    ['spiffe://example.com/*', ['spiffe://example.com/a%2fb'], false],
    ['spiffe://example.com/*', ['spiffe://example.com:443/a'], false],
    ['spiffe://example.com/*', ['spiffe://user@example.com/a'], false],
  ] as const)('%s registered, %j presented: %s', (value, uris, expected) => {
    expect(matches('san_uri', value, { uris })).toBe(expected);
  });

  test('an authority is no workload', () => {
    const uris = [id];
    expect(matches('san_uri', id, { uris, isAuthority: true })).toBe(false);
  });
});
