import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeTarget, sameTarget } from './target-uri.ts';

/* Shows RFC 3986 §6.2.2, §6.2.2.1, §6.2.2.2, §6.2.2.3, §6.2.3 and App. A; RFC 9449 §4.3. */

const URL_OF_TOKEN = 'https://as.example/am/oauth2/realms/root/realms/alpha/access_token';

describe('RFC 9449 §4.3 the same target', () => {
  test.each([
    ['itself', URL_OF_TOKEN],
    ['a query', `${URL_OF_TOKEN}?a=b`],
    ['a fragment', `${URL_OF_TOKEN}#f`],
    ['a query and a fragment with slashes', `${URL_OF_TOKEN}?a=/../b#/c?d`],
    ['an empty query', `${URL_OF_TOKEN}?`],
    ['the scheme in capitals', URL_OF_TOKEN.replace('https', 'HTTPS')],
    ['the host in capitals', URL_OF_TOKEN.replace('as.example', 'AS.Example')],
    ['the default port', URL_OF_TOKEN.replace('as.example', 'as.example:443')],
    ['an empty port', URL_OF_TOKEN.replace('as.example', 'as.example:')],
    ['a letter in percents', URL_OF_TOKEN.replace('alpha', '%61lph%61')],
    ['a period and a low line in percents', URL_OF_TOKEN.replace('s_t', 's%5ft')],
    ['dot segments', URL_OF_TOKEN.replace('/root', '/./x/../root')],
    ['dot segments in percents', URL_OF_TOKEN.replace('/root', '/%2e/x/%2E%2e/root')],
    ['more steps up than there are', URL_OF_TOKEN.replace('/am', '/../../am')],
  ])('RFC 9449 §4.3 %s', (_, htu) => {
    expect(sameTarget(htu, URL_OF_TOKEN)).toBe(true);
    expect(sameTarget(URL_OF_TOKEN, htu)).toBe(true);
  });

  test.each([
    ['another host', URL_OF_TOKEN.replace('as.', 'bs.')],
    ['another scheme', URL_OF_TOKEN.replace('https', 'http')],
    ['another port', URL_OF_TOKEN.replace('as.example', 'as.example:8443')],
    ['the default port of another scheme', URL_OF_TOKEN.replace('as.example', 'as.example:80')],
    ['another realm', URL_OF_TOKEN.replace('alpha', 'bravo')],
    ['the path in capitals', URL_OF_TOKEN.replace('alpha', 'Alpha')],
    ['a slash at the end', `${URL_OF_TOKEN}/`],
    ['a slash in percents', URL_OF_TOKEN.replace('/alpha', '%2falpha')],
    ['no path', 'https://as.example'],
    ['a user', URL_OF_TOKEN.replace('as.example', 'as.example@evil.example')],
    ['the host as a user', URL_OF_TOKEN.replace('//', '//evil@')],
    ['the host with a period at the end', URL_OF_TOKEN.replace('as.example', 'as.example.')],
    ['a space', ` ${URL_OF_TOKEN}`],
    ['a line break', `${URL_OF_TOKEN}\n`],
    ['a backslash', URL_OF_TOKEN.replace('//', '\\\\')],
    ['a percent alone', `${URL_OF_TOKEN}%`],
    ['a query of 4096 characters', `${URL_OF_TOKEN}?${'a'.repeat(4096)}`],
    ['a path alone', new URL(URL_OF_TOKEN).pathname],
    ['nothing', ''],
    ['what is no URI', 'not a url'],
  ])('RFC 9449 §4.3 %s is another', (_, htu) => {
    expect(sameTarget(htu, URL_OF_TOKEN)).toBe(false);
    expect(sameTarget(URL_OF_TOKEN, htu)).toBe(false);
  });

  test.each([
    '',
    'not a url',
    'ftp://a/',
    'https://',
    'https:///x',
    'https://a b/',
    'https://u@a/',
    'https://a/b c',
    'https://a/b\\c',
    'https://a/é',
    'https://a/?\n',
  ])('RFC 9449 §4.3 %j is not even the same as itself', (uri) => {
    expect(sameTarget(uri, uri)).toBe(false);
  });
});

