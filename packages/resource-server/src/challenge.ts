/** What a `WWW-Authenticate` header says of one scheme. RFC 6750 §3, RFC 9449 §7.1 */
export type Challenge = {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly realm?: string | undefined;
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
  readonly scope?: string | undefined;
  /** RFC 9728 §5.1 */
  readonly resource_metadata?: string | undefined;
  /** Algorithms of proofs, separated by spaces. RFC 9449 §7.1 */
  readonly algs?: string | undefined;
};

const ATTRIBUTES = [
  'realm',
  'error',
  'error_description',
  'scope',
  'resource_metadata',
  'algs',
] as const satisfies readonly (keyof Challenge)[];

/**
 * The value of `WWW-Authenticate`, one challenge after the other. RFC 9110 §11.6.1. Every value is
 * a quoted string (RFC 9110 §5.6.4), with quotes and backslashes escaped, and what can not be in
 * one, line breaks above all, replaced.
 */
export function formatChallenges(challenges: readonly Challenge[]): string {
  return challenges.map(formatChallenge).join(', ');
}

function formatChallenge(challenge: Challenge): string {
  const attributes = ATTRIBUTES.flatMap((name) => {
    const value = challenge[name];
    return value === undefined ? [] : [`${name}="${escapeQuoted(value)}"`];
  });
  return attributes.length === 0
    ? challenge.scheme
    : `${challenge.scheme} ${attributes.join(', ')}`;
}

const escapeQuoted = (value: string): string =>
  value.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&');
