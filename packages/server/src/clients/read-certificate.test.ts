import { randomInt } from 'node:crypto';
import { formatDistinguishedName } from '@tessera/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CertificateRequest,
  der,
  ecKeys,
  extension,
  isReadable,
  issueAuthority,
  issueCertificate,
  issueLeaf,
  oid,
  rsaKeys,
} from '../../test/certificates.ts';
import { CERTIFICATE_BYTES_MAX, readCertificate } from './read-certificate.ts';

/** The certificate of RFC 8705 App. A. */
const EXAMPLE = Buffer.from(
  'MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAxODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwIDSQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOVbUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=',
  'base64',
);

const read = (request: Partial<CertificateRequest>) => {
  const issued = issueCertificate({ subject: [['CN', 'a']], ...request });
  expect(isReadable(issued)).toBe(true);
  return readCertificate(issued.der);
};

describe('RFC 8705 App. A the published certificate', () => {
  const certificate = readCertificate(EXAMPLE);

  it('§3.1 the thumbprint is the published one', () => {
    expect(certificate?.facts.thumbprint).toBe('A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0');
  });

  it('App. A has the published key', () => {
    expect(certificate?.x509.publicKey.export({ format: 'jwk' })).toMatchObject({
      x: '1yfLHCpXqFjxCeHHHMVDTcLscpb07KUxudBmOMn8C7Q',
      y: '8_coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8',
    });
  });

  it('App. A has its subject, its time and no extension', () => {
    expect(certificate?.facts).toMatchObject({
      subject: [[{ type: '2.5.4.3', text: 'mtls' }]],
      notBefore: Date.UTC(2018, 9, 18, 12, 37, 9) / 1000,
      notAfter: Date.UTC(2022, 4, 2, 12, 37, 9) / 1000,
      dnsNames: [],
    });
    expect(certificate?.extensions).toEqual({
      isAuthority: false,
      pathLength: undefined,
      keyUsage: undefined,
      extendedKeyUsage: undefined,
      unsupported: [],
    });
  });
});

