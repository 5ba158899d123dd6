import { isIPv6 } from 'node:net';

/**
 * What counts as one address. Whoever has one IPv6 address has the other 2^64 of its network
 * too (RFC 4291 §2.5.1), so those count together; an IPv4 address is one however it is written
 * (RFC 4291 §2.5.5.2).
 */
export function addressKey(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const groups = groupsOf(ip.split('%', 1)[0] ?? '');
  const [high = 0, low = 0] = groups.slice(6);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** The eight groups of an address whose form has been checked. */
function groupsOf(ip: string): readonly number[] {
  const [before = '', after] = ip.split('::', 2);
  const head = partsOf(before);
  if (after === undefined) return head;
  const tail = partsOf(after);
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

const partsOf = (text: string): readonly number[] =>
  text === ''
    ? []
    : text
        .split(':')
        .flatMap((part) => (part.includes('.') ? dotted(part) : [Number.parseInt(part, 16)]));

function dotted(part: string): readonly number[] {
  const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
  return [(a << 8) | b, (c << 8) | d];
}
