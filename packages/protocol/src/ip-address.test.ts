import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isWithin, readIpAddress, readNetwork } from './ip-address.ts';

it.each([
  ['0.0.0.0', 4, 0n],
  ['192.0.2.1', 4, 0xc0000201n],
  ['255.255.255.255', 4, 0xffffffffn],
  ['::', 6, 0n],
  ['::1', 6, 1n],
  ['2001:DB8::1', 6, 0x20010db8000000000000000000000001n],
  ['1:2:3:4:5:6:7::', 6, 0x00010002000300040005000600070000n],
  ['64:ff9b::192.0.2.1', 6, 0x0064ff9b0000000000000000c0000201n],
])('RFC 4291 §2.2 %s is an address', (text, family, value) => {
  expect(readIpAddress(text)).toEqual({ family, value });
});

it.each(['::ffff:10.0.0.1', '::ffff:a00:1', '0:0:0:0:0:FFFF:10.0.0.1'])(
  'RFC 4291 §2.5.5.2 %s is the IPv4 address in it',
  (text) => {
    expect(readIpAddress(text)).toEqual(readIpAddress('10.0.0.1'));
  },
);

it.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '01.2.3.4',
  '0x7f.0.0.1',
  '2130706433',
  '1.2.3.4 ',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '1.2.3.4::',
  '::1.2.3.4:5',
  '::12345',
  'fe80::1%eth0',
  '[::1]',
  'example.com',
])('RFC 4291 §2.2 %j is no address', (text) => {
  expect(readIpAddress(text)).toBeUndefined();
});

const address = fc.oneof(fc.ipV4(), fc.ipV6());

it('an address is what Node takes for one, except for zones', () => {
  const nearly = fc.string({
    unit: fc.constantFrom('0', '1', 'f', 'F', '25', ':', '::', '.', '/'),
    maxLength: 12,
  });
  fc.assert(
    fc.property(fc.oneof(address, nearly), (text) => {
      expect(readIpAddress(text) !== undefined, text).toBe(isIP(text) !== 0);
    }),
    { numRuns: 2_000 },
  );
});

it('RFC 4632 §3.1 an address is within a network where Node says so', () => {
  const network = fc.tuple(address, fc.nat({ max: 128 }));
  // Networks around the address, so that both answers come up.
  const pair = fc.oneof(
    fc.tuple(address, network),
    network.map(([ip, length]) => [ip, [ip, length]] as const),
  );
  fc.assert(
    fc.property(pair, ([ip, [base, length]]) => {
      const bits = isIP(base) === 4 ? length % 33 : length;
      const list = new BlockList();
      list.addSubnet(base, bits, isIP(base) === 4 ? 'ipv4' : 'ipv6');
      const one = readIpAddress(ip);
      const all = readNetwork(`${base}/${bits}`);
      // Node has mapped addresses in both families at once; here they are of one.
      fc.pre(one !== undefined && all !== undefined && one.family === all.address.family);
      expect(isWithin(one, all)).toBe(list.check(ip, isIP(ip) === 4 ? 'ipv4' : 'ipv6'));
    }),
  );
});

it.each([
  ['10.0.0.0/8', '10.255.255.255', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['10.1.2.3/8', '10.255.255.255', true],
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.2', false],
  ['0.0.0.0/0', '192.0.2.1', true],
  ['0.0.0.0/0', '::1', false],
  ['::/0', '192.0.2.1', false],
  ['fd00::/8', 'fdff::1', true],
  ['::ffff:10.0.0.0/104', '10.9.9.9', true],
  ['10.0.0.0/8', '::ffff:10.9.9.9', true],
])('RFC 4632 §3.1 the network %s has the address %s: %s', (network, ip, within) => {
  const all = readNetwork(network);
  const one = readIpAddress(ip);
  expect(all !== undefined && one !== undefined && isWithin(one, all)).toBe(within);
});

it.each([
  '10.0.0.0/33',
  '::/129',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  '::ffff:10.0.0.0/8',
  'a/8',
  '',
])('RFC 4632 §3.1 %j is no network', (text) => {
  expect(readNetwork(text)).toBeUndefined();
});