/* Shows RFC 5280 §4.2.1.3 and RFC 5280 §4.2.1.12 too. */
describe('RFC 5280 §4.1 a certificate', () => {
  it('§4.1.2.4 a value is a value, whatever it looks like', () => {
    const hostile = ['a,CN=admin', 'a\nCN=admin', 'a/CN=admin', 'a+OU=b', '"a"', ' a', '#0c0161'];
    for (const value of hostile)
      expect(
        read({
          subject: [
            ['C', 'GB'],
            ['CN', value],
          ],
        })?.facts.subject,
      ).toEqual([[{ type: '2.5.4.6', text: 'GB' }], [{ type: '2.5.4.3', text: value }]]);
  });

  it('§4.1.2.4 several attributes of one relative name stay together, in any type of string', () => {
    const subject = read({
      subject: [
        ['O', 'Example', 0x13],
        [
          ['CN', 'a'],
          ['OU', 'b', 0x16],
        ],
      ],
    })?.facts.subject;
    expect(formatDistinguishedName(subject ?? [])).toBe('CN=a+OU=b,O=Example');
  });

  it('§4.2.1.6 alternative names are read by their kind', () => {
    const names = {
      dnsNames: ['a.example.com', 'b, DNS:c.example.com'],
      uris: ['spiffe://example.com/a'],
      emails: ['a@example.com'],
    };
    const facts = read({ ...names, ipAddresses: [Uint8Array.of(192, 0, 2, 7)] })?.facts;
    expect(facts).toMatchObject({ ...names, ipAddresses: ['c0000207'] });
  });

  it.each([
    ['the subject', { subject: [['CN', 'admin\0.evil.example']] }],
    ['a DNS name', { dnsNames: ['admin.example.com\0.evil.example'] }],
    ['a URI', { uris: ['spiffe://example.com/a\0b'] }],
    ['an email address', { emails: ['a@example.com\0.evil.example'] }],
  ] as [string, Partial<CertificateRequest>][])('§4.1.2.4 NUL in %s is refused', (_, request) => {
    const { der: bytes } = issueCertificate({ subject: [['CN', 'a']], ...request });
    expect(readCertificate(bytes)).toBeUndefined();
  });

  it('§4.1.2.5 times after 2049 are read', () => {
    const notAfter = new Date('2051-02-03T04:05:06Z');
    expect(read({ notAfter })?.facts.notAfter).toBe(notAfter.getTime() / 1000);
  });

  it('§4.2 what must be understood and is not is told', () => {
    const odd = extension('1.2.3.4', true, der(0x05));
    expect(read({ extensions: [odd] })?.extensions.unsupported).toEqual(['1.2.3.4']);
    const harmless = extension('1.2.3.4', false, der(0x05));
    expect(read({ extensions: [harmless] })?.extensions.unsupported).toEqual([]);
  });

  it('§4.2.1.9 what it may be used for is read', () => {
    const certificate = read({
      isAuthority: true,
      pathLength: 3,
      keyUsage: [5, 6],
      usages: ['clientAuth', 'serverAuth'],
    });
    expect(certificate?.extensions).toEqual({
      isAuthority: true,
      pathLength: 3,
      keyUsage: new Set([5, 6]),
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'],
      unsupported: [],
    });
  });

  it('RFC 4055 §3.1 the hash of RSASSA-PSS is read from its parameters', () => {
    expect(read({ keys: rsaKeys(2048), hash: 'pss' })?.signatureAlgorithm).toEqual([
      '1.2.840.113549.1.1.10',
      '2.16.840.1.101.3.4.2.1',
    ]);
  });

  it.each([
    [
      'an extension twice',
      [oid('1.2.3'), oid('1.2.3')].map(() => extension('1.2.3', false, oid('1.2.3'))),
    ],
    ['constraints that are none', [extension('2.5.29.19', true, oid('1.2.3'))]],
    ['a key usage that is none', [extension('2.5.29.15', true, oid('1.2.3'))]],
    ['an extended key usage that is none', [extension('2.5.29.37', false, der(0x30, der(0x05)))]],
    ['alternative names that are none', [extension('2.5.29.17', false, der(0x05))]],
    [
      'an address of five octets',
      [extension('2.5.29.17', false, der(0x30, der(0x87, Buffer.alloc(5))))],
    ],
  ])('§4.2 %s is refused', (_, extensions) => {
    const { der: bytes } = issueCertificate({ subject: [['CN', 'a']], extensions });
    expect(readCertificate(bytes)).toBeUndefined();
  });

  it('§4.1 more than 16 KiB is refused unread', () => {
    const padding = extension('1.2.3.4', false, der(0x04, Buffer.alloc(CERTIFICATE_BYTES_MAX)));
    const issued = issueCertificate({ subject: [['CN', 'a']], extensions: [padding] });
    expect(isReadable(issued)).toBe(true);
    expect(readCertificate(issued.der)).toBeUndefined();
  });

  it('§4.1 a certificate with anything behind it is refused', () => {
    const { der: bytes } = issueAuthority('a');
    expect(readCertificate(Buffer.concat([bytes, Buffer.from([0])]))).toBeUndefined();
  });

  it('§4.1 whatever octets come, the answer is a certificate or none', () => {
    const keys = ecKeys();
    const { der: good } = issueLeaf(issueAuthority('a', { keys }), {
      keys,
      dnsNames: ['a.example.com'],
      uris: ['spiffe://example.com/a'],
    });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readCertificate(bytes)).toBeUndefined();
      }),
    );
    for (let round = 0; round < 2_000; round++) {
      const bytes = Buffer.from(good);
      for (let flips = randomInt(1, 4); flips > 0; flips--)
        bytes[randomInt(bytes.length)] = randomInt(256);
      expect(() =>
        readCertificate(bytes.subarray(0, randomInt(2) ? bytes.length : randomInt(bytes.length))),
      ).not.toThrow();
    }
  });
});
