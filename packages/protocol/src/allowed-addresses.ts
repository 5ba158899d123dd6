import { isWithin, type Network, readIpAddress, readNetwork } from './ip-address.ts';

/** Enough for the sites of one client; more is a firewall's work. */
export const ALLOWED_ADDRESSES_MAX = 50;

/**
 * One address, or a network; undefined for all else. A network has no bits beyond its length: whoever
 * writes `10.1.2.3/8` has meant one or the other. RFC 4632 §3.1
 */
export function readAllowedAddress(text: string): Network | undefined {
  const network = readNetwork(text);
  if (network === undefined) return undefined;
  const { address, length } = network;
  const rest = BigInt((address.family === 4 ? 32 : 128) - length);
  return (address.value >> rest) << rest === address.value ? network : undefined;
}

/**
 * Whether a caller from an address may be the client that has said from where it calls. What cannot be
 * read as an address is not allowed. A zone says by which interface of this machine the caller is
 * reached, and nothing of the caller.
 */
export function isAllowedAddress(caller: string, allowed: readonly Network[]): boolean {
  const address = readIpAddress(caller.split('%', 1)[0] ?? '');
  return address !== undefined && allowed.some((network) => isWithin(address, network));
}