test.each([
  ['§6.2.2.1 scheme and host are in small letters', 'HTTP://A.EXAMPLE/B', 'http://a.example/B'],
  [
    '§6.2.2.1 the digits of what stays in percents are capitals',
    'http://a/%c3%a9',
    'http://a/%C3%A9',
  ],
  ['§6.2.2.2 what needs no percents has none', 'http://a/%7Eb%2D%41', 'http://a/~b-A'],
  ['§6.2.2.2 a percent in percents stays one', 'http://a/%2541', 'http://a/%2541'],
  ['§6.2.2.2 and does not grow together with what follows', 'http://a/%25%34%31', 'http://a/%2541'],
  ['§6.2.2.3 the example of the specification', 'http://a/a/b/c/./../../g', 'http://a/a/g'],
  ['§6.2.2.3 a step up at the end', 'http://a/b/c/..', 'http://a/b/'],
  ['§6.2.2.3 a dot at the end', 'http://a/b/.', 'http://a/b/'],
  ['§6.2.2.3 empty segments are segments', 'http://a/b//../c', 'http://a/b/c'],
  ['§6.2.2.3 three dots are a name', 'http://a/.../.b', 'http://a/.../.b'],
  ['§6.2.3 an empty path is a slash', 'http://a', 'http://a/'],
  ['§6.2.3 the default port is left out', 'http://a:80/', 'http://a/'],
  ['§6.2.3 another one is not', 'http://a:443/', 'http://a:443/'],
  ['§6.2.2.1 an address of IPv6', 'http://[2001:DB8::1]:80/', 'http://[2001:db8::1]/'],
])('%s', (_, uri, normalized) => {
  expect(normalizeTarget(uri)).toBe(normalized);
});

/** URIs that are near the border, and some that are beyond it. */
const PIECES = [
  '/',
  '.',
  '..',
  '%2e',
  '%2E',
  '%2f',
  '%7E',
  '~',
  'a',
  'B',
  '%',
  '%4',
  '?',
  '#',
  ':',
  '@',
];
const uris = fc
  .tuple(
    fc.constantFrom('http', 'https', 'HTTPS', 'ftp'),
    fc.constantFrom('a.example', 'A.Example', '[::1]', '', 'u@a'),
    fc.constantFrom('', ':', ':80', ':443', ':8080', ':x'),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join('')),
  )
  .map(([scheme, host, port, rest]) => `${scheme}://${host}${port}${rest}`);

test('§6.2.2 what is normalized stays as it is, and has neither query nor fragment', () => {
  fc.assert(
    fc.property(fc.oneof(uris, fc.webUrl({ withQueryParameters: true }), fc.string()), (uri) => {
      const normalized = normalizeTarget(uri);
      if (normalized === undefined) return;
      expect(normalizeTarget(normalized)).toBe(normalized);
      expect(normalized).toMatch(/^https?:\/\/[^/?#@A-Z]+\/[^?#]*$/);
      expect(normalized.replace(/^https?:\/\/[^/]+/, '')).not.toMatch(/\/\.\.?(\/|$)/);
      expect(sameTarget(uri, normalized)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('§6.2.2 the URL of the platform finds the same host and the same segments', () => {
  fc.assert(
    fc.property(uris, (uri) => {
      const normalized = normalizeTarget(uri);
      if (normalized === undefined) return;
      const url = new URL(uri);
      expect(new URL(normalized).host).toBe(url.host);
      expect(normalizeTarget(`${url.origin}${url.pathname}`)).toBe(normalized);
    }),
    { numRuns: 500 },
  );
});

test('§6.2.2 a megabyte of anything costs next to nothing', () => {
  for (const piece of ['/', '/..', '%', '%41', '?', 'a', ':', '[', '@', '.'])
    expect(sameTarget(`https://a/${piece.repeat(1e6)}`, URL_OF_TOKEN)).toBe(false);
});
