import {
  type IpAddress,
  isWithin,
  type Network,
  readIpAddress,
  readNetwork,
} from '@tessera/protocol';

/** What of IPv4 is not for everybody: RFC 6890 §2.2.2 and its registry, multicast, class E. */
const SPECIAL_V4 = networks(
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared between a provider and its customers
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, where clouds keep the credentials of a machine
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // relays of 6to4, deprecated
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and the broadcast address
);

/**
 * All of IPv6 that is assigned to anybody. What lies outside, such as `::1`, `100::/64`, `5f00::/16`,
 * `fc00::/7`, `fe80::/10`, `fec0::/10` and `ff00::/8`, needs no list to be refused.
 */
const GLOBAL_UNICAST = networks('2000::/3');

/** What of it is not for everybody: RFC 6890 §2.2.3 and its registry. */
const SPECIAL_V6 = networks(
  '2001::/23', // protocol assignments, among them Teredo, which wraps IPv4 addresses
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4, which wraps IPv4 addresses
  '3fff::/20', // documentation
);

/** Where a network without IPv4 finds the rest of the world: the address is in the last 32 bits. */
const TRANSLATED = networks('64:ff9b::/96');

/** Whether this address is one of the public internet. Text that is no address is not. */
export function isPublicAddress(ip: string): boolean {
  const address = readIpAddress(ip);
  return address !== undefined && isPublic(address);
}

function isPublic(address: IpAddress): boolean {
  if (address.family === 4) return !isAmong(address, SPECIAL_V4);
  if (isAmong(address, TRANSLATED))
    return isPublic({ family: 4, value: address.value & 0xffff_ffffn });
  return isAmong(address, GLOBAL_UNICAST) && !isAmong(address, SPECIAL_V6);
}

const isAmong = (address: IpAddress, all: readonly Network[]): boolean =>
  all.some((network) => isWithin(address, network));

function networks(...texts: readonly string[]): readonly Network[] {
  return texts.map((text) => {
    const network = readNetwork(text);
    if (network === undefined) throw new Error(`${text} is no network`);
    return network;
  });
}
