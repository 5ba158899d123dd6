import { decode } from '@tessera/protocol';

/** Three parts of base64url with an object first: a JWT, whoever made it. */
const JWT = /\beyJ[\w-]*\.[\w-]*\.[\w-]*/g;

/** Shorter ones would blank out words that only look like them. */
const SECRET_LENGTH_MIN = 4;

/**
 * Words of a server as they may end in a log: one line of visible ASCII (RFC 6749 §5.2 wants
 * that), not too long, and without anything secret that was sent, which some servers repeat.
 */
export function printable(text: string, secrets: readonly string[]): string {
  let words = text.slice(0, 4096);
  for (const secret of secrets)
    if (secret.length >= SECRET_LENGTH_MIN) words = words.replaceAll(secret, '[redacted]');
  return words
    .replace(JWT, '[redacted]')
    .slice(0, 500)
    .replace(/[^\x20-\x7e]/g, '?');
}

/** Parameters of requests to an authorization server that nobody else may see. */
const SECRET_PARAMETERS = [
  'client_secret',
  'client_assertion',
  'assertion',
  'subject_token',
  'actor_token',
  'token',
] as const;

/** Everything secret in a request: what must not come back in an error. */
export function secretsOf(
  form: URLSearchParams,
  headers: Readonly<Record<string, string>>,
): readonly string[] {
  const sent = SECRET_PARAMETERS.flatMap((name) => form.get(name) ?? []);
  const basic = /^Basic (\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
  return basic === undefined ? sent : [...sent, basic, ...secretOf(basic)];
}

/** The secret of HTTP Basic, as it was encoded and as it is. RFC 6749 §2.3.1. */
function secretOf(basic: string): readonly string[] {
  try {
    const pair = atob(basic);
    const encoded = pair.slice(pair.indexOf(':') + 1);
    return [encoded, decode(encoded) ?? encoded];
  } catch {
    return [];
  }
}
