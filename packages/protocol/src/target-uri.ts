/** In characters; longer ones are the same as nothing. */
const TARGET_LENGTH_MAX = 4096;

/** scheme, host, port, path; a query and a fragment may follow and are no part of it. */
const TARGET =
  /^(https?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9._~!$&'()*+,;=-]+)(?::(\d{0,5}))?(\/[^?#]*)?(?:[?#]|$)/i;

/** Printable characters of ASCII that a URI may have. RFC 3986 App. A */
const URI_CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * Whether two URIs of http or https name one target: without query and fragment, after
 * syntax-based and scheme-based normalization. RFC 9449 §4.3, RFC 3986 §6.2.2, §6.2.3.
 *
 * What is no such URI is the same as nothing, itself included. So is one with a user in it: hosts
 * have been disguised as users.
 */
export function sameTarget(one: string, other: string): boolean {
  const target = normalizeTarget(one);
  return target !== undefined && (one === other || target === normalizeTarget(other));
}

/** The one spelling of all URIs that name a target; undefined for what names none. */
export function normalizeTarget(uri: string): string | undefined {
  if (uri.length > TARGET_LENGTH_MAX || !URI_CHARACTERS.test(uri)) return undefined;
  const parts = TARGET.exec(uri);
  if (parts === null) return undefined;
  const [, scheme = '', host = '', port = '', path = '/'] = parts;
  const encoded = normalizeEncoding(path);
  if (encoded === undefined) return undefined;
  const protocol = scheme.toLowerCase();
  const portText = port === '' || port === DEFAULT_PORTS[protocol] ? '' : `:${port}`;
  return `${protocol}://${host.toLowerCase()}${portText}${removeDotSegments(encoded)}`;
}

const UNRESERVED = /[A-Za-z0-9\-._~]/;

/**
 * A character that needs no encoding has none, and the digits of the others are capitals: `%7e` is
 * `~`, and `%2f` is `%2F`, which is not the `/` between segments. RFC 3986 §6.2.2.1, §6.2.2.2
 */
function normalizeEncoding(path: string): string | undefined {
  if (!path.includes('%')) return path;
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return undefined;
  return path.replace(/%../g, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
    return UNRESERVED.test(character) ? character : triplet.toUpperCase();
  });
}

/** `/a/./b/../c` is `/a/c`. RFC 3986 §6.2.2.3 */
function removeDotSegments(path: string): string {
  if (!path.includes('/.')) return path;
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    if (segment !== '.' && segment !== '..') kept.push(segment);
  }
  const last = segments.at(-1);
  if (last === '.' || last === '..') kept.push('');
  return `/${kept.join('/')}`;
}
