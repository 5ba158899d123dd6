/** Longer ids are no client ids at all. */
const LENGTH_MAX = 255;

/** Names and addresses of hosts as the URL parser leaves them: lower case, punycode. RFC 3986 §3.2.2 */
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const URL_FORM = new RegExp(`^https://(${LABEL}(?:\\.${LABEL})*)(?::[1-9]\\d{0,4})?(/[^?#]+)$`);

/** What a path may be made of. RFC 3986 §3.3 */
const PATH = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-F]{2})+$/;

/** A segment of one or two dots, however they are written. RFC 3986 §3.3 */
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

/**
 * Whether a client id is the address of a client id metadata document, as
 * draft-ietf-oauth-client-id-metadata-document has it: `https`, a host, perhaps a port, a path that
 * is more than a slash; no dot segments, query, fragment or userinfo. Written in the one form that
 * is compared to the byte. The host, or `undefined`.
 */
export function hostOfClientIdUrl(clientId: string): string | undefined {
  if (clientId.length > LENGTH_MAX) return undefined;
  const [, host, path = ''] = URL_FORM.exec(clientId) ?? [];
  return PATH.test(path) && !DOT_SEGMENT.test(path) ? host : undefined;
}

/** Whether a text can be a host of the realm's list: a name, or `*.` and a name of two labels or more. */
export const isMetadataHost = (text: string): boolean =>
  text.length <= 253 && (text.startsWith('*.') ? isBelowTopLevel(text.slice(2)) : HOST.test(text));

/** `*.com` would be everybody. */
const isBelowTopLevel = (name: string): boolean => HOST.test(name) && name.includes('.');

/** Whether the realm believes documents of this host. `*.example.com` does not mean `example.com`. */
export const isAllowedHost = (host: string, allowed: readonly string[]): boolean =>
  allowed.some((one) => (one.startsWith('*.') ? host.endsWith(one.slice(1)) : host === one));
