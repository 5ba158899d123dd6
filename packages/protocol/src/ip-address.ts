/**
 * An IP address as the number it is. A mapped IPv6 address (RFC 4291 §2.5.5.2) is the IPv4 address
 * in it: it reaches the same machine, so it may not be judged otherwise.
 */
export type IpAddress = { readonly family: 4 | 6; readonly value: bigint };

/** All addresses whose first `length` bits are those of `address`. RFC 4632 §3.1 */
export type Network = { readonly address: IpAddress; readonly length: number };

const BITS = { 4: 32, 6: 128 } as const;
const MAPPED = 0xffffn;

/**
 * Dotted decimal, or the text of RFC 4291 §2.2 without a zone; undefined for all else. Octets have
 * no leading zeros: some would read them as octal.
 */
export function readIpAddress(text: string): IpAddress | undefined {
  if (!text.includes(':')) {
    const value = readDotted(text);
    return value === undefined ? undefined : { family: 4, value };
  }
  const value = readGroups(text);
  if (value === undefined) return undefined;
  return value >> 32n === MAPPED
    ? { family: 4, value: value & 0xffff_ffffn }
    : { family: 6, value };
}

/** `10.0.0.0/8`, or one address; undefined for all else. */
export function readNetwork(text: string): Network | undefined {
  const [before = '', bits, ...rest] = text.split('/');
  const address = readIpAddress(before);
  if (address === undefined || rest.length > 0) return undefined;
  if (bits === undefined) return { address, length: BITS[address.family] };
  if (!/^\d{1,3}$/.test(bits)) return undefined;
  // The length of a mapped network counts the 96 bits that reading its address took away.
  const length = Number(bits) - (before.includes(':') && address.family === 4 ? 96 : 0);
  return length < 0 || length > BITS[address.family] ? undefined : { address, length };
}

export function isWithin(address: IpAddress, network: Network): boolean {
  if (address.family !== network.address.family) return false;
  const rest = BigInt(BITS[address.family] - network.length);
  return address.value >> rest === network.address.value >> rest;
}

const OCTET = /^(?:0|[1-9]\d{0,2})$/;

function readDotted(text: string): bigint | undefined {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  let value = 0n;
  for (const octet of octets) {
    if (!OCTET.test(octet) || Number(octet) > 255) return undefined;
    value = (value << 8n) | BigInt(octet);
  }
  return value;
}

function readGroups(text: string): bigint | undefined {
  const [before = '', after, ...rest] = text.split('::');
  if (rest.length > 0) return undefined;
  const head = groupsOf(before, after === undefined);
  const tail = groupsOf(after ?? '', true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (after === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array<bigint>(missing).fill(0n), ...tail].reduce(
    (value, group) => (value << 16n) | group,
    0n,
  );
}

/** The groups of one side of `::`; only at the end of an address may the last two be dotted. */
function groupsOf(text: string, atEnd: boolean): readonly bigint[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    const dotted =
      atEnd && index === parts.length - 1 && part.includes('.') ? readDotted(part) : undefined;
    if (dotted !== undefined) groups.push(dotted >> 16n, dotted & 0xffffn);
    else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}
