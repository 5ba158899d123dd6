import fc from 'fast-check';
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

describe('RFC 8414 §3.2 whatever document is found', () => {
  const issuer = 'https://a.example/t';
  const endpoints = ['token_endpoint', 'introspection_endpoint', 'revocation_endpoint', 'jwks_uri'];
  const address = fc.oneof(
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.constantFrom('javascript:alert(1)', 'https://a.example/x y', '//a.example', 'https://'),
    fc.string({ maxLength: 12 }),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const document = fc.record(
    {
      issuer: fc.constantFrom(issuer, `${issuer}/`, 1),
      ...Object.fromEntries(endpoints.map((name) => [name, address])),
      mtls_endpoint_aliases: fc.oneof(
        fc.dictionary(fc.constantFrom(...endpoints), address, { maxKeys: 2 }),
        fc.jsonValue({ maxDepth: 1 }),
      ),
    },
    { requiredKeys: ['issuer'] },
  );
  const isEndpoint = (value: unknown): boolean =>
    value === undefined || (typeof value === 'string' && /^https?:\/\/[^#\s]+$/.test(value));

  it('is read only if it is that of the issuer and every address in it is one', () => {
    fc.assert(
      fc.property(document, (found) => {
        const read = readMetadata(found, issuer);
        const aliases = (found.mtls_endpoint_aliases ?? {}) as Record<string, unknown>;
        const members = found as Record<string, unknown>;
        const good =
          found.issuer === issuer &&
          endpoints.every((name) => isEndpoint(members[name])) &&
          typeof aliases === 'object' &&
          !Array.isArray(aliases) &&
          found.mtls_endpoint_aliases !== null &&
          endpoints.every((name) => isEndpoint(aliases[name]));
        expect(read.ok).toBe(good);
        if (read.ok) expect(read.value).toEqual(found);
      }),
      { numRuns: 500 },
    );
  });

  it('§3.1 an issuer and its addresses have one origin, and neither query nor fragment', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string()), (text) => {
        for (const found of metadataAddresses(text) ?? []) {
          const url = new URL(found);
          expect(url.origin).toBe(new URL(text).origin);
          expect(url.search + url.hash + url.username).toBe('');
        }
      }),
    );
  });
});
