import { isWithin, type Network, ok, type Result, readIpAddress, refuse } from '@tessera/protocol';
import { isPublicAddress } from './special-addresses.ts';

/** Longer addresses than this are not asked for. */
const LENGTH_MAX = 2_048;

/** Scheme, authority without userinfo, path and query; no spaces, no backslashes. */
const FORM = /^https?:\/\/[^/?#@\\\s\p{Cc}]+(?:[/?][^#\\\s\p{Cc}]*)?$/iu;

/**
 * Whether this server may ever ask there: `https`, port 443 or one that needs no privilege, no
 * userinfo, no fragment, and no name or address of a private network.
 *
 * `allowed` are the networks that the operator opened. For them alone, `http` and every port are
 * good, too. What a name stands for is not known here, so `mayReach` has the last word.
 *
 * Numbers are read as browsers read them: `127.1`, `0x7f.1` and `2130706433` are all 127.0.0.1.
 */
export function checkOutboundUrl(
  text: string,
  allowed: readonly Network[],
): Result<URL, 'url_not_allowed' | 'address_not_allowed'> {
  // What the parser would silently correct, nobody has meant.
  if (text.length > LENGTH_MAX || !FORM.test(text) || !URL.canParse(text))
    return refuse('url_not_allowed');
  const url = new URL(text);
  const host = hostOf(url);
  if (readIpAddress(host) !== undefined)
    return mayReach(url, host, allowed) ? ok(url) : refuse('address_not_allowed');
  if (isLoopbackName(host))
    return ['127.0.0.1', '::1'].some((ip) => mayReach(url, ip, allowed))
      ? ok(url)
      : refuse('address_not_allowed');
  return allowed.length > 0 || isForEverybody(url) ? ok(url) : refuse('url_not_allowed');
}

/** Whether a connection for this URL may end at this address. */
export const mayReach = (url: URL, ip: string, allowed: readonly Network[]): boolean => {
  const address = readIpAddress(ip);
  if (address === undefined) return false;
  return (
    allowed.some((network) => isWithin(address, network)) ||
    (isForEverybody(url) && isPublicAddress(ip))
  );
};

/** The name, or the address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

const isForEverybody = (url: URL): boolean =>
  url.protocol === 'https:' &&
  // The URL parser leaves the port of the scheme out.
  (url.port === '' || Number(url.port) >= 1_024) &&
  (readIpAddress(hostOf(url)) !== undefined || !isPrivateName(hostOf(url)));

const withoutRoot = (name: string): string => name.replace(/\.$/, '');

const isLoopbackName = (name: string): boolean => /^(?:.+\.)?localhost$/.test(withoutRoot(name));

/** RFC 6761 §6.3, RFC 6762 §3, `internal` as ICANN reserved it, and what a search list completes. */
const isPrivateName = (name: string): boolean =>
  /^[^.]+$|(?:^|\.)(?:localhost|localdomain|local|internal|home\.arpa)$/.test(withoutRoot(name));
