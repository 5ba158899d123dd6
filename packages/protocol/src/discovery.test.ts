import { describe, expect, it } from 'vitest';
import { isProtectedAddress, metadataAddresses, readMetadata } from './discovery.ts';

describe('RFC 8414 §3.1', () => {
  it.each([
    ['https://a.example', 'https://a.example/.well-known/oauth-authorization-server'],
    ['https://a.example/', 'https://a.example/.well-known/oauth-authorization-server'],
    [
      'https://a.example:8443/am/oauth2/realms/root/realms/alpha',
      'https://a.example:8443/.well-known/oauth-authorization-server/am/oauth2/realms/root/realms/alpha',
    ],
    ['https://a.example/t/', 'https://a.example/.well-known/oauth-authorization-server/t'],
  ])('the well-known path is put between host and path of %s', (issuer, address) => {
    expect(metadataAddresses(issuer)?.[0]).toBe(address);
  });

  it.each([
    ['https://a.example/', 'https://a.example/.well-known/openid-configuration'],
    ['https://a.example/t', 'https://a.example/t/.well-known/openid-configuration'],
  ])('the second address of %s has it at the end', (issuer, address) => {
    expect(metadataAddresses(issuer)?.[1]).toBe(address);
  });

  it.each([
    '',
    'a.example',
    'ftp://a.example',
    'https://',
    'https://a.example?x',
    'https://a.example/#x',
    'https://user@a.example',
    'https://a.example\\@b.example',
    'https://a.example/a b',
  ])('%j is no issuer', (issuer) => {
    expect(metadataAddresses(issuer)).toBeUndefined();
  });
});

describe('RFC 8414 §3.3', () => {
  const issuer = 'https://a.example/t';

  it('a document with the same issuer is read, its other members kept', () => {
    const document = { issuer, token_endpoint: 'https://a.example/token', x: 1 };
    expect(readMetadata(document, issuer)).toEqual({ ok: true, value: document });
  });

  it.each(['https://a.example/t/', 'https://A.example/t', 'http://a.example/t', undefined, 1])(
    'a document that says %j is refused',
    (found) => {
      expect(readMetadata({ issuer: found }, issuer)).toEqual({
        ok: false,
        refusal: { reason: 'issuer_different' },
      });
    },
  );

  it.each([null, 'text', 1, [], undefined])('%j is no document', (document) => {
    expect(readMetadata(document, issuer)).toEqual({
      ok: false,
      refusal: { reason: 'metadata_not_object' },
    });
  });

  it.each([null, 1, 'token', 'javascript:x', 'https://a.example/token#x'])(
    'a token endpoint of %j is refused',
    (address) => {
      expect(readMetadata({ issuer, token_endpoint: address }, issuer)).toEqual({
        ok: false,
        refusal: { reason: 'metadata_member_malformed', member: 'token_endpoint' },
      });
    },
  );
});

describe('RFC 8705 §5', () => {
  const issuer = 'https://a.example/t';

  it.each([
    [{}, true],
    [{ token_endpoint: 'https://mtls.a.example/token' }, true],
    [{ token_endpoint: 'token' }, false],
    [{ revocation_endpoint: 1 }, false],
    ['https://mtls.a.example', false],
    [null, false],
  ])('aliases of %j', (aliases, accepted) => {
    expect(readMetadata({ issuer, mtls_endpoint_aliases: aliases }, issuer).ok).toBe(accepted);
  });
});

describe('RFC 6749 §3.2', () => {
  it.each([
    'https://a.example',
    'http://localhost:8080/x',
    'http://localhost',
    'http://127.0.0.1/x',
    'http://127.1.2.3:1',
    'http://[::1]:8080/',
  ])('secrets may go to %s', (address) => {
    expect(isProtectedAddress(address)).toBe(true);
  });

  it.each([
    'http://a.example',
    'http://localhost.a.example',
    'http://localhost@a.example',
    'http://localhost:80@a.example',
    'http://127.0.0.1.a.example',
    'http://localhost\\@a.example',
    'ftp://localhost',
  ])('secrets stay away from %s', (address) => {
    expect(isProtectedAddress(address)).toBe(false);
  });
});
