/**
 * The octets of an address in lower-case hexadecimal, 8 digits or 32, so that every spelling of one
 * address is one value. Version 4 is RFC 3986 §3.2.2, without leading zeros, which some programs
 * read as octal; version 6 is RFC 4291 §2.2, without a zone.
 */
export function readIpAddress(text: string): string | undefined {
  if (text.length > 45) return undefined;
  return text.includes(':') ? readVersion6(text) : readVersion4(text);
}

function readVersion4(text: string): string | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let octets = '';
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    octets += Number(part).toString(16).padStart(2, '0');
  }
  return octets;
}

function readVersion6(text: string): string | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => readGroups(half));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  if (halves.length === 1) return head.length === 32 ? head : undefined;
  // `::` stands for one group of zeros at least.
  const missing = 32 - head.length - (tail ?? '').length;
  // Version 4 is the end of an address and of nothing else.
  if (missing < 4 || halves[0]?.includes('.')) return undefined;
  return head + '0'.repeat(missing) + tail;
}

function readGroups(text: string): string | undefined {
  if (text === '') return '';
  let octets = '';
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    const version4 = index === groups.length - 1 ? readVersion4(group) : undefined;
    if (version4 === undefined && !/^[0-9A-Fa-f]{1,4}$/.test(group)) return undefined;
    octets += version4 ?? group.toLowerCase().padStart(4, '0');
  }
  return octets;
}
