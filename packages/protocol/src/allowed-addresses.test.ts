import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAllowedAddress, readAllowedAddress } from './allowed-addresses.ts';
import type { Network } from './ip-address.ts';

const networksOf = (...texts: readonly string[]): readonly Network[] =>
  texts.map((text) => {
    const network = readAllowedAddress(text);
    if (network === undefined) throw new Error(`${text} is no network`);
    return network;
  });

describe('RFC 4632 §3.1 what a client may allow', () => {
  it.each([
    '192.0.2.7',
    '192.0.2.0/24',
    '0.0.0.0/0',
    '10.0.0.0/8',
    '2001:db8::/32',
    '2001:db8::7',
    '::/0',
    '::ffff:10.0.0.0/104',
  ])('%s is an address or a network', (text) => {
    expect(readAllowedAddress(text)).toBeDefined();
  });

  it.each([
    '',
    '*',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0 /8',
    '10.0.0.0/255.0.0.0',
    '010.0.0.0/8',
    '10.0.0',
    '2001:db8::/129',
    'fe80::1%eth0',
    'fe80::%1/10',
    '10.1.2.3/8',
    '2001:db8::7/32',
    '::ffff:10.0.0.0/95',
  ])('%j is neither, or says two things', (text) => {
    expect(readAllowedAddress(text)).toBeUndefined();
  });
});

describe('RFC 4291 §2.5.5.2 a caller is judged by the address that it is', () => {
  const allowed = networksOf('192.0.2.0/24', '10.1.2.3', '2001:db8::/32', 'fe80::/10');

  it.each([
    '192.0.2.0',
    '192.0.2.255',
    '::ffff:192.0.2.7',
    '::ffff:c000:207',
    '10.1.2.3',
    '2001:db8::1',
    '2001:DB8:ffff::',
    'fe80::1%eth0',
  ])('%s may', (address) => {
    expect(isAllowedAddress(address, allowed)).toBe(true);
  });

  it.each([
    '192.0.3.0',
    '10.1.2.4',
    '2001:db9::1',
    // The same bits in the other family are another machine.
    '::c000:207',
    '192.0.2.7:443',
    '192.0.2.007',
    'unknown',
    '',
    '%eth0',
  ])('%j may not', (address) => {
    expect(isAllowedAddress(address, allowed)).toBe(false);
  });

  it('without a network nobody may', () => {
    expect(isAllowedAddress('192.0.2.7', [])).toBe(false);
  });
});

describe('networks', () => {
  const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
  const numberOf = ([a, b, c, d]: readonly number[]) =>
    (((a ?? 0) * 256 + (b ?? 0)) * 256 + (c ?? 0)) * 256 + (d ?? 0);
  const textOf = (value: number) =>
    [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

  it('hold exactly the addresses whose first bits are theirs, mapped to IPv6 or not', () => {
    fc.assert(
      fc.property(octets, octets, fc.integer({ min: 0, max: 32 }), (one, other, length) => {
        const size = 2 ** (32 - length);
        const begin = Math.floor(numberOf(one) / size) * size;
        const networks = networksOf(`${textOf(begin)}/${length}`);
        const caller = numberOf(other);
        const inside = caller >= begin && caller < begin + size;
        expect(isAllowedAddress(textOf(caller), networks)).toBe(inside);
        expect(isAllowedAddress(`::ffff:${textOf(caller)}`, networks)).toBe(inside);
        expect(isAllowedAddress(textOf(numberOf(one)), networks)).toBe(true);
      }),
    );
  });

  it('with bits beyond their length are refused, whichever they are', () => {
    fc.assert(
      fc.property(octets, fc.integer({ min: 0, max: 31 }), (one, length) => {
        const exact = numberOf(one) % 2 ** (32 - length) === 0;
        const read = readAllowedAddress(`${textOf(numberOf(one))}/${length}`);
        expect(read !== undefined).toBe(exact);
      }),
    );
  });

  it('whatever text is given, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, caller) => {
        const network = readAllowedAddress(text);
        isAllowedAddress(caller, network === undefined ? [] : [network]);
      }),
    );
  });
});
