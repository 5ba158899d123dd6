import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostOfClientIdUrl, isAllowedHost, isMetadataHost } from './client-id-url.ts';

/* Shows RFC 3986 §3.2.2, §3.3. */

describe('a client id that is the address of a document', () => {
  it.each([
    ['https://app.example.com/client.json', 'app.example.com'],
    ['https://app.example.com:8443/oauth/client', 'app.example.com'],
    ['https://localhost/c', 'localhost'],
    ['https://192.0.2.7/c', '192.0.2.7'],
    ['https://a.example/a/..b/.c', 'a.example'],
  ])('%s', (clientId, host) => {
    expect(hostOfClientIdUrl(clientId)).toBe(host);
  });

  it.each([
    'http://a.example/c',
    'HTTPS://a.example/c',
    'https://A.example/c',
    'https://a.example',
    'https://a.example/',
    'https://a.example?x=/c',
    'https://a.example/c?q',
    'https://a.example/c?',
    'https://a.example/c#f',
    'https://a.example/c#',
    'https://user@a.example/c',
    'https://user:pw@a.example/c',
    'https://a.example/./c',
    'https://a.example/b/../c',
    'https://a.example/b/..',
    'https://a.example/b/%2E%2e/c',
    'https://a.example/b/.%2e',
    'https://a.example\\@b.example/c',
    'https://a.example/c d',
    'https://a.example/c\n',
    'https://a.example/%zz',
    'https://a..example/c',
    'https://.example/c',
    'https://[::1]/c',
    'https://a.example:0/c',
    'https://a.example:/c',
    `https://a.example/${'x'.repeat(255)}`,
    'myClient',
    '',
  ])('%s is none', (clientId) => {
    expect(hostOfClientIdUrl(clientId)).toBeUndefined();
  });

  it('RFC 3986 §3.3 no path of dots leads anywhere else', () => {
    const segment = fc.constantFrom('.', '..', '%2e', '%2E.', 'a', '.a', '...');
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), (segments) => {
        const url = `https://a.example/${segments.join('/')}`;
        const dots = segments.some((one) => ['.', '..'].includes(decodeURIComponent(one)));
        expect(hostOfClientIdUrl(url)).toBe(dots ? undefined : 'a.example');
      }),
    );
  });
});

describe('hosts that a realm believes', () => {
  it.each([
    ['app.example.com', ['app.example.com'], true],
    ['app.example.com', ['*.example.com'], true],
    ['a.b.example.com', ['*.example.com'], true],
    ['example.com', ['*.example.com'], false],
    ['evilexample.com', ['*.example.com'], false],
    ['app.example.com.evil.test', ['*.example.com', 'app.example.com'], false],
    ['app.example.com', [], false],
  ])('%s among %j: %s', (host, allowed, answer) => {
    expect(isAllowedHost(host, allowed)).toBe(answer);
  });

  it.each(['*', '*.', '*.com', 'a b', 'A.example', '-a.example', '*.*.example.com', 'a.example.'])(
    '%j can not be one',
    (text) => expect(isMetadataHost(text)).toBe(false),
  );
});
