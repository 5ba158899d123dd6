/** The name of a workload, such as `spiffe://example.com/billing`. SPIFFE-ID §2. */
export type SpiffeId = {
  readonly trustDomain: string;
  /** With its leading slash. */
  readonly path: string;
};

/** SPIFFE-ID §2.3. Characters. */
const LENGTH_MAX = 2_048;

const SPIFFE_ID = /^spiffe:\/\/([a-z0-9._-]{1,255})((?:\/[A-Za-z0-9._-]+)*)$/;

/** undefined for what is none, and for the name of a trust domain alone: no workload has it. */
export function readSpiffeId(uri: string): SpiffeId | undefined {
  if (uri.length > LENGTH_MAX) return undefined;
  const [, trustDomain, path = ''] = SPIFFE_ID.exec(uri) ?? [];
  const isPath = path !== '' && !path.split('/').some((part) => part === '.' || part === '..');
  return trustDomain === undefined || !isPath ? undefined : { trustDomain, path };
}

/** All names below a path: `spiffe://example.com/billing/*`. No SPIFFE ID has a `*` in it. */
const WILDCARD = '/*';

/** Whether a text names one workload, or all below one path of one trust domain. */
export const isSpiffePattern = (text: string): boolean =>
  readSpiffeId(text) !== undefined || prefixOf(text) !== undefined;

function prefixOf(text: string): string | undefined {
  if (!text.endsWith(WILDCARD)) return undefined;
  const prefix = text.slice(0, -WILDCARD.length);
  return readSpiffeId(prefix) === undefined && !/^spiffe:\/\/[a-z0-9._-]{1,255}$/.test(prefix)
    ? undefined
    : `${prefix}/`;
}

/**
 * Whether the URIs of a certificate are the one name that a workload may have (X509-SVID §2:
 * "MUST contain exactly one URI SAN") and it is what the pattern says.
 */
export function matchesSpiffePattern(uris: readonly string[], pattern: string): boolean {
  const [uri, ...others] = uris;
  if (uri === undefined || others.length > 0 || readSpiffeId(uri) === undefined) return false;
  const prefix = prefixOf(pattern);
  return prefix === undefined ? uri === pattern : uri.startsWith(prefix);
}
