import { expect, it } from 'vitest';
import { isPublicAddress } from './special-addresses.ts';

/** First and last address of each network, and the public neighbours of both where there are any. */
it.each([
  ['0.0.0.0', '0.255.255.255', undefined, '1.0.0.0'],
  ['10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
  ['100.64.0.0', '100.127.255.255', '100.63.255.255', '100.128.0.0'],
  ['127.0.0.0', '127.255.255.255', '126.255.255.255', '128.0.0.0'],
  ['169.254.0.0', '169.254.255.255', '169.253.255.255', '169.255.0.0'],
  ['172.16.0.0', '172.31.255.255', '172.15.255.255', '172.32.0.0'],
  ['192.0.0.0', '192.0.0.255', '191.255.255.255', '192.0.1.0'],
  ['192.0.2.0', '192.0.2.255', '192.0.1.255', '192.0.3.0'],
  ['192.88.99.0', '192.88.99.255', '192.88.98.255', '192.88.100.0'],
  ['192.168.0.0', '192.168.255.255', '192.167.255.255', '192.169.0.0'],
  ['198.18.0.0', '198.19.255.255', '198.17.255.255', '198.20.0.0'],
  ['198.51.100.0', '198.51.100.255', '198.51.99.255', '198.51.101.0'],
  ['203.0.113.0', '203.0.113.255', '203.0.112.255', '203.0.114.0'],
  ['224.0.0.0', '239.255.255.255', '223.255.255.255', undefined],
  ['240.0.0.0', '255.255.255.255', undefined, undefined],
])('RFC 6890 §2.2.2 %s to %s is not public, what is around it is', (first, last, before, after) => {
  expect([first, last].map(isPublicAddress)).toEqual([false, false]);
  // The same addresses written as IPv6 reach the same machines.
  expect([`::ffff:${first}`, `::ffff:${last}`].map(isPublicAddress)).toEqual([false, false]);
  expect([`64:ff9b::${first}`, `64:ff9b::${last}`].map(isPublicAddress)).toEqual([false, false]);
  for (const neighbour of [before, after])
    if (neighbour !== undefined) {
      expect(isPublicAddress(neighbour), neighbour).toBe(true);
      expect(isPublicAddress(`::ffff:${neighbour}`), neighbour).toBe(true);
      expect(isPublicAddress(`64:ff9b::${neighbour}`), neighbour).toBe(true);
    }
});

const F = 'ffff:ffff:ffff:ffff:ffff:ffff';

it.each([
  ['::', '::1'],
  ['::2', '::fffe:ffff:ffff'],
  ['64:ff9a:ffff::', '64:ff9a:ffff:ffff::'],
  ['64:ff9b::1:0:0', '64:ff9b:0:ffff::'],
  ['64:ff9b:1::', `64:ff9b:1:ffff:ffff:ffff:ffff:ffff`],
  ['100::', '100::ffff:ffff:ffff:ffff'],
  ['100:0:0:1::', '100:0:0:1:ffff:ffff:ffff:ffff'],
  ['2001::', `2001:1ff:${F}`],
  ['2001:db8::', `2001:db8:${F}`],
  ['2002::', `2002:ffff:${F}`],
  ['3fff::', `3fff:fff:${F}`],
  ['4000::', `5eff:ffff:${F}`],
  ['5f00::', `5f00:ffff:${F}`],
  ['fc00::', `fdff:ffff:${F}`],
  ['fe80::', `febf:ffff:${F}`],
  ['fec0::', `feff:ffff:${F}`],
  ['ff00::', `ffff:ffff:${F}`],
])('RFC 6890 §2.2.3 %s to %s is not public', (first, last) => {
  expect([first, last].map(isPublicAddress)).toEqual([false, false]);
});

it.each([
  '2000::',
  `2000:ffff:${F}`,
  '2001:200::',
  `2001:db7:${F}`,
  '2001:db9::',
  `2001:ffff:${F}`,
  '2003::',
  '2606:4700::1111',
  `3ffe:ffff:${F}`,
  '3fff:1000::',
  `3fff:ffff:${F}`,
  '8.8.8.8',
])('RFC 6890 §2.2.3 %s, outside of all of them, is public', (ip) => {
  expect(isPublicAddress(ip)).toBe(true);
});

it.each(['', 'example.com', '127.1', '010.0.0.1', '2606:4700::1%eth0', '8.8.8.8:443'])(
  '%j is no address, so no public one',
  (text) => {
    expect(isPublicAddress(text)).toBe(false);
  },
);
