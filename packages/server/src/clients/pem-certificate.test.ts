import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPem, issueAuthority, issueLeaf } from '../../test/certificates.ts';
import { formatPemCertificate, readPemCertificate } from './pem-certificate.ts';

const authority = issueAuthority('Authority');
const leaf = issueLeaf(authority);

const problemOf = (text: string): string | undefined => {
  const read = readPemCertificate(text);
  return read.ok ? undefined : read.refusal;
};

describe('RFC 7468 §5.1 a certificate in PEM', () => {
  it('is read, and written as it was', () => {
    const read = readPemCertificate(leaf.pem);
    expect(read).toMatchObject({ ok: true, value: { base64: leaf.der.toString('base64') } });
    expect(formatPemCertificate(leaf.der.toString('base64'))).toBe(leaf.pem);
  });

  it('may have text around it, and the line ends of Windows', () => {
    const text = `Subject: CN=client\n${leaf.pem}\nend`.replaceAll('\n', '\r\n');
    expect(problemOf(text)).toBeUndefined();
  });

  it.each([
    ['nothing', '', 'is not in PEM'],
    ['another label', leaf.pem.replaceAll('CERTIFICATE', 'PUBLIC KEY'), 'is not in PEM'],
    ['two', leaf.pem + authority.pem, 'is not one but several'],
    ['nonsense inside', formatPem(Buffer.from('nonsense')), 'is no X.509 certificate'],
    ['something behind it', formatPem(Buffer.concat([leaf.der, leaf.der])), 'is no X.509'],
  ])('§2 with %s is refused with a reason', (_, text, reason) => {
    expect(problemOf(text)).toContain(reason);
  });

  it.each([
    ['behind', leaf.pem + leaf.keyPem],
    ['before', leaf.keyPem + leaf.pem],
    ['encrypted', leaf.pem + leaf.keyPem.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE')],
    ['of OpenSSL', leaf.pem + leaf.keyPem.replaceAll('PRIVATE', 'EC PRIVATE')],
  ])('with its private key, %s, is refused, and told never to be used again', (_, text) => {
    expect(problemOf(text)).toContain('should make a new one');
  });

  it('is told from every other text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (before, inside) => {
        const text = `${before}-----BEGIN CERTIFICATE-----${inside}-----END CERTIFICATE-----`;
        expect(problemOf(text)).toBeDefined();
      }),
    );
  });
});
