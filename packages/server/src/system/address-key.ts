import { readIpAddress } from '@tessera/protocol';

/**
 * What counts as one address. Whoever has one IPv6 address has the other 2^64 of its network
 * too (RFC 4291 §2.5.1), so those count together; an IPv4 address is one however it is written
 * (RFC 4291 §2.5.5.2).
 */
export function addressKey(ip: string): string {
  if (!ip.includes(':')) return ip;
  const address = readIpAddress(ip.split('%', 1)[0] ?? '');
  if (address === undefined) return ip;
  const { family, value } = address;
  const part = (shift: bigint, mask: bigint) => (value >> shift) & mask;
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => part(shift, 0xffn)).join('.');
  const network = [112n, 96n, 80n, 64n].map((shift) => part(shift, 0xffffn).toString(16));
  return `${network.join(':')}::/64`;
}
