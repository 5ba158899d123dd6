import { readNetwork } from '@tessera/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkOutboundUrl, hostOf, mayReach } from './outbound-url.ts';
import { isPublicAddress } from './special-addresses.ts';

const networks = (...texts: string[]) =>
  texts.map(readNetwork).filter((network) => network !== undefined);

const check = (url: string, ...allowed: string[]) => {
  const checked = checkOutboundUrl(url, networks(...allowed));
  return checked.ok ? 'ok' : checked.refusal;
};

it.each([
  'https://keys.example.com/jwks.json',
  'https://keys.example.com:443/jwks.json?v=1',
  'https://keys.example.com:8443/',
  'https://keys.example.com./',
  'https://keys.example.com/@this',
  'https://internal.example.com/',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]:8443/',
])('%s may be asked', (url) => {
  expect(check(url)).toBe('ok');
});

it.each([
  '',
  'keys.example.com',
  '//keys.example.com/',
  'http://keys.example.com/',
  'http://8.8.8.8/',
  'file:///etc/passwd',
  'data:application/json,{}',
  'ftp://keys.example.com/',
  'ws://keys.example.com/',
  'https://user@keys.example.com/',
  'https://user:secret@keys.example.com/',
  'https://@keys.example.com/',
  'https:/user@keys.example.com/',
  'https://keys.example.com/#keys',
  'https://keys.example.com/#',
  'https://keys.example.com:22/',
  'https://keys.example.com:25/',
  'https://keys.example.com:80/',
  'https://keys.example.com:0/',
  'https://keys.example.com:1023/',
  'https://keys.example.com:65536/',
  ' https://keys.example.com/',
  'https://keys.example.com/\n',
  'https://keys.exam\tple.com/',
  'https:\\\\keys.example.com\\',
  'https://keys.example.com\\@10.0.0.1/',
  `https://keys.example.com/${'a'.repeat(2_048)}`,
  'https://metadata.google.internal/',
  'https://METADATA.google.INTERNAL./',
  'https://printer.local/',
  'https://router.home.arpa/',
  'https://localhost.localdomain/',
  'https://metadata/',
  'https://kubernetes/',
])('RFC 6762 §3 %j is refused', (url) => {
  expect(check(url)).toMatch(/_not_allowed$/);
});

it.each([
  '10.0.0.1',
  '127.1',
  '127.0.0.1',
  '0x7f.1',
  '0x7f000001',
  '2130706433',
  '017700000001',
  '0',
  '１２７.0.0.1',
  '127。0。0。1',
  '169.254.169.254',
  '169.254.169.254.',
  '100.100.100.200',
  '[::1]',
  '[::]',
  '[::ffff:10.0.0.1]',
  '[0:0:0:0:0:ffff:a00:1]',
  '[64:ff9b::10.0.0.1]',
  '[2002:a00:1::]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  'localhost',
  'localhost.',
  'LOCALHOST',
  'a.localhost',
])('RFC 6761 §6.3 an address that is not public is refused however it is written: %s', (host) => {
  expect(check(`https://${host}/`)).toBe('address_not_allowed');
  expect(check(`https://${host}:8443/`)).toBe('address_not_allowed');
});

it.each([
  ['https://10.1.2.3/', '10.0.0.0/8', 'ok'],
  ['http://10.1.2.3/', '10.0.0.0/8', 'ok'],
  ['http://10.1.2.3:81/', '10.0.0.0/8', 'ok'],
  ['http://[::ffff:10.1.2.3]/', '10.0.0.0/8', 'ok'],
  ['https://11.1.2.3/', '10.0.0.0/8', 'ok'],
  ['http://11.1.2.3/', '10.0.0.0/8', 'address_not_allowed'],
  ['https://11.1.2.3:22/', '10.0.0.0/8', 'address_not_allowed'],
  ['https://192.168.1.1/', '10.0.0.0/8', 'address_not_allowed'],
  ['http://localhost:8081/', '127.0.0.0/8', 'ok'],
  ['http://localhost:8081/', '::1', 'ok'],
  ['http://localhost:8081/', '10.0.0.0/8', 'address_not_allowed'],
  ['http://keycloak:8080/', '10.0.0.0/8', 'ok'],
  ['https://id.corp.internal/', '10.0.0.0/8', 'ok'],
  ['ftp://10.1.2.3/', '10.0.0.0/8', 'url_not_allowed'],
  ['https://user@10.1.2.3/', '10.0.0.0/8', 'url_not_allowed'],
])('%s, when %s is allowed: %s', (url, allowed, answer) => {
  expect(check(url, allowed)).toBe(answer);
});

it.each([
  ['https://keys.example.com/', '8.8.8.8', true],
  ['https://keys.example.com/', '10.1.2.3', true],
  ['https://keys.example.com/', '192.168.1.1', false],
  ['https://keys.example.com/', '', false],
  ['http://keys.example.com/', '8.8.8.8', false],
  ['http://keys.example.com/', '10.1.2.3', true],
  ['https://keys.example.com:22/', '8.8.8.8', false],
  ['https://metadata.google.internal/', '169.254.169.254', false],
  ['https://metadata.google.internal/', '8.8.8.8', false],
])('a connection for %s may end at %s: %s', (url, ip, may) => {
  expect(mayReach(new URL(url), ip, networks('10.0.0.0/8'))).toBe(may);
});

it('whatever is allowed by default is https to a public address or to a name', () => {
  const host = fc.oneof(
    fc.domain(),
    fc.ipV4Extended(),
    fc.ipV6().map((ip) => `[${ip}]`),
  );
  const text = fc
    .tuple(fc.constantFrom('https', 'http', 'HTTPS'), host, fc.nat({ max: 70_000 }))
    .map(([scheme, name, port]) => `${scheme}://${name}:${port}/`);
  fc.assert(
    fc.property(fc.oneof(text, fc.string(), fc.webUrl()), (url) => {
      const checked = checkOutboundUrl(url, []);
      if (!checked.ok) return;
      const { protocol, port } = checked.value;
      expect(protocol).toBe('https:');
      expect(port === '' || Number(port) >= 1_024).toBe(true);
      const name = hostOf(checked.value);
      if (/^[\d.]+$|:/.test(name)) expect(isPublicAddress(name)).toBe(true);
    }),
  );
});
